/** What is dropped on the page, with the files in folders that were dropped. */

/** More than anybody means to drop. */
const MOST = 5_000;

/** To be called while the drop is handled: a browser takes its items away then. */
export async function droppedFiles(data: DataTransfer | null): Promise<File[]> {
  const entries = [...(data?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = [...(data?.files ?? [])];
  if (!entries.some(({ isDirectory }) => isDirectory)) return plain;
  const files: File[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry && files.length < MOST; entry = waiting.shift()) {
    if (entry.name.startsWith(".")) continue;
    // One that cannot be read, a broken link say, keeps no other from coming.
    if (entry.isFile) files.push(...(await fileOf(entry as FileSystemFileEntry).catch(() => [])));
    else waiting.push(...(await entriesOf(entry as FileSystemDirectoryEntry).catch(() => [])));
  }
  return files;
}

/** Under its path: files of one name in two folders are two. */
const fileOf = (entry: FileSystemFileEntry): Promise<File[]> =>
  new Promise((resolve, reject) =>
    entry.file((file) => resolve([new File([file], entry.fullPath.replace(/^\//, ""), file)]), reject),
  );

/** A browser gives them a hundred at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const read = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  const all: FileSystemEntry[] = [];
  for (let some = await read(); some.length; some = await read()) all.push(...some);
  return all;
}

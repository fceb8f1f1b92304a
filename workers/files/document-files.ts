/** Where documents lie, and the channel over which all tabs hear of them. Kept by `workers/documents/`. */
import { findDirectory } from "./opfs.ts";

/** A folder of the origin-private file system. */
export const DOCUMENTS = "documents";

/** What is told there: that documents have changed, or that all of them are about to be deleted. */
export const DOCUMENTS_CHANNEL = "alcove-documents";
export type DocumentNews = "changed" | "cleared";

/** Has every worker let go of the folder, so that it can be deleted. */
export function releaseDocuments(): void {
  const channel = new BroadcastChannel(DOCUMENTS_CHANNEL);
  channel.postMessage("cleared" satisfies DocumentNews);
  channel.close();
}

/** What documents take of the disk, with what was made of them. */
export async function documentBytes(): Promise<number> {
  const folder = await findDirectory(DOCUMENTS);
  return folder ? bytesIn(folder) : 0;
}

async function bytesIn(folder: FileSystemDirectoryHandle): Promise<number> {
  let sum = 0;
  for await (const handle of folder.values()) {
    if (handle.kind === "directory") sum += await bytesIn(handle as FileSystemDirectoryHandle);
    else sum += (await (handle as FileSystemFileHandle).getFile().catch(() => ({ size: 0 }))).size;
  }
  return sum;
}

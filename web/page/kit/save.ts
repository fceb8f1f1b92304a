/** How long a browser may take to begin with a file that it was given. */
const BEGIN_MS = 60_000;

/** Gives files to the person as downloads of the browser; nothing is read into memory. */
export function saveFiles(files: readonly File[]): void {
  for (const file of files) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), BEGIN_MS);
  }
}

/** Deletes whatever Alcove keeps in this browser, besides what a page of its own makes of it. */
import { DOCUMENTS, releaseDocuments } from "../../../workers/files/document-files.ts";
import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import { FOLDERS } from "../../../workers/files/opfs.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { tellCleared } from "./conversations.ts";
import { DATABASE_NAME } from "./database.ts";

const CACHES = "webllm/";

/** How long a browser may take to let go of what the ended workers and other tabs held open. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 100;

/** @throws AlcoveError `busy` when something is left, because another tab holds it */
export async function clearStorage(): Promise<void> {
  // Before: what a tab has open it would save again as soon as it is gone on with.
  tellCleared();
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const done = await Promise.allSettled([
    beforeAbort(deleteDatabase(), patience),
    deleteFolders(patience),
    deleteCaches(),
  ]);
  const failed = done.find((each) => each.status === "rejected");
  if (!failed) return;
  throw new AlcoveError("busy", "Not everything could be deleted.", {
    action: "Close the other tabs of this site, reload this one and try again.",
    detail: String(failed.reason),
  });
}

function deleteDatabase(): Promise<void> {
  return new Promise((resolve, reject) => {
    // Where other tabs have it open they are told, and let go.
    const request = indexedDB.deleteDatabase(DATABASE_NAME);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

async function deleteFolders(patience: AbortSignal): Promise<void> {
  // Other tabs' engines may be about to write what was said there.
  await forgetKeptPrompts();
  releaseDocuments();
  // Some private windows have no such file system.
  const root = await navigator.storage.getDirectory().catch(() => null);
  if (!root) return;
  for (const name of FOLDERS) {
    while (!(await isGone(root, name, patience.aborted))) {
      // A tab that asked for something meanwhile has opened them again.
      if (name === DOCUMENTS) releaseDocuments();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** @param last whether what keeps it from going is thrown */
async function isGone(root: FileSystemDirectoryHandle, name: string, last: boolean): Promise<boolean> {
  try {
    await root.removeEntry(name, { recursive: true });
    return true;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "NotFoundError") return true;
    if (last) throw thrown;
    return false;
  }
}

async function deleteCaches(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(CACHES)) await caches.delete(name);
}

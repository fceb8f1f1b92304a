/**
 * Where computed prompts are kept, so that a conversation goes on after a reload without computing them anew. They tell
 * what was said: whoever deletes a conversation forgets them all, here and in every tab; it costs time, nothing else.
 */

/** A folder of the origin-private file system; engines/llamacpp/slot_file.cpp knows the name too. */
export const KEPT_PROMPTS = "states";

const CHANNEL = "alcove-states";

/** Deletes what is kept, and keeps other tabs from writing what they were about to. */
export async function forgetKeptPrompts(): Promise<void> {
  if (typeof BroadcastChannel === "undefined" || !globalThis.navigator?.storage?.getDirectory) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
  try {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(KEPT_PROMPTS, { recursive: true });
  } catch {
    // There was nothing, or a worker is writing, which deletes it all when it has done so.
  }
}

/** @param forget called when somebody deletes what is kept */
export function onForgetKeptPrompts(forget: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = forget;
  return () => channel.close();
}

/** Brings an index to what is kept. */
import type { WordIndex } from "./index-of-words.ts";
import { withKept } from "./kept.ts";
import type { SearchProtocol } from "./protocol.ts";

/** @param alive is called after each conversation */
export async function updated(
  index: WordIndex,
  { changed, gone, database }: SearchProtocol["update"]["args"],
  alive: () => void,
): Promise<void> {
  for (const id of gone) index.forget(id);
  const unread = changed.filter((conversation) => {
    const { messages } = conversation;
    if (messages === "kept") return true;
    index.put(conversation, messages === "known" ? undefined : messages);
    return false;
  });
  if (!unread.length) return;
  await withKept(database, async (read) => {
    for (const conversation of unread) {
      index.put(conversation, await read(conversation.id));
      alive();
    }
  });
}

/** Searches conversations, apart from the page. */
import { serveWorker } from "../wire/link.ts";
import { WordIndex } from "./index-of-words.ts";
import type { SearchProtocol } from "./protocol.ts";
import { updated } from "./updated.ts";

const index = new WordIndex();

serveWorker<SearchProtocol>({
  update: (args, { emit }) => updated(index, args, () => emit(null)),
  find: (query) => index.find(query),
});

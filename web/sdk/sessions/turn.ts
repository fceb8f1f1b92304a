/** What goes into a turn, and what happens in it. */
import type { TurnEvent } from "../../../workers/python/protocol.ts";
import type { Picture } from "./eye.ts";
import type { Approval } from "./permissions.ts";

/** What happens in a turn, in order of happening. */
export type ChatEvent = Exclude<TurnEvent, { type: "approval" }> | Approval;

export interface TurnOptions {
  /** Aborting stops the turn; what was said so far is kept. */
  signal?: AbortSignal;
}

export interface SendOptions extends TurnOptions {
  /** Pictures that go with the text, 4 at most. A model that cannot see gets what the vision model says of them. */
  images?: Picture[];
  /**
   * JSON Schema (draft 7) that the answer has to fit. `object` events then come in place of `text`, and `end` carries
   * the whole `object`; a turn whose model does not manage it fails with `unsupported`.
   */
  schema?: Record<string, unknown>;
}

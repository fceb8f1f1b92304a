/** What the page asks of the worker that reads files of conversations, and how a file of ours is told from others. */
import type { NoArgs, Operation } from "../wire/rpc.ts";

export const FORMAT = "alcove-conversations";
export const VERSION = 1;

/** Of one conversation of a file: what may be its record, which nobody has checked; or why it is not taken. */
export type Found = { record: unknown } | { title: string; reason: string };

export type ImportingProtocol = {
  /** Begins to read a file. */
  open: Operation<{ file: Blob }, void>;
  /** Some more of what it holds; null at its end. */
  next: Operation<NoArgs, Found[] | null>;
};

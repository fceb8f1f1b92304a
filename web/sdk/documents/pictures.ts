/** Pages that are only pictures, read while nobody waits for an answer. */
import type { ParseParts } from "../../../workers/documents/client.ts";
import { toAlcoveError } from "../../../workers/wire/errors.ts";

const LOOK_AGAIN_MS = 500;

/** What is written in a picture. */
export type ReadPicture = (picture: Blob, options: { signal: AbortSignal }) => Promise<{ text: string }>;

/** A page that cannot be read (no reader here, one that gave up) is told of, and the others are read. */
export const pictures =
  (read: ReadPicture, busy: () => boolean): Required<ParseParts>["read"] =>
  async (picture, signal) => {
    while (busy() && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    try {
      return (await read(picture, { signal })).text;
    } catch (thrown) {
      if (toAlcoveError(thrown).code === "cancelled") throw thrown;
      return undefined;
    }
  };

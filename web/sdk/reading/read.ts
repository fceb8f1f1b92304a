/** What stands in a picture, read by the model of this site in a worker of its own. */
import type { Reading } from "../../../workers/reading/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { keepAwake } from "../engines/idle.ts";
import type { ReadingEngine } from "../engines/roster.ts";
import type { Models } from "../models/catalogue.ts";
import { imageOf, type Picture, prepare } from "../pictures/picture.ts";

export interface ReadOptions {
  /** Ends it with `cancelled`. */
  signal?: AbortSignal;
}

/** Nothing is taken off a picture for being large: the worker looks as closely as its print needs. */
const WHOLE = { size: Number.POSITIVE_INFINITY, fit: "keep" } as const;

/** @throws AlcoveError see `Alcove.read` */
export async function read(
  picture: Picture,
  { signal }: ReadOptions,
  { models, engine }: { models: Models; engine: ReadingEngine },
): Promise<Reading> {
  const stop = signal ?? new AbortController().signal;
  if (stop.aborted) throw new AlcoveError("cancelled", "Stopped.");
  const model = models.firstThatReads();
  const { part, transfer, discard } = await prepare(picture, WHOLE);
  const letGo = keepAwake(engine);
  try {
    const image = imageOf(part);
    await engine.ensure(model, stop);
    return await beforeAbort(engine.client.read(image, transfer, stop), stop);
  } finally {
    // What has moved to the worker is here no more, and nothing happens to it.
    discard();
    letGo();
  }
}

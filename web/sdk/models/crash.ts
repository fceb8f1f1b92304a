/** A model whose loading ended a page without a word: what can be done instead. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { ModelEntry } from "./entry.ts";

export interface Crash {
  /** What was being loaded. */
  model: ModelEntry;
  /** The largest smaller one of its kind that is here or comes with this site. */
  smaller: ModelEntry | null;
}

/** Null when the model is not known any more. */
export function crashOf(id: string, models: readonly ModelEntry[]): Crash | null {
  const model = models.find((entry) => entry.id === id);
  if (!model) return null;
  const [smaller = null] = models
    .filter((other) => other.bytes < model.bytes && other.fits && (other.cached || other.shipped))
    .filter((other) => other.sees === model.sees && special(other) === special(model))
    .sort((one, other) => Number(other.cached) - Number(one.cached) || other.bytes - one.bytes);
  return { model, smaller };
}

/** What a model does that does not chat. */
const special = ({ goodFor }: ModelEntry): string | undefined =>
  ["embedding", "voice", "reading"].find((use) => goodFor.includes(use));

/** What a message is told that would load it. */
export const refused = (name: string): AlcoveError =>
  new AlcoveError("out-of-memory", `The browser closed the page while ${name} was being loaded.`, {
    action: "Choose a smaller model, or this one once more.",
  });

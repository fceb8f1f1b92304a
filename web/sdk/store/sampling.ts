/** How a model chooses its words, as a conversation keeps it. */
import type { Sampling } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** Lowest and highest value, and whether it is a whole number. */
const NUMBERS: Readonly<Record<string, readonly [lowest: number, highest: number, whole?: true]>> = {
  temperature: [0, 2],
  topP: [0, 1],
  maxTokens: [1, 2 ** 31 - 1, true],
  frequencyPenalty: [-2, 2],
  presencePenalty: [-2, 2],
  seed: [0, 2 ** 32 - 2, true],
};
const MOST_STOPS = 16;

/**
 * `given` without what it leaves open.
 * @throws AlcoveError `bad-request` for what is none, with the range
 */
export function checkedSampling(given: unknown): Sampling {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw wrong("Sampling is not an object.");
  const settled = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of settled) if (name !== "stop") checkNumber(name, value);
  const { stop } = given as { stop?: unknown };
  const stops = typeof stop === "string" ? [stop] : (stop ?? []);
  const isStop = (text: unknown) => typeof text === "string" && text !== "";
  if (!Array.isArray(stops) || stops.length > MOST_STOPS || !stops.every(isStop))
    throw wrong(`stop is not a text or a list of up to ${MOST_STOPS} texts, none of them empty.`);
  return Object.fromEntries(settled) as Sampling;
}

function checkNumber(name: string, value: unknown): void {
  const range = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
  if (!range) throw wrong(`Sampling has no "${name}".`);
  const [lowest, highest, whole] = range;
  const fits = typeof value === "number" && value >= lowest && value <= highest;
  if (!fits || (whole && !Number.isInteger(value)))
    throw wrong(`${name} is no ${whole ? "whole " : ""}number from ${lowest} to ${highest}.`);
}

const wrong = (message: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action: "Leave it out, and it is as it suits the model." });

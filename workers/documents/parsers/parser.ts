/** What every parser is: a file in, its sections out, as they are read. */
import { AlcoveError } from "../../wire/errors.ts";
import type { ParseArgs, Section } from "../protocol.ts";

/** Hears what is read; `total` pages where that is known. */
export type Told = (sections: Section[], done: number, total?: number) => void;

/** What could not be read is noted, in words for a person. */
export type Parser = (
  asked: ParseArgs,
  tell: Told,
  signal: AbortSignal,
) => Promise<{ pages: number; notes: string[] }>;

/** More text than this is no document, but a database or an attack. */
const MOST_LETTERS = 40_000_000;

/** @throws AlcoveError `bad-request` where a text is longer than any document */
export function checkLength(letters: number, name: string): void {
  if (letters <= MOST_LETTERS) return;
  throw new AlcoveError("bad-request", `“${name}” holds too much text.`, {
    action: "Cut it into several files and add those that you need.",
  });
}

export const broken = (name: string, thrown: unknown): AlcoveError =>
  thrown instanceof AlcoveError
    ? thrown
    : new AlcoveError("bad-request", `“${name}” is damaged, or is not what its name says.`, {
        action: "Choose another file, or save this one anew in the program that made it.",
        detail: String(thrown),
      });

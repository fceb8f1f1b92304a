/** What the recognizer says of each step along a line, to its text (CTC: repeats are one, "blank" is none). */

/** Place of "blank" among the classes. */
const BLANK = 0;

export interface Decoded {
  text: string;
  /** How sure it is of the letters, 0 to 1; 0 where there is none. */
  confidence: number;
}

/**
 * @param probabilities steps × classes
 * @param letters what each class is; "blank" first and the space last
 */
export function decode(probabilities: Float32Array, letters: readonly string[]): Decoded {
  const classes = letters.length;
  let text = "";
  let sum = 0;
  let count = 0;
  let last = BLANK;
  for (let at = 0; at < probabilities.length; at += classes) {
    let best = 0;
    let most = -Infinity;
    for (let each = 0; each < classes; each++) {
      const value = probabilities[at + each] as number;
      if (value > most) {
        most = value;
        best = each;
      }
    }
    if (best !== BLANK && best !== last) {
      text += letters[best];
      sum += most;
      count++;
    }
    last = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

/** @param list the model's file: a letter a line; some leave out "blank", which comes first, and the space, which is last */
export function lettersOf(list: string): string[] {
  const lines = list.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines[BLANK] === "blank" ? lines : ["blank", ...lines, " "];
}

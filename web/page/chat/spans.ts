/** Where words stand in a text that is cut into pieces, as a drawn message is. */

interface Place {
  /** Which piece, and how far into it. */
  piece: number;
  at: number;
}

/** Every place of each of the words, whatever its case, from where to where; also across pieces. */
export function spansOf(pieces: readonly string[], words: readonly string[]): { from: Place; to: Place }[] {
  const text = pieces.join("").toLowerCase();
  // A sign that gets longer would shift all after it: such a text is looked through as it is.
  const same = text.length === pieces.reduce((sum, { length }) => sum + length, 0);
  const whole = same ? text : pieces.join("");
  const found: [number, number][] = [];
  for (const word of new Set(words.map((each) => (same ? each.toLowerCase() : each)))) {
    if (!word) continue;
    for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + word.length))
      found.push([at, at + word.length]);
  }
  found.sort(([one], [other]) => one - other);
  return found.map(([from, to]) => {
    const { piece, at } = placeOf(pieces, to - 1);
    return { from: placeOf(pieces, from), to: { piece, at: at + 1 } };
  });
}

/** The piece in which the sign at `offset` of the whole stands. */
function placeOf(pieces: readonly string[], offset: number): Place {
  let at = offset;
  let piece = 0;
  for (; piece < pieces.length - 1; piece++) {
    const { length } = pieces[piece] as string;
    if (at < length) break;
    at -= length;
  }
  return { piece, at };
}

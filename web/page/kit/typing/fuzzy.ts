/** Finds what a person means by a few letters: each word of theirs is in a name, as letters in their order. */

/** Signs and capitals aside: "Über" is found by "uber", and none of it is a pattern. */
const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** How well one word fits; 0 where it does not. Whole and early beats scattered. */
function fit(name: string, word: string): number {
  const at = name.indexOf(word);
  if (at >= 0) {
    const begins = at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? "");
    return (begins ? 4 : 2) + 1 / (1 + at);
  }
  let [first, place] = [-1, -1];
  for (const letter of word) {
    place = name.indexOf(letter, place + 1);
    if (place < 0) return 0;
    if (first < 0) first = place;
  }
  // Letters from all over a long name are an accident.
  const spread = place - first + 1;
  return spread <= word.length * 3 ? word.length / spread : 0;
}

/** Nobody types more to find something, and each letter is looked for in every name. */
const MOST_TYPED = 100;

/**
 * Those of `things` that fit what was typed, the best first; among equals, and where nothing was typed, as they come.
 * @param textOf what is looked through; its beginning counts most
 */
export function matching<T>(things: readonly T[], typed: string, textOf: (thing: T) => string): T[] {
  const words = plain(typed.slice(0, MOST_TYPED)).split(/\s+/).filter(Boolean);
  if (!words.length) return [...things];
  return things
    .map((thing) => {
      const name = plain(textOf(thing));
      const fits = words.map((word) => fit(name, word));
      return { thing, score: fits.includes(0) ? 0 : fits.reduce((sum, each) => sum + each, 0) };
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ thing }) => thing);
}

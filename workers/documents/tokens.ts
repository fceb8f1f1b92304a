/** How long a text is to a model, near enough to cut it: about a token for four letters, one for each ideograph. */

/** Scripts that put no spaces between words. */
export const UNSPACED =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}";

const PIECES = new RegExp(
  `[${UNSPACED}]|[\\p{L}\\p{M}\\p{N}]+?(?=[${UNSPACED}])|[\\p{L}\\p{M}\\p{N}]+|[^\\s]`,
  "gu",
);

const LETTERS_A_TOKEN = 4;

export function countTokens(text: string): number {
  let count = 0;
  for (const [piece] of text.matchAll(PIECES)) count += Math.ceil(piece.length / LETTERS_A_TOKEN);
  return count;
}

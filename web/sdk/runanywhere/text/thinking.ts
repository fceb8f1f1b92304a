/** A model's thinking told from its answer, where it writes the first between <think> and </think>. */

interface Parted {
  text: string;
  thinkingContent?: string;
  thinkingTokens: number;
}

const CLOSING = "</think>";

/** @param pieces of the whole text, each with the number of its tokens */
export function parted(pieces: { text: string; tokens: number }[]): Parted {
  const whole = pieces.map(({ text }) => text).join("");
  const opening = /^\s*<think>\s*/.exec(whole)?.[0];
  const closing = whole.indexOf(CLOSING);
  // Some templates open the thought themselves: then only its end is written.
  if (opening === undefined && closing < 0) return { text: whole, thinkingTokens: 0 };
  const end = closing < 0 ? whole.length : closing;
  let [read, tokens] = [0, 0];
  for (const piece of pieces) {
    if (read >= end) break;
    read += piece.text.length;
    tokens += piece.tokens;
  }
  return {
    text: whole.slice(end + CLOSING.length).trimStart(),
    thinkingContent: whole.slice(opening?.length ?? 0, end).trim(),
    thinkingTokens: tokens,
  };
}

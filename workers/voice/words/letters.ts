/** What no English voice has sounds for: emoji, and letters of other scripts. */

const SCRIPTS: [RegExp, string][] = [
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, "Japanese"],
  [/\p{Script=Han}/u, "Chinese"],
  [/\p{Script=Hangul}/u, "Korean"],
  [/\p{Script=Cyrillic}/u, "Cyrillic letters"],
  [/\p{Script=Arabic}/u, "Arabic"],
  [/\p{Script=Hebrew}/u, "Hebrew"],
  [/\p{Script=Devanagari}/u, "Devanagari letters"],
  [/\p{Script=Thai}/u, "Thai"],
  [/\p{Script=Greek}/u, "Greek"],
];
const GREEK = (
  "α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi ρ rho " +
  "σ sigma τ tau φ phi χ chi ψ psi ω omega Δ delta Σ sigma Ω omega Π pi Φ phi"
).split(" ");
const SINGLE = new Map(
  GREEK.flatMap((letter, at) => (at % 2 ? [] : [[letter, GREEK[at + 1] as string] as const])),
);
const PLAIN: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "th",
  þ: "th",
  ı: "i",
};

const PICTURE = "\\p{Extended_Pictographic}|\\p{Regional_Indicator}|\\p{Emoji_Modifier}";
/** One, or several that are joined into one; or a key with its sign. */
const EMOJI = new RegExp(
  `(?:${PICTURE})(?:\\p{M}|\u200d|[\u{e0020}-\u{e007f}]|${PICTURE})*|[#*\\d]\ufe0f?\u20e3`,
  "gu",
);
const FOREIGN =
  /(?:(?!\p{Script=Latin})\p{L}(?:\p{M}|\u200c|\u200d)*)+(?:[\s\u3000-\u303f\uff00-\uff65]*(?:(?!\p{Script=Latin})\p{L}(?:\p{M}|\u200c|\u200d)*)+)*/gu;

/** Latin letters without accents; `skip` hears what cannot be spoken. */
export function letters(text: string, skip: (what: string) => void): string {
  return text
    .replace(EMOJI, (found) => {
      if (/^[©®™]/u.test(found)) return " ";
      skip("an emoji");
      return " ";
    })
    .replace(FOREIGN, (found) => {
      const single = SINGLE.get(found);
      if (single) return ` ${single} `;
      const script = SCRIPTS.find(([letter]) => letter.test(found))?.[1];
      skip(script ? `text in ${script}` : "text in letters that this voice does not know");
      return " ";
    })
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøłđðþı]/gi, (letter) => PLAIN[letter.toLowerCase()] ?? letter);
}

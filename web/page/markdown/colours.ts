/** Colours code. The highlighter comes with the first code block, and each language with the first of its own. */
import { isSelected } from "./selected.ts";
import { drawInSlices } from "./slices.ts";

type Highlighter = typeof import("./highlight.ts");

let highlighter: Highlighter | null = null;
let loading: Promise<Highlighter> | null = null;
/** Languages that are on their way. */
const coming = new Set<string>();

/** Of one block; what follows stays plain. */
const MOST = 60_000;
/** So much is coloured at once where it is drawn; of more, its lines are as they come. */
export const AT_ONCE = 5_000;

/** The language of a block, in the words of whoever wrote it. */
export const languageOf = (code: Element): string => /(?:^|\s)language-(\S+)/.exec(code.className)?.[1] ?? "";

/**
 * Gives texts of a code block that follow each other their colours, where its language is here; else all blocks of that
 * language get them when it is.
 */
export function colour(code: HTMLElement, texts: readonly Text[]): void {
  const language = languageOf(code);
  if (!language || (code.textContent?.length ?? 0) > MOST) return;
  if (highlighter?.knows(language)) paint(texts, language);
  else if (!coming.has(language)) void bring(language).catch(() => coming.delete(language));
}

async function bring(language: string): Promise<void> {
  coming.add(language);
  loading ??= import("./highlight.ts").catch((thrown) => {
    loading = null;
    throw thrown;
  });
  highlighter = await loading;
  // An unknown one is not asked for again.
  if (!(await highlighter.learn(language))) return;
  for (const code of document.querySelectorAll<HTMLElement>("pre > code"))
    if (languageOf(code) === language) paintLater(code, language);
}

/** A block that was drawn before its language came; a line that is still being written is the last. */
function paintLater(code: HTMLElement, language: string): void {
  drawInSlices(() => {
    if ((code.textContent?.length ?? 0) > MOST) return false;
    const all = [...code.childNodes].slice(0, code.dataset.open === undefined ? undefined : -1);
    const text = all.filter((node) => node instanceof Text).find(({ length }) => length > 0);
    if (!text || !code.isConnected) return false;
    paint([text], language);
    // A text that could not be painted is there yet.
    return !text.isConnected;
  });
}

function paint(texts: readonly Text[], language: string): void {
  const [first] = texts;
  const parent = first?.parentNode;
  // What somebody selects stays in their hands.
  if (!first || !parent || texts.some((text) => text.parentNode !== parent || isSelected(text))) return;
  const source = texts.map(({ data }) => data).join("");
  const painted = highlighter?.highlight(source, language);
  if (painted?.textContent !== source) return;
  const lines = document.createElement("span");
  lines.append(painted);
  first.before(lines);
  for (const text of texts) text.remove();
}

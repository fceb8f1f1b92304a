/** What stands around a code block: its language, and what can be done with it. */
import { common } from "../kit/words/common.ts";
import { AT_ONCE, colour, languageOf } from "./colours.ts";
import { w } from "./words.ts";

/** Languages of which a picture can be drawn. */
const PICTURES: readonly string[] = ["svg", "mermaid"];

export function codeFrame(pre: HTMLPreElement): void {
  const code = pre.firstElementChild as HTMLElement | null;
  const language = code ? languageOf(code) : "";
  const frame = document.createElement("div");
  frame.className = "code-block";
  frame.dir = "ltr";
  const bar = document.createElement("div");
  bar.className = "code-bar";
  const name = document.createElement("span");
  name.className = "code-name";
  name.textContent = language;
  bar.append(name);
  if (PICTURES.includes(language)) bar.append(button("picture", w.show, w.showPicture));
  bar.append(
    button("wrap", w.wrap, w.wrapLines),
    button("save", w.download, w.downloadCode),
    button("copy", common.copy, w.copyCode),
  );
  // A long line scrolls: the keyboard must reach it.
  pre.tabIndex = 0;
  pre.setAttribute("role", "region");
  pre.setAttribute("aria-label", language ? w.codeIn({ language }) : w.code);
  pre.replaceWith(frame);
  frame.append(bar, pre);
  const text = code?.firstChild;
  if (code && text instanceof Text && text.length <= AT_ONCE) colour(code, [text]);
}

function button(action: string, text: string, label: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "text-button";
  made.dataset.code = action;
  made.textContent = text;
  made.setAttribute("aria-label", label);
  if (action === "wrap") made.setAttribute("aria-pressed", "false");
  return made;
}

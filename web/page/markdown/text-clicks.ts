/** What a person does with a code block or a link of an answer. */
import { copyText } from "../kit/clipboard.ts";
import { saveFiles } from "../kit/save.ts";
import { languageOf } from "./colours.ts";
import { w } from "./words.ts";

/** How a file of a language ends, where its name does not say it. */
const ENDINGS: Readonly<Record<string, string>> = {
  python: "py",
  javascript: "js",
  typescript: "ts",
  markdown: "md",
  bash: "sh",
  shell: "sh",
  rust: "rs",
  ruby: "rb",
  kotlin: "kt",
  csharp: "cs",
  "c++": "cpp",
  "c#": "cs",
  mermaid: "mmd",
  haskell: "hs",
  perl: "pl",
  powershell: "ps1",
  plaintext: "txt",
  text: "txt",
  "": "txt",
};

/** Of clicks within a text. */
export function onTextClick(event: MouseEvent): void {
  const target = event.target as Element;
  const link = target.closest<HTMLAnchorElement>("a[href]");
  // In a page of others it is that page's affair; with a key the person has chosen how it opens.
  if (link?.getRootNode() === document && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    void import("./link-card.ts").then(({ showLink }) => showLink(link));
    return;
  }
  const button = target.closest<HTMLButtonElement>("[data-code]");
  const frame = button?.closest<HTMLElement>(".code-block");
  const code = frame?.querySelector("code");
  if (button && frame && code) void act(button, frame, code);
}

async function act(button: HTMLButtonElement, frame: HTMLElement, code: HTMLElement): Promise<void> {
  const text = code.textContent ?? "";
  const language = languageOf(code).toLowerCase();
  switch (button.dataset.code) {
    case "copy":
      return say(button, (await copyText(text)) ? w.copied : w.couldNotCopy);
    case "save":
      return saveFiles([
        new File([text], `code.${ENDINGS[language] ?? suffix(language)}`, { type: "text/plain" }),
      ]);
    case "wrap": {
      const wraps = frame.toggleAttribute("data-wrap");
      button.setAttribute("aria-pressed", `${wraps}`);
      return;
    }
    case "picture": {
      const { togglePicture } = await import("./code-picture.ts");
      await togglePicture(button, frame, { text, language });
    }
  }
}

const suffix = (language: string): string => (/^[a-z0-9]{1,8}$/.test(language) ? language : "txt");

/** On the button, for a moment. */
function say(button: HTMLButtonElement, word: string): void {
  const before = button.dataset.word ?? button.textContent ?? "";
  button.dataset.word = before;
  button.textContent = word;
  setTimeout(() => {
    button.textContent = before;
  }, 1_600);
}

/** A conversation as a file to be read: Markdown, or a page that needs nothing else and asks nobody for anything. */
import type { Alcove } from "../../sdk/index.ts";
import { escaped } from "../markdown/escaped.ts";
import { toEntries } from "../state/transcript.ts";
import { asMarkdown, wordsOf } from "../state/turns.ts";
import { w } from "./words.ts";

export type ReadFormat = "markdown" | "page";

const LONGEST_NAME = 80;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE = `
  :root { color-scheme: light dark; }
  body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
  h1 { font-size: 1.5rem; }
  h2 { margin: 2rem 0 0.25rem; font-size: 0.875rem; opacity: 0.7; }
  .said { white-space: pre-wrap; }
  pre, .table-scroll { overflow-x: auto; }
  pre { padding: 0.75rem; border-radius: 8px; background: rgb(128 128 128 / 12%); }
  table { border-collapse: collapse; }
  td, th { padding: 0.25rem 0.5rem; border: 1px solid rgb(128 128 128 / 40%); }
`;

/**
 * The conversation with this id as a file, named by its title.
 * @throws AlcoveError where it cannot be read
 */
export async function readableFile(alcove: Alcove, id: string, format: ReadFormat): Promise<File> {
  const { title = "", messages = [] } = (await alcove.conversations.get(id)) ?? {};
  const entries = toEntries(messages);
  if (format === "markdown") {
    return new File([asMarkdown(title, entries, w.you)], fileName(title, "md"), { type: "text/markdown" });
  }
  const { draw } = await import("../markdown/render.ts");
  const said = entries
    .filter((entry) => wordsOf(entry).trim())
    .map((entry) => {
      const [who, words] =
        entry.kind === "user"
          ? [w.you, `<div class="said" dir="auto">${escaped(entry.text)}</div>`]
          : ["Alcove", markupOf(draw(wordsOf(entry), {}))];
      return `<h2>${escaped(who)}</h2>\n${words}`;
    });
  const { lang, dir } = document.documentElement;
  const page = `<!doctype html>
<html lang="${escaped(lang)}" dir="${escaped(dir || "ltr")}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1 dir="auto">${escaped(title)}</h1>
${said.join("\n")}
</html>
`;
  return new File([page], fileName(title, "html"), { type: "text/html" });
}

/** Without what only the page can do. */
function markupOf(drawn: DocumentFragment): string {
  for (const bar of drawn.querySelectorAll(".code-bar")) bar.remove();
  for (const region of drawn.querySelectorAll("[tabindex]")) region.removeAttribute("tabindex");
  const holder = document.createElement("div");
  holder.append(drawn);
  return holder.outerHTML;
}

/** What every system takes as a name. */
export function fileName(title: string, ending: string): string {
  const name = title
    .replace(/[\\/:*?"<>|\p{C}]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[ .]+/, "");
  return `${[...name].slice(0, LONGEST_NAME).join("").trimEnd() || "conversation"}.${ending}`;
}

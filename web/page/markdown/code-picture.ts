/** Draws SVG and Mermaid when a person asks for it. */
import { svgTitle, svgUrl } from "./drawable.ts";
import { w } from "./words.ts";

/** Characters of a source that is drawn: what is longer would stop the page. */
const MOST: Readonly<Record<string, number>> = { svg: 200_000, mermaid: 8_000 };

interface Source {
  text: string;
  language: string;
}

/** Shows the picture of a code block above its code, or takes it away. */
export async function togglePicture(
  button: HTMLButtonElement,
  frame: HTMLElement,
  source: Source,
): Promise<void> {
  const shown = frame.querySelector(".code-picture");
  if (shown) {
    shown.remove();
    button.textContent = w.show;
    return;
  }
  button.disabled = true;
  const place = await picture(source).catch(() => null);
  button.disabled = false;
  if (!frame.isConnected || frame.querySelector(".code-picture")) return;
  frame.querySelector(".code-bar")?.after(place ?? words(problem(source)));
  button.textContent = w.hide;
}

const problem = ({ text, language }: Source): string =>
  text.length > (MOST[language] ?? 0) ? w.tooLong : w.notDrawn;

async function picture({ text, language }: Source): Promise<HTMLElement | null> {
  if (text.length > (MOST[language] ?? 0)) return null;
  const svg = language === "svg" ? text : await diagram(text);
  const url = svgUrl(svg);
  if (!url) return null;
  const image = new Image();
  image.alt = svgTitle(svg) || w.pictureOf;
  image.src = url;
  await image.decode();
  const place = document.createElement("div");
  place.className = "code-picture";
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", w.picture);
  place.append(image);
  return place;
}

/** Mermaid's own library needs styles and markup that our content security policy forbids; this one makes a text. */
async function diagram(source: string): Promise<string> {
  const { renderMermaid } = await import("beautiful-mermaid");
  const svg = await renderMermaid(source, { font: "system-ui" });
  // It asks for a font of a server's.
  return svg.replace(/@import[^;]*;(?:[^;']*'\);)?/g, "");
}

function words(text: string): HTMLElement {
  const line = document.createElement("p");
  line.className = "code-picture words";
  line.setAttribute("role", "status");
  line.textContent = text;
  return line;
}

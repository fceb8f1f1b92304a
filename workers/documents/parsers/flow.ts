/** Text as it comes: paragraphs with headings among them, cut into pages. */
import type { Heading, Section } from "../protocol.ts";

export class Flow {
  readonly sections: Section[] = [];
  #text = "";
  #line = "";
  #headings: Heading[] = [];
  /** The headings that hold now, for the page that follows. */
  #above: Heading[] = [];
  #page = 1;

  /** A piece of a paragraph. */
  add(text: string): void {
    this.#line += text;
  }

  /** Whether the paragraph has said anything so far. */
  get begun(): boolean {
    return this.#line.trim() !== "";
  }

  /** Ends a paragraph, one that is a heading with its level; `gap` is what stands before it. */
  end(level = 0, gap = "\n\n"): void {
    const line = this.#line
      .replace(/[^\S\n]+/g, " ")
      .replace(/ ?\n ?/g, "\n")
      .trim();
    this.#line = "";
    if (line === "") return;
    if (this.#text !== "") this.#text += gap;
    if (level > 0) {
      const heading = { at: this.#text.length, level, text: line.replaceAll("\n", " ") };
      while ((this.#above.at(-1)?.level ?? 0) >= level) this.#above.pop();
      this.#above.push({ ...heading, at: 0 });
      this.#headings.push(heading);
    }
    this.#text += line;
  }

  /** Ends a page; an empty one counts too. */
  turn(title?: string): void {
    this.end();
    const headings = this.#headings;
    this.sections.push({ page: this.#page++, text: this.#text, headings, ...(title ? { title } : {}) });
    this.#text = "";
    this.#headings = [...this.#above];
  }
}

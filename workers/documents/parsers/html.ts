/** Web pages: what is read, without what surrounds it; headings and tables are kept. */
import type { Section } from "../protocol.ts";
import { decode } from "./decode.ts";
import { Flow } from "./flow.ts";
import { checkLength, type Parser } from "./parser.ts";
import { readXml } from "./xml.ts";

const UNREAD = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "math",
  "iframe",
  "object",
  "head",
  "title",
  "select",
  "button",
]);
const AROUND = new Set(["nav", "footer", "aside", "form"]);
const BLOCKS = new Set(
  (
    "address article blockquote body caption dd details div dl dt fieldset figcaption figure footer form header hr html li " +
    "main nav ol p pre section summary table tbody tfoot thead tr ul aside"
  ).split(" "),
);
/** Elements without an end. */
const VOID = new Set([
  "br",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "wbr",
  "area",
  "base",
  "col",
  "embed",
  "source",
  "track",
]);

export const parseHtml: Parser = async ({ file, name }, tell) => {
  checkLength(file.size / 8, name);
  const { text, headings = [] } = readHtml(decode(new Uint8Array(await file.arrayBuffer())));
  tell([{ page: 1, text, headings }], 1, 1);
  return { pages: 1, notes: [] };
};

/** Its text, and its title. */
export function readHtml(markup: string): Pick<Section, "text" | "headings" | "title"> {
  const read = readParts(markup, true);
  // Some pages stand in a form, all of them.
  return read.text === "" ? readParts(markup, false) : read;
}

function readParts(markup: string, core: boolean): Pick<Section, "text" | "headings" | "title"> {
  const flow = new Flow();
  /** How deep in what is not read. */
  let unread = 0;
  let title = "";
  let inTitle = false;
  const isUnread = (tag: string) => UNREAD.has(tag) || (core && AROUND.has(tag));
  const level = (tag: string) => Number(/^h([1-6])$/.exec(tag)?.[1] ?? 0);
  readXml(
    markup,
    {
      open(tag, attributes) {
        if (tag === "title") inTitle = title === "";
        if (isUnread(tag) || (unread > 0 && !VOID.has(tag))) unread++;
        else if ("hidden" in attributes && !VOID.has(tag)) unread++;
        if (unread > 0) return;
        if (tag === "br") flow.add("\n");
        else if (tag === "td" || tag === "th") flow.add(flow.begun ? " | " : "");
        else if (tag === "img" && attributes.alt) flow.add(` ${attributes.alt} `);
        else if (BLOCKS.has(tag) || level(tag)) flow.end();
        if (tag === "li" && unread === 0) flow.add("• ");
      },
      text(said) {
        if (inTitle) title += said;
        if (unread === 0) flow.add(said.replace(/\s+/g, " "));
      },
      close(tag) {
        if (tag === "title") inTitle = false;
        if (unread > 0) {
          if (!VOID.has(tag)) unread--;
          return;
        }
        if (level(tag)) flow.end(level(tag));
        else if (tag === "tr" || tag === "li") flow.end(0, "\n");
        else if (BLOCKS.has(tag)) flow.end();
      },
    },
    true,
  );
  flow.turn(title.trim());
  return flow.sections[0] as Section;
}

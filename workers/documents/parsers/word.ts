/** Word's .docx: paragraphs, headings, tables and notes, by the pages that Word itself last saw. */
import { Archive } from "./archive.ts";
import { Flow } from "./flow.ts";
import { checkLength, type Parser } from "./parser.ts";
import { readXml } from "./xml.ts";

const BODY = /^word\/document\d*\.xml$/;
const NOTES = ["word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"];
/** What stands in a file twice, for programs of different ages, or is no text. */
const UNREAD = new Set(["Fallback", "del", "moveFrom", "instrText"]);

export const parseWord: Parser = async ({ file, name }, tell) => {
  const archive = await Archive.of(file, name);
  const levels = headingLevels(archive.text("word/styles.xml"));
  const flow = new Flow();
  const body = archive.names.find((each) => BODY.test(each)) ?? "";
  readBody(archive.text(body), flow, levels);
  for (const notes of NOTES) readBody(archive.text(notes), flow, levels);
  flow.turn();
  const pages = flow.sections.length;
  checkLength(
    flow.sections.reduce((sum, { text }) => sum + text.length, 0),
    name,
  );
  tell(flow.sections, pages, pages);
  return { pages, notes: [] };
};

function readBody(xml: string, flow: Flow, levels: ReadonlyMap<string, number>): void {
  let unread = 0;
  let inText = false;
  let level = 0;
  let cells = 0;
  readXml(xml, {
    open(tag, attributes) {
      const value = attributes["w:val"] ?? "";
      if (UNREAD.has(tag)) unread++;
      if (unread > 0) return;
      if (tag === "t") inText = true;
      else if (tag === "p" && cells === 0) level = 0;
      else if (tag === "pStyle") level = levels.get(value) ?? 0;
      else if (tag === "outlineLvl" && Number(value) < 9) level = Number(value) + 1;
      else if (tag === "tab") flow.add("\t");
      else if (tag === "tr") cells = 1;
      else if (tag === "tc" && cells++ > 1) flow.add(" | ");
      else if (tag === "lastRenderedPageBreak" || (tag === "br" && attributes["w:type"] === "page")) {
        if (cells === 0 && !flow.begun) flow.turn();
      } else if (tag === "br" || tag === "cr") flow.add("\n");
    },
    text(said) {
      if (inText && unread === 0) flow.add(said);
    },
    close(tag) {
      if (UNREAD.has(tag)) unread--;
      if (tag === "t") inText = false;
      else if (tag === "p" && cells > 0) flow.add(" ");
      else if (tag === "p") flow.end(level);
      else if (tag === "tr") {
        cells = 0;
        flow.end(0, "\n");
      }
    },
  });
}

/** Of styles, whose ids are in the language of whoever wrote the file; the names of the built-in ones are not. */
function headingLevels(xml: string): Map<string, number> {
  const levels = new Map<string, number>();
  let id = "";
  readXml(xml, {
    open(tag, attributes) {
      if (tag === "style") id = attributes["w:styleId"] ?? "";
      const value = attributes["w:val"] ?? "";
      const [, number] = /^heading (\d)$/i.exec(value) ?? [];
      if (tag === "name" && number) levels.set(id, Number(number));
      if (tag === "name" && /^title$/i.test(value)) levels.set(id, 1);
      if (tag === "outlineLvl" && !levels.has(id) && Number(value) < 9) levels.set(id, Number(value) + 1);
    },
  });
  return levels;
}

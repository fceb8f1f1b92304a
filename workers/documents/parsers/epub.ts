/** E-books: a page for each chapter, in the order in which they are read. */
import { AlcoveError } from "../../wire/errors.ts";
import { Archive } from "./archive.ts";
import { readHtml } from "./html.ts";
import { checkLength, type Parser } from "./parser.ts";
import { readXml, within } from "./xml.ts";

const CONTAINER = "META-INF/container.xml";

export const parseEpub: Parser = async ({ file, name }, tell) => {
  const archive = await Archive.of(file, name);
  const chapters = chaptersOf(archive);
  if (/xhtml|\.html/i.test(archive.text("META-INF/encryption.xml"))) {
    throw new AlcoveError("bad-request", `“${name}” is locked by its seller.`, {
      action: "Only the seller's own program can open it.",
    });
  }
  let letters = 0;
  for (const [at, path] of chapters.entries()) {
    const chapter = readHtml(archive.text(path));
    letters += chapter.text.length;
    checkLength(letters, name);
    tell([{ ...chapter, page: at + 1 }], at + 1, chapters.length);
  }
  return { pages: chapters.length, notes: [] };
};

function chaptersOf(archive: Archive): string[] {
  let book = "";
  readXml(archive.text(CONTAINER), {
    open(tag, attributes) {
      if (tag === "rootfile") book ||= attributes["full-path"] ?? "";
    },
  });
  const files = new Map<string, string>();
  const chapters: string[] = [];
  readXml(archive.text(book), {
    open(tag, { id = "", href = "", idref = "" }) {
      if (tag === "item") files.set(id, within(book, href));
      const path = tag === "itemref" && files.get(idref);
      if (path) chapters.push(path);
    },
  });
  return chapters;
}

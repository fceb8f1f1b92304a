/** Excel's .xlsx: a page for each sheet, with the values that its formulas last had. */
import { AlcoveError } from "../../wire/errors.ts";
import { Archive } from "./archive.ts";
import { dateOf, dateStyles } from "./excel-dates.ts";
import { checkLength, type Parser } from "./parser.ts";
import { textOfRows } from "./rows.ts";
import { readXml, relationsAt, relationsOf } from "./xml.ts";

const BOOK = "xl/workbook.xml";

export const parseExcel: Parser = async ({ file, name }, tell) => {
  const archive = await Archive.of(file, name);
  if (!archive.names.includes(BOOK)) {
    throw new AlcoveError("bad-request", `“${name}” is a workbook in Excel's binary form.`, {
      action: "Save it as .xlsx.",
    });
  }
  const relations = relationsOf(archive.text(relationsAt(BOOK)), BOOK);
  const sheets: { title: string; path: string }[] = [];
  readXml(archive.text(BOOK), {
    open(tag, { name: title = "", "r:id": id = "" }) {
      const path = tag === "sheet" && relations.get(id)?.target;
      if (path) sheets.push({ title, path });
    },
  });
  const shared = sharedTexts(archive.text("xl/sharedStrings.xml"));
  const dates = dateStyles(archive.text("xl/styles.xml"));
  let letters = 0;
  for (const [at, { title, path }] of sheets.entries()) {
    const text = textOfRows(rowsOf(archive.text(path), shared, dates, name));
    letters += text.length;
    checkLength(letters, name);
    tell([{ page: at + 1, title, text }], at + 1, sheets.length);
  }
  return { pages: sheets.length, notes: [] };
};

/** Texts that cells share. What tells how a word is spoken is none. */
function sharedTexts(xml: string): string[] {
  const texts: string[] = [];
  let inText = false;
  let spoken = 0;
  readXml(xml, {
    open(tag) {
      if (tag === "si") texts.push("");
      else if (tag === "rPh") spoken++;
      else if (tag === "t") inText = spoken === 0;
    },
    text(said) {
      if (inText) texts[texts.length - 1] += said;
    },
    close(tag) {
      if (tag === "t") inText = false;
      else if (tag === "rPh") spoken--;
    },
  });
  return texts;
}

/** No row has more columns: what says so is damaged, or made to do harm. */
const MOST_COLUMNS = 16_384;

function rowsOf(
  xml: string,
  shared: readonly string[],
  dates: ReadonlySet<number>,
  name: string,
): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = { column: 0, type: "n", style: 0, value: "" };
  let inValue = false;
  // Checked while it grows: a small file can name a million cells, or a long text as often.
  let letters = 0;
  readXml(xml, {
    open(tag, { r: place = "", t: type = "n", s: style = "" }) {
      if (tag === "row") row = [];
      else if (tag === "c")
        cell = { column: columnOf(place) ?? row.length, type, style: Number(style), value: "" };
      else if (tag === "v" || tag === "t") inValue = true;
    },
    text(said) {
      if (inValue) cell.value += said;
    },
    close(tag) {
      if (tag === "v" || tag === "t") inValue = false;
      else if (tag === "row") rows.push(row);
      else if (tag === "c" && cell.column < MOST_COLUMNS) {
        const said = shown(cell, shared, dates);
        letters += Math.max(0, cell.column - row.length) + said.length + 1;
        checkLength(letters, name);
        while (row.length < cell.column) row.push("");
        row[cell.column] = said;
      }
    },
  });
  return rows;
}

function shown(
  { type, style, value }: { type: string; style: number; value: string },
  shared: readonly string[],
  dates: ReadonlySet<number>,
): string {
  if (type === "s") return shared[Number(value)] ?? "";
  if (type === "b") return value === "1" ? "TRUE" : "FALSE";
  if (type === "n" && value !== "" && dates.has(style)) return dateOf(Number(value));
  return value;
}

/** "AB12" is in the 28th column, 27 counted from 0. */
function columnOf(place: string): number | undefined {
  const [letters] = /^[A-Z]+/.exec(place) ?? [];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

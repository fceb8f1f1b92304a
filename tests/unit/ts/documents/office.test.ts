import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf } from "../../../../workers/documents/chunks.ts";
import { Archive } from "../../../../workers/documents/parsers/archive.ts";
import { parseExcel } from "../../../../workers/documents/parsers/excel.ts";
import { parsePowerpoint } from "../../../../workers/documents/parsers/powerpoint.ts";
import { parseWord } from "../../../../workers/documents/parsers/word.ts";
import { read, zip } from "./parsing.ts";

const relations = (targets: Record<string, string>, type = "x/part") =>
  `<Relationships>${Object.entries(targets)
    .map(([id, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`)
    .join("")}</Relationships>`;

const paragraph = (text: string, style = "") =>
  `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

const docx = (body: string, more: Record<string, string> = {}) =>
  zip({
    "word/document.xml": `<w:document><w:body>${body}</w:body></w:document>`,
    "word/styles.xml": `<w:styles><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>`,
    ...more,
  });

test("Word: headings in any language, tables, notes; nothing that was deleted", async () => {
  const { sections } = await read(
    parseWord,
    docx(
      paragraph("Reise", "berschrift1") +
        paragraph("Tom &amp; <w:tab/>Ann".replace("<w:tab/>", "")) +
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Hotel</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>90 €</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" +
        "<w:p><w:del><w:r><w:t>gone</w:t></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>kept</w:t></w:r></w:p>",
      { "word/footnotes.xml": `<w:footnotes>${paragraph("A note.")}</w:footnotes>` },
    ),
  );
  assert.deepEqual(sections, [
    {
      page: 1,
      text: "Reise\n\nTom & Ann\nHotel | 90 €\n\nkept\n\nA note.",
      headings: [{ at: 0, level: 1, text: "Reise" }],
    },
  ]);
});

test("Word: pages as Word saw them, each under the heading that holds there", async () => {
  const turn = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second page.</w:t></w:r></w:p>";
  const { sections, pages } = await read(parseWord, docx(paragraph("Reise", "berschrift1") + turn));
  assert.equal(pages, 2);
  assert.deepEqual(
    sections.map(({ page, text }) => [page, text]),
    [
      [1, "Reise"],
      [2, "Second page."],
    ],
  );
  assert.equal(chunksOf(sections[1] ?? assert.fail())[0]?.heading, "Reise");
});

test("PowerPoint: slides in the order in which they are shown, with titles and notes", async () => {
  const slide = (title: string, body: string) =>
    `<p:sld><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>${title}</a:t></a:r></a:p></p:sp>` +
    `<p:sp><a:p><a:r><a:t>${body}</a:t></a:r></a:p></p:sp>` +
    `<p:sp><p:nvPr><p:ph type="sldNum"/></p:nvPr><a:p><a:fld><a:t>7</a:t></a:fld></a:p></p:sp></p:sld>`;
  const { sections } = await read(
    parsePowerpoint,
    zip({
      "ppt/presentation.xml": `<p:presentation><p:sldIdLst><p:sldId id="9" r:id="b"/><p:sldId id="8" r:id="a"/></p:sldIdLst></p:presentation>`,
      "ppt/_rels/presentation.xml.rels": relations({ a: "slides/slide1.xml", b: "slides/slide2.xml" }),
      "ppt/slides/slide1.xml": slide("Last", "The end."),
      "ppt/slides/slide2.xml": slide("First", "The begin."),
      "ppt/slides/_rels/slide2.xml.rels": relations({ n: "../notesSlides/n.xml" }, "x/notesSlide"),
      "ppt/notesSlides/n.xml": "<p:notes><p:sp><a:p><a:r><a:t>Smile.</a:t></a:r></a:p></p:sp></p:notes>",
    }),
  );
  assert.deepEqual(
    sections.map(({ page, title, text }) => [page, title, text]),
    [
      [1, "First", "First\nThe begin.\nSmile."],
      [2, "Last", "Last\nThe end."],
    ],
  );
});

const xlsx = (rows: string, more: Record<string, string> = {}) =>
  zip({
    "xl/workbook.xml": `<workbook><sheets><sheet name="Costs" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations({ r1: "/xl/worksheets/sheet1.xml" }),
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    "xl/sharedStrings.xml":
      "<sst><si><t>Name</t></si><si><r><t>Am</t></r><r><t>ount</t></r><rPh><t>x</t></rPh></si></sst>",
    "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd.mm.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
    ...more,
  });

test("Excel: each row says what its figures are; dates are dates; formulas have their values", async () => {
  const { sections } = await read(
    parseExcel,
    xlsx(
      `<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>Paid</t></is></c></row>` +
        `<row><c r="A2" t="str"><f>UPPER("x")</f><v>Rent</v></c><c r="B2"><f>SUM(1)</f><v>1200.5</v></c><c r="D2" s="1"><v>46354</v></c></row>` +
        `<row><c r="B3"><v>7</v></c></row>`,
    ),
  );
  assert.equal(sections[0]?.title, "Costs");
  assert.deepEqual(sections[0]?.text.split("\n"), [
    "Name | Amount |  | Paid",
    "Name: Rent; Amount: 1200.5; Paid: 2026-11-28",
    "Amount: 7",
  ]);
});

test("Excel: ten thousand rows, a column far out, a binary workbook", async () => {
  const rows = Array.from(
    { length: 10_000 },
    (_, at) => `<row><c t="inlineStr"><is><t>Item ${at}</t></is></c><c><v>${at}</v></c></row>`,
  );
  const { sections } = await read(parseExcel, xlsx(rows.join("")));
  assert.equal(sections[0]?.text.split("\n").length, 10_000);
  assert.ok(chunksOf(sections[0] ?? assert.fail()).length > 100);
  const far = await read(parseExcel, xlsx(`<row><c r="ZZZZZZZZ1"><v>1</v></c><c r="A1"><v>2</v></c></row>`));
  assert.equal(far.sections[0]?.text, "2");
  await assert.rejects(read(parseExcel, zip({ "xl/workbook.bin": "x" })), { code: "bad-request" });
});

test("an archive that unpacks to far more than it is gives nothing", async () => {
  const bomb = zip({ "word/document.xml": "0".repeat(30_000_000) });
  assert.ok(bomb.length < 100_000);
  await assert.rejects(read(parseWord, bomb), { code: "bad-request" });
  const several = new Archive(zip({ a: "a".repeat(600), b: "b".repeat(600) }), "several", 1000);
  assert.equal(several.text("a").length, 600);
  assert.throws(() => several.text("b"), { code: "bad-request" });
});

test("an archive that is cut or says nothing of a document is damaged, not empty", async () => {
  const whole = docx(paragraph("Text."));
  await assert.rejects(read(parseWord, whole.slice(0, whole.length - 40)));
});

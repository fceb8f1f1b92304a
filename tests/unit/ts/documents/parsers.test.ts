import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "../../../../workers/documents/parsers/csv.ts";
import { decode } from "../../../../workers/documents/parsers/decode.ts";
import { parseEmail } from "../../../../workers/documents/parsers/email.ts";
import { parseEpub } from "../../../../workers/documents/parsers/epub.ts";
import { parseHtml, readHtml } from "../../../../workers/documents/parsers/html.ts";
import { linesOf } from "../../../../workers/documents/parsers/pdf-lines.ts";
import { parseText } from "../../../../workers/documents/parsers/text.ts";
import { typeOf } from "../../../../workers/documents/type-of.ts";
import { read, zip } from "./parsing.ts";

test("a text's encoding is found out", async () => {
  const wide = new Uint8Array([0xff, 0xfe, 0xe4, 0, 0x6e, 0x65]);
  assert.equal(decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa4])), "ä");
  assert.equal(decode(wide.slice(0, 4)), "ä");
  assert.equal(decode(new TextEncoder().encode("größer\r\nkleiner\rgleich\0")), "größer\nkleiner\ngleich");
  assert.equal(decode(new Uint8Array([0x67, 0x72, 0xfc, 0xdf])), "grüß");
  assert.equal((await read(parseText, "a\r\nb")).sections[0]?.text, "a\nb");
});

test("HTML: what is read, with its headings, and nothing else", async () => {
  const page = `<!doctype html><title>The &amp; page</title><nav>Home</nav><script>alert("x")</script><style>p{}</style>
    <main><h1>One</h1><p>First <b>bold</b>
    line.<br>Next.</p><h2>Two</h2><ul><li>a<li>b</ul><table><tr><th>x<th>y</tr><tr><td>1<td>2</tr></table>
    <p hidden>not this <br> nor this</p><img src=x alt="A cat" onerror="alert(1)"></main><footer>©</footer>`;
  const [section] = (await read(parseHtml, page)).sections;
  assert.equal(section?.text, "One\n\nFirst bold line.\nNext.\n\nTwo\n• a\n• b\nx | y\n1 | 2\n\nA cat");
  assert.deepEqual(
    section?.headings?.map(({ level, text }) => [level, text]),
    [
      [1, "One"],
      [2, "Two"],
    ],
  );
  assert.equal(readHtml(page).title, "The & page");
});

test("HTML: a page that stands in a form, one that nests deeply, one that never ends a tag", () => {
  assert.equal(readHtml("<form><p>All of it.</p></form>").text, "All of it.");
  assert.equal(readHtml(`${"<div>".repeat(20_000)}deep`).text, "deep");
  assert.equal(readHtml("<p>a<b><i>b</p><p>c").text, "a b c".replace("a b", "ab").replace(" ", "\n\n"));
  assert.equal(readHtml("<p>open <!-- never closed").text, "open");
});

test("CSV: its mark between cells is found out, quotes hold", async () => {
  const [section] = (await read(parseCsv, 'Name;Town\n"Ann; B.";"Ulm ""x"""\nTom;\n')).sections;
  assert.equal(section?.text, 'Name | Town\nName: Ann; B.; Town: Ulm "x"\nName: Tom');
  assert.equal((await read(parseCsv, "1,2\n3,4")).sections[0]?.text, "1 | 2\n3 | 4");
});

test("e-mail: who, when and what; what is attached is told", async () => {
  const mail =
    "From: Ann <ann@example.org>\r\nTo: tom@example.org\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n" +
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Come <b>soon</b>!</p>\r\n' +
    '--b\r\nContent-Type: application/pdf; name="map.pdf"\r\nContent-Disposition: attachment; filename="map.pdf"\r\n\r\nx\r\n--b--\r\n';
  const { sections, notes } = await read(parseEmail, mail);
  assert.match(
    sections[0]?.text ?? "",
    /^Subject: Grüße\nFrom: Ann <ann@example\.org>\nTo: tom@example\.org/,
  );
  assert.match(sections[0]?.text ?? "", /Come soon!$/);
  assert.deepEqual(notes, ["What is attached was not read: map.pdf."]);
});

const book = (more: Record<string, string> = {}) =>
  zip({
    "META-INF/container.xml":
      '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    "OPS/book.opf":
      '<package><manifest><item id="b" href="two%20b.xhtml"/><item id="a" href="one.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
    "OPS/one.xhtml": "<html><head><title>I</title></head><body><h1>Begin</h1><p>Once.</p></body></html>",
    "OPS/two b.xhtml": "<html><body><p>After.</p></body></html>",
    ...more,
  });

test("EPUB: chapters in the order in which they are read; one that is locked says so", async () => {
  const { sections } = await read(parseEpub, book());
  assert.deepEqual(
    sections.map(({ page, title, text }) => [page, title, text]),
    [
      [1, "I", "Begin\n\nOnce."],
      [2, undefined, "After."],
    ],
  );
  const locked = book({ "META-INF/encryption.xml": '<CipherReference URI="OPS/one.xhtml"/>' });
  await assert.rejects(read(parseEpub, locked), { code: "bad-request", message: /locked by its seller/ });
});

test("PDF: lines, paragraphs, words that were cut, a new column", () => {
  const line = (str: string, y: number, hasEOL = true) => ({
    str,
    transform: [1, 0, 0, 1, 60, y],
    height: 10,
    hasEOL,
  });
  const pieces = [line("One ", 700, false), line("line and an inter-", 700), line("national one.", 688)];
  assert.equal(linesOf([...pieces, line("New.", 650)]), "One line and an international\none.\n\nNew.");
  assert.equal(linesOf([...pieces, line("Column.", 700)]), "One line and an international\none.\n\nColumn.");
  assert.equal(linesOf([line("", 0), line(" ", 5)]), "");
});

test("a file's kind is told by what it is", async () => {
  const kind = (content: string | Uint8Array<ArrayBuffer>, name: string) => typeOf(new Blob([content]), name);
  assert.equal(await kind("%PDF-1.7", "x.docx"), "pdf");
  assert.equal(await kind(book(), "x.zip"), "epub");
  assert.equal(await kind(zip({ "word/document.xml": "" }), "x"), "word");
  assert.equal(await kind("<!DOCTYPE html>", "page"), "html");
  assert.equal(await kind("# x", "x.MD"), "markdown");
  assert.equal(await kind("a,b", "x.csv"), "csv");
  assert.equal(await kind("BMW, GIF and RIFF are words", "x"), "text");
  assert.equal(await kind(new Uint8Array([0xff, 0xfe, 0x61, 0]), "x.txt"), "text");
  for (const [content, name] of [
    [new Uint8Array(), "empty.md"],
    [zip({ "a.txt": "x" }), "files.zip"],
    [zip({ "content.xml": "", "META-INF/manifest.xml": "" }), "x.odt"],
    ["{\\rtf1", "x.txt"],
    [new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), "locked.docx"],
    [new Uint8Array([0x89, 0x50, 0x4e, 0x47]), "x.pdf"],
    [new Uint8Array([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70]), "film"],
    [new Uint8Array([65, 0, 66]), "x.txt"],
  ] as const)
    await assert.rejects(kind(content, name), { code: "bad-request" }, name);
});

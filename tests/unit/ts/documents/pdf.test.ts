import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { listedPages } from "../../../../workers/documents/listed-pages.ts";
import { parsePdf } from "../../../../workers/documents/parsers/pdf.ts";
import type { Section } from "../../../../workers/documents/protocol.ts";
import { pdfOf } from "./pdf-file.ts";

const pdf = {
  worker: pathToFileURL("node_modules/pdfjs-dist/legacy/build/pdf.worker.mjs").href,
  decoders: "decoders/",
  maps: "maps.zip",
};

async function read(content: string, page = 0) {
  const sections: Section[] = [];
  const known = { sections: page, page, ofPage: page ? 1 : 0 };
  const asked = { file: new Blob([content]), name: "x.pdf", type: "pdf" as const, known, pdf };
  const said = await parsePdf(asked, (some) => sections.push(...some), new AbortController().signal);
  return { sections, ...said };
}

test("pages come in order, those without text are told, reading goes on where it was", async () => {
  const file = pdfOf([["First (of all)."], [], ["Third,", "in two lines."], [], []]);
  const whole = await read(file);
  assert.deepEqual(
    whole.sections.map(({ page, text, picture }) => [page, text, picture ?? false]),
    [
      [1, "First (of all).", false],
      [2, "", true],
      [3, "Third,\nin two lines.", false],
      [4, "", true],
      [5, "", true],
    ],
  );
  assert.deepEqual(whole.notes, []);
  // The last page that is here may have come in part: it comes again.
  assert.deepEqual((await read(file, 2)).sections, whole.sections.slice(1));
  assert.equal(listedPages([2, 4, 5]), "Pages 2 and 4–5");
});

test("five hundred pages", async () => {
  const pages = Array.from({ length: 500 }, (_, at) => [`Page ${at + 1} begins.`, "It says little."]);
  const { sections } = await read(pdfOf(pages));
  assert.equal(sections.length, 500);
  assert.equal(sections[499]?.text, "Page 500 begins.\nIt says little.");
});

test("one that is locked says so, one that is none or cut is damaged", async () => {
  const key = `<${"00".repeat(32)}>`;
  const locked = `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O ${key} /U ${key} >>`;
  await assert.rejects(read(pdfOf([["Secret."]], locked)), {
    code: "bad-request",
    message: /locked with a password/,
  });
  await assert.rejects(read("%PDF-1.7\nnothing"), { code: "bad-request", message: /damaged/ });
  await assert.rejects(read(pdfOf([["Text."]]).slice(0, 60)), { code: "bad-request", message: /damaged/ });
});

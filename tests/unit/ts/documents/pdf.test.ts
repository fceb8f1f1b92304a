import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { parsePdf } from "../../../../workers/documents/parsers/pdf.ts";
import type { Section } from "../../../../workers/documents/protocol.ts";
import { pdfOf } from "./pdf-file.ts";

const pdf = {
  worker: pathToFileURL("node_modules/pdfjs-dist/legacy/build/pdf.worker.mjs").href,
  decoders: "decoders/",
};

async function read(content: string, skip = 0) {
  const sections: Section[] = [];
  const asked = { file: new Blob([content]), name: "x.pdf", type: "pdf" as const, skip, pdf };
  const said = await parsePdf(asked, (some) => sections.push(...some), new AbortController().signal);
  return { sections, ...said };
}

test("pages come in order, those without text are told, reading goes on where it was", async () => {
  const file = pdfOf([["First (of all)."], [], ["Third,", "in two lines."], [], []]);
  const whole = await read(file);
  assert.deepEqual(
    whole.sections.map(({ page, text }) => [page, text]),
    [
      [1, "First (of all)."],
      [2, ""],
      [3, "Third,\nin two lines."],
      [4, ""],
      [5, ""],
    ],
  );
  assert.deepEqual(whole.notes, ["Pages 2 and 4–5 have no text, only pictures."]);
  assert.deepEqual((await read(file, 2)).sections, whole.sections.slice(2));
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

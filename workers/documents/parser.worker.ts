/** Reads one file; what it took is free again when the worker is ended. */
import { AlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import { broken, type Parser } from "./parsers/parser.ts";
import { parseText } from "./parsers/text.ts";
import type { DocumentType, ParserProtocol } from "./protocol.ts";

const PARSERS: Record<DocumentType, () => Promise<Parser>> = {
  pdf: async () => (await import("./parsers/pdf.ts")).parsePdf,
  markdown: async () => parseText,
  code: async () => parseText,
  text: async () => parseText,
  html: async () => parseText,
  csv: async () => parseText,
  email: async () => parseText,
  word: notYet,
  powerpoint: notYet,
  excel: notYet,
  epub: notYet,
};

serveWorker<ParserProtocol>({
  parse: async (asked, { emit, signal }) => {
    try {
      const parser = await PARSERS[asked.type]();
      return await parser(asked, (sections, done, total = 0) => emit({ sections, done, total }), signal);
    } catch (thrown) {
      throw broken(asked.name, thrown);
    }
  },
});

function notYet(): never {
  throw new AlcoveError("bad-request", "Files of this kind cannot be read yet.", {
    action: "Save it as PDF.",
  });
}

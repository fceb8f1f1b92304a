/** Reads one file; what it took is free again when the worker is ended. */
import { serveWorker } from "../wire/link.ts";
import { cutSection } from "./parsers/cut.ts";
import { broken, type Parser, type Told } from "./parsers/parser.ts";
import { parseText } from "./parsers/text.ts";
import type { DocumentType, ParserProtocol } from "./protocol.ts";

/** What each needs is set up when the first file of its kind comes. */
const PARSERS: Record<DocumentType, () => Promise<Parser>> = {
  pdf: async () => (await import("./parsers/pdf.ts")).parsePdf,
  word: async () => (await import("./parsers/word.ts")).parseWord,
  powerpoint: async () => (await import("./parsers/powerpoint.ts")).parsePowerpoint,
  excel: async () => (await import("./parsers/excel.ts")).parseExcel,
  epub: async () => (await import("./parsers/epub.ts")).parseEpub,
  html: async () => (await import("./parsers/html.ts")).parseHtml,
  csv: async () => (await import("./parsers/csv.ts")).parseCsv,
  email: async () => (await import("./parsers/email.ts")).parseEmail,
  markdown: async () => parseText,
  code: async () => parseText,
  text: async () => parseText,
};

serveWorker<ParserProtocol>({
  parse: async (asked, { emit, signal }) => {
    try {
      const parser = await PARSERS[asked.type]();
      // Only pages of a PDF are as quickly passed over as they are told again.
      let known = asked.type === "pdf" ? 0 : asked.skip;
      const tell: Told = (sections, done, total = 0) => {
        for (const section of sections.flatMap((each) => cutSection(each))) {
          if (known-- > 0) continue;
          emit({ sections: [section], done, total });
        }
      };
      return await parser(asked, tell, signal);
    } catch (thrown) {
      throw broken(asked.name, thrown);
    }
  },
});

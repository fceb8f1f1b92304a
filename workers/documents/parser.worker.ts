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
  picture: async ({ page }) => (await import("./parsers/pdf.ts")).picturePdf(page),
  parse: async (asked, { emit, signal }) => {
    try {
      const parser = await PARSERS[asked.type]();
      // A PDF is read from the last page on, of which there may be more.
      let known = asked.type === "pdf" ? asked.known.ofPage : asked.known.sections;
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

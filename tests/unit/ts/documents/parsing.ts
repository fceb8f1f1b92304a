/** Files as programs write them, made here, and what is read of them. */
import { strToU8, zipSync } from "fflate";
import type { Parser } from "../../../../workers/documents/parsers/parser.ts";
import type { DocumentType, Section } from "../../../../workers/documents/protocol.ts";

export const zip = (files: Record<string, string>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  );

/** All sections of a file, and what its parser replies. */
export async function read(
  parser: Parser,
  content: string | Uint8Array<ArrayBuffer>,
  type: DocumentType = "text",
): Promise<{ sections: Section[]; pages: number; notes: string[] }> {
  const sections: Section[] = [];
  const asked = {
    file: new Blob([content]),
    name: "the file",
    type,
    known: { sections: 0, page: 0, ofPage: 0 },
    pdf: { worker: "", decoders: "", maps: "" },
  };
  const said = await parser(asked, (some) => sections.push(...some), new AbortController().signal);
  return { sections, ...said };
}

import { decode, parse, typeOf } from "../../../workers/documents/client.ts";
import type { DocumentType } from "../../../workers/documents/protocol.ts";

/** Their text is what stands in the file; markup is read as it is written. */
const AS_IT_IS: ReadonlySet<DocumentType> = new Set(["text", "code", "markdown", "csv", "html"]);

/** A longer one is given to its reader, a worker. */
const AT_ONCE_BYTES = 4_000_000;

/** `Documents.read`. */
export async function textOf(
  file: Blob & { name?: string },
  base: string,
  signal = new AbortController().signal,
): Promise<{ text: string; notes: string[] }> {
  const name = file.name || "Untitled";
  const type = await typeOf(file, name);
  const asItIs = AS_IT_IS.has(type);
  if (asItIs && file.size <= AT_ONCE_BYTES)
    return { text: decode(new Uint8Array(await file.arrayBuffer())), notes: [] };
  const parts: string[] = [];
  const asked = {
    file,
    name,
    type: asItIs ? ("text" as const) : type,
    known: { sections: 0, page: 0, ofPage: 0 },
  };
  const keep = async ({ sections }: { sections: { text: string }[] }) => {
    parts.push(...sections.map(({ text }) => text));
    return true;
  };
  const read = await parse(asked, base, { keep }, signal);
  return { text: parts.join("\n\n"), notes: read?.notes ?? [] };
}

/** Tables as text: comma, semicolon or tab between their cells. */
import papaparse from "papaparse";
import { decode } from "./decode.ts";
import { checkLength, type Parser } from "./parser.ts";
import { textOfRows } from "./rows.ts";

export const parseCsv: Parser = async ({ file, name }, tell) => {
  checkLength(file.size / 4, name);
  const { data } = papaparse.parse<string[]>(decode(new Uint8Array(await file.arrayBuffer())), {
    skipEmptyLines: "greedy",
  });
  const text = textOfRows(data);
  checkLength(text.length, name);
  tell([{ page: 1, text }], 1, 1);
  return { pages: 1, notes: [] };
};

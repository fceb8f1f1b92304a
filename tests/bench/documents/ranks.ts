/**
 * Finds the answers of a set as the worker does, without a browser. stdin: {documents: {name: text}, questions:
 * [[text, document, heading]], model, passages?: {key: vector}, vectors?: [vector of each question]}. stdout: without
 * vectors the passages, as [[key, text]]; with them the place of each question's answer, from 1, or 0, by words, by
 * meaning and by both.
 */
import fs from "node:fs";
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { headingsOf } from "../../../workers/documents/parsers/text.ts";
import { Search } from "../../../workers/documents/search.ts";
import { Store } from "../../../workers/documents/store.ts";

interface Asked {
  documents: Record<string, string>;
  questions: [text: string, document: string, heading: string][];
  model: string;
  passages?: Record<string, number[]>;
  vectors?: number[][];
}

const DEEPEST = 10;

const { documents, questions, model, passages, vectors } = JSON.parse(fs.readFileSync(0, "utf8")) as Asked;
const sqlite = await sqlite3InitModule();
const database = new sqlite.oo1.DB(":memory:", "c");
const store = new Store(database);
const search = new Search(database, store);
for (const [name, text] of Object.entries(documents)) {
  const { unread } = store.begin({ name, type: "markdown", bytes: text.length, hash: name });
  if (!unread) throw new Error(`${name} is there twice`);
  store.put(unread.key, [{ page: 1, text, headings: headingsOf(text) }]);
  store.finish(unread.key, 1, []);
}
const unvectored = search.passages(model, Number.MAX_SAFE_INTEGER);
if (passages && vectors) {
  search.keep(
    model,
    unvectored.map(({ key }) => ({ key, vector: Float32Array.from(passages[key] as number[]) })),
  );
  const place = (query: string, [, document, heading]: Asked["questions"][number], values?: number[]) => {
    const vector = values && { model, values: Float32Array.from(values) };
    const hits = search.run({ query, top: DEEPEST, ...(vector ? { vector } : {}) });
    return hits.findIndex((hit) => hit.name === document && hit.heading.split(" › ").at(-1) === heading) + 1;
  };
  const ranks = questions.map((question, at) => [
    place(question[0], question),
    place("", question, vectors[at]),
    place(question[0], question, vectors[at]),
  ]);
  console.log(JSON.stringify(ranks));
} else console.log(JSON.stringify(unvectored.map(({ key, text }) => [key, text])));

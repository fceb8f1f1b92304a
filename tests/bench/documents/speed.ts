/**
 * How long a search takes among so many passages with words and vectors, without a browser: the same code and the same
 * SQLite as in the worker. stdin: {passages, queries}. stdout: milliseconds of processor time of each query: other
 * programs make it last longer, but not cost more.
 */
import fs from "node:fs";
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { Search } from "../../../workers/documents/search.ts";
import { Store } from "../../../workers/documents/store.ts";

const WIDTH = 384;
const MODEL = "random";

const { passages, queries } = JSON.parse(fs.readFileSync(0, "utf8")) as {
  passages: string[];
  queries: string[];
};
const sqlite = await sqlite3InitModule();
const database = new sqlite.oo1.DB(":memory:", "c");
const store = new Store(database);
const search = new Search(database, store);
const { unread } = store.begin({ name: "all", type: "text", bytes: 1, hash: "all" });
const key = unread?.key ?? 0;
store.put(
  key,
  passages.map((text, at) => ({ page: at + 1, text })),
);
store.finish(key, passages.length, []);
const unit = (seed: number): Float32Array => {
  const vector = Float32Array.from({ length: WIDTH }, (_, place) =>
    Math.sin(seed * 12.9898 + place * 78.233),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
search.keep(
  MODEL,
  search.passages(MODEL, Number.MAX_SAFE_INTEGER).map(({ key }) => ({ key, vector: unit(key) })),
);
const times = queries.map((query, number) => {
  const began = process.cpuUsage();
  search.run({ query, top: 8, vector: { model: MODEL, values: unit(-number) } });
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
});
console.log(JSON.stringify(times));

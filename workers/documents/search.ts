/** Finds passages by their words (BM25 of SQLite's FTS5) and by their meaning (vectors), and joins both orders. */
import type { Database, SqlValue } from "@sqlite.org/sqlite-wasm";
import { fuse } from "./fusion.ts";
import type { DocumentHit, Passage, SearchArgs } from "./protocol.ts";
import type { Store } from "./store.ts";
import { cosine, pack, VectorIndex } from "./vectors.ts";
import { termsOf } from "./words.ts";

/** How deep each order is read: what is further down in one and absent in the other is of no use. */
const DEPTH = 60;

export class Search {
  readonly #database: Database;
  readonly #store: Store;
  #index: { model: string; vectors: VectorIndex } | undefined;

  constructor(database: Database, store: Store) {
    this.#database = database;
    this.#store = store;
  }

  /** Passages without a vector of `model`; of current versions first come those that came first. */
  passages(model: string, most: number): Passage[] {
    const rows = this.#database.selectObjects(
      "SELECT chunks.key, heading, text FROM chunks LEFT JOIN vectors ON chunk = chunks.key " +
        "WHERE chunk IS NULL OR model <> ? ORDER BY chunks.key LIMIT ?",
      [model, most],
    );
    return rows.map(({ key, heading, text }) => ({
      key: Number(key),
      text: [heading, text].filter(Boolean).join("\n"),
    }));
  }

  /** Keeps vectors; those of passages that are gone meanwhile are passed over. */
  keep(model: string, vectors: readonly { key: number; vector: Float32Array }[]): void {
    this.#database.transaction("IMMEDIATE", () => {
      for (const { key, vector } of vectors) {
        const document = this.#database.selectValue("SELECT document FROM chunks WHERE key = ?", [key]);
        if (document === undefined) continue;
        const packed = pack(vector);
        this.#database.exec({
          sql: "INSERT OR REPLACE INTO vectors (chunk, model, vector) VALUES (?, ?, ?)",
          bind: [key, model, packed],
        });
        if (this.#index?.model === model) this.#index.vectors.add(key, Number(document), packed);
      }
    });
  }

  /** Passages have gone: the vectors are read anew for the next search. */
  forget(): void {
    this.#index = undefined;
  }

  run({ query, vector, top, documents, collection }: SearchArgs): DocumentHit[] {
    const searched = this.#store.searched(documents, collection);
    if (searched.size === 0) return [];
    const terms = termsOf(query);
    const all = documents === undefined && collection === undefined;
    const byWords = this.#byWords(terms, all ? undefined : [...searched.keys()]);
    const near = vector
      ? this.#vectors(vector.model).nearest(vector.values, DEPTH, (key) => searched.has(key))
      : [];
    const orders = [byWords, near.map(({ key }) => key)].filter((order) => order.length > 0);
    const hits: DocumentHit[] = [];
    for (const [key, score] of fuse(orders)) {
      if (hits.length >= top) break;
      const row = this.#database.selectObject("SELECT * FROM chunks WHERE key = ?", [key]);
      const found = row && searched.get(Number(row.document));
      if (!found) continue;
      const start = Number(row.start);
      const end = Number(row.stop);
      if (hits.some((hit) => hit.document === found.id && overlap(hit, { start, end }) > 0.5)) continue;
      hits.push({
        document: found.id,
        name: found.name,
        page: Number(row.page),
        heading: String(row.heading),
        text: String(row.text),
        score,
        start,
        end,
        similarity: vector ? this.#similarity(key, vector) : null,
        matched: this.#matched(key, terms),
      });
    }
    return hits;
  }

  #byWords(terms: string[], within: number[] | undefined): number[] {
    if (terms.length === 0) return [];
    const match = terms.map((term) => `(${term})`).join(" OR ");
    const values: SqlValue[] = [match];
    let sql = "SELECT rowid AS key FROM words WHERE words MATCH ?";
    if (within) {
      sql += " AND rowid IN (SELECT key FROM chunks WHERE document IN (SELECT value FROM json_each(?)))";
      values.push(JSON.stringify(within));
    }
    // Headings tell more than what stands below them.
    sql += ` ORDER BY bm25(words, 2.0, 1.0, 1.0) LIMIT ${DEPTH}`;
    return this.#database.selectValues(sql, values).map(Number);
  }

  /** The part of the query's words that the index has of a passage. */
  #matched(key: number, terms: string[]): number {
    if (terms.length === 0) return 0;
    const has = terms.filter((term) =>
      this.#database.selectValue("SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?", [term, key]),
    );
    return has.length / terms.length;
  }

  #similarity(key: number, { model, values }: Required<SearchArgs>["vector"]): number | null {
    const sql = "SELECT vector FROM vectors WHERE chunk = ? AND model = ?";
    const packed = this.#database.selectValue(sql, [key, model]);
    return packed instanceof Uint8Array ? cosine(values, packed) : null;
  }

  #vectors(model: string): VectorIndex {
    if (this.#index?.model === model) return this.#index.vectors;
    const vectors = new VectorIndex();
    this.#database.exec({
      sql: "SELECT chunk, document, vector FROM vectors JOIN chunks ON chunks.key = chunk WHERE model = ?",
      bind: [model],
      rowMode: "array",
      callback: ([chunk, document, vector]) =>
        vectors.add(Number(chunk), Number(document), vector as Uint8Array),
    });
    this.#index = { model, vectors };
    return vectors;
  }
}

/** How much of the shorter of two stretches lies in the other. */
function overlap(one: Stretch, other: Stretch): number {
  const shared = Math.min(one.end, other.end) - Math.max(one.start, other.start);
  return shared / Math.max(1, Math.min(one.end - one.start, other.end - other.start));
}

interface Stretch {
  start: number;
  end: number;
}

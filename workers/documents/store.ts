/** What is kept of documents: versions, their text, the passages that it is cut into. */
import type { Database, SqlValue } from "@sqlite.org/sqlite-wasm";
import { AlcoveError, type ErrorData } from "../wire/errors.ts";
import { chunksOf } from "./chunks.ts";
import type { DocumentEntry, DocumentType, Known, OpenedDocument, Section, Unread } from "./protocol.ts";
import { prepare } from "./tables.ts";
import { gramsOf } from "./words.ts";

/** Between two sections of a text. */
const GAP = "\n\n";

/** A file that ended its reader so often will do so again. */
const MOST_ATTEMPTS = 3;

type Row = Record<string, SqlValue>;

interface NewDocument {
  name: string;
  type: DocumentType;
  bytes: number;
  hash: string;
  collection?: string;
}

export class Store {
  readonly #database: Database;
  #dropped = false;

  constructor(database: Database) {
    this.#database = database;
    prepare(database);
  }

  /** A new version of a document, or that there is nothing to do. A document is the file of one name. */
  begin({ name, type, bytes, hash, collection }: NewDocument): {
    id: string;
    outcome: "added" | "already" | "replaced";
    unread: Unread | null;
  } {
    return this.#together(() => {
      const same = this.#row("SELECT * FROM documents WHERE hash = ? AND state <> 'failed'", hash);
      // The version under way of this name is overtaken, and so is one that failed.
      const earlier = this.#row("SELECT * FROM documents WHERE name = ? AND current = 1", name);
      const id = String((same ?? earlier)?.id ?? crypto.randomUUID());
      if (collection !== undefined) this.#collect(id, collection);
      if (same) {
        const unread = same.state === "reading" ? this.#unread(same) : null;
        return { id, outcome: "already", unread };
      }
      this.#dropVersions("name = ? AND (current = 0 OR state <> 'ready')", name);
      const replaces = this.#row("SELECT key FROM documents WHERE id = ?", id) !== undefined;
      this.#run(
        "INSERT INTO documents (id, name, type, bytes, hash, added, state, current) VALUES (?, ?, ?, ?, ?, ?, 'reading', ?)",
        [id, name, type, bytes, hash, Date.now(), replaces ? 0 : 1],
      );
      const row = this.#row("SELECT * FROM documents WHERE key = last_insert_rowid()") as Row;
      return { id, outcome: replaces ? "replaced" : "added", unread: this.#unread(row) };
    });
  }

  /** What waits to be read, the oldest first. */
  unread(): Unread[] {
    return this.#rows("SELECT * FROM documents WHERE state = 'reading' ORDER BY key").map((row) =>
      this.#unread(row),
    );
  }

  /** Somebody begins to read it. Whether it is wanted; one that ended too many readers fails here. */
  take(key: number): boolean {
    const row = this.#row("SELECT * FROM documents WHERE key = ? AND state = 'reading'", key);
    if (!row) return false;
    if (Number(row.attempts) < MOST_ATTEMPTS) {
      this.#run("UPDATE documents SET attempts = attempts + 1 WHERE key = ?", [key]);
      return true;
    }
    this.fail(key, tooOften(String(row.name)).toData(), true);
    return false;
  }

  /** How much of a version is here. */
  known(key: number): Known {
    const row = this.#row(
      "SELECT count(*) AS sections, ifnull(max(page), 0) AS page FROM sections WHERE document = ?",
      key,
    ) as Row;
    const ofPage = this.#row(
      "SELECT count(*) AS count FROM sections WHERE document = ? AND page = ?",
      key,
      row.page as number,
    );
    return { sections: Number(row.sections), page: Number(row.page), ofPage: Number(ofPage?.count) };
  }

  /** Keeps sections that follow on those that are here. False where nobody wants them any more. */
  put(key: number, sections: Section[]): boolean {
    return this.#together(() => {
      const row = this.#row("SELECT * FROM documents WHERE key = ? AND state = 'reading'", key);
      if (!row) return false;
      let length = Number(row.characters);
      let number = this.#unread(row).sections;
      let pages = Number(row.pages);
      for (const section of sections) {
        const start = number === 0 ? 0 : length + GAP.length;
        this.#run("INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?)", [
          key,
          number++,
          section.page,
          section.title ?? null,
          start,
          section.text,
        ]);
        for (const { heading, text, start: from, end } of chunksOf(section)) {
          const above = [section.title, heading].filter(Boolean).join(" › ");
          this.#run(
            "INSERT INTO chunks (document, page, heading, text, grams, start, stop) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [key, section.page, above, text, gramsOf(text), start + from, start + end],
          );
        }
        length = start + section.text.length;
        pages = Math.max(pages, section.page);
      }
      // It has come further than the last reader: what ended that one need not end the next.
      this.#run("UPDATE documents SET characters = ?, pages = ?, attempts = 1 WHERE key = ?", [
        length,
        pages,
        key,
      ]);
      return true;
    });
  }

  /** All of it is here: it takes the place of the version before. */
  finish(key: number, pages: number, notes: string[]): void {
    this.#together(() => {
      const row = this.#row("SELECT * FROM documents WHERE key = ? AND state = 'reading'", key);
      if (!row) return;
      this.#dropVersions("id = ? AND key <> ?", row.id as string, key);
      this.#run(
        "UPDATE documents SET state = 'ready', current = 1, pages = max(pages, ?), notes = ? WHERE key = ?",
        [pages, JSON.stringify(notes), key],
      );
    });
    this.#shrink();
  }

  /** Without `keep`, and of a new version, nothing stays of it. */
  fail(key: number, problem: ErrorData, keep: boolean): void {
    this.#together(() => {
      this.#dropVersions(`key = ? AND state = 'reading' AND (current = 0 OR ${keep ? 0 : 1})`, key);
      this.#run("UPDATE documents SET state = 'failed', problem = ? WHERE key = ? AND state = 'reading'", [
        JSON.stringify(problem),
        key,
      ]);
      this.#run("DELETE FROM collections WHERE id NOT IN (SELECT id FROM documents)");
    });
    this.#shrink();
  }

  /** The newest first. */
  list(): DocumentEntry[] {
    return this.#rows("SELECT * FROM documents WHERE current = 1 ORDER BY added DESC, key DESC").map((row) =>
      this.#entry(row),
    );
  }

  /** @throws AlcoveError `bad-request` for one that is not there */
  open(id: string): OpenedDocument {
    const row = this.#current(id);
    const rows = this.#rows("SELECT * FROM sections WHERE document = ? ORDER BY number", row.key as number);
    const sections = rows.map(({ page, title, start, text }) => ({
      page: Number(page),
      start: Number(start),
      end: Number(start) + String(text).length,
      ...(title === null ? {} : { title: String(title) }),
    }));
    return { ...this.#entry(row), text: rows.map(({ text }) => text).join(GAP), sections };
  }

  /** Nothing of it stays, not in what the file held either. */
  remove(id: string): void {
    this.#together(() => {
      this.#dropVersions("id = ?", id);
      this.#run("DELETE FROM collections WHERE id = ?", [id]);
    });
    this.#shrink();
  }

  /** @throws AlcoveError `bad-request` for one that is not there */
  collect(id: string, collections: string[]): void {
    this.#together(() => {
      this.#current(id);
      this.#run("DELETE FROM collections WHERE id = ?", [id]);
      for (const name of collections) this.#collect(id, name);
    });
  }

  /** The versions that are searched, by key: all, or those of these documents or of this collection. */
  searched(documents?: string[], collection?: string): Map<number, { id: string; name: string }> {
    const within = new Set(
      collection === undefined
        ? []
        : this.#rows("SELECT id FROM collections WHERE name = ?", collection).map(({ id }) => String(id)),
    );
    const rows = this.#rows("SELECT key, id, name FROM documents WHERE current = 1").filter(
      ({ id }) =>
        (documents === undefined || documents.includes(String(id))) &&
        (collection === undefined || within.has(String(id))),
    );
    return new Map(rows.map(({ key, id, name }) => [Number(key), { id: String(id), name: String(name) }]));
  }

  /** The key of every version that there is. */
  keys(): number[] {
    return this.#rows("SELECT key FROM documents").map(({ key }) => Number(key));
  }

  #current(id: string): Row {
    const row = this.#row("SELECT * FROM documents WHERE id = ? AND current = 1", id);
    if (row) return row;
    throw new AlcoveError("bad-request", "This document is not here any more.", {
      action: "Choose one of the list.",
    });
  }

  #unread(row: Row): Unread {
    const sections = this.#database.selectValue("SELECT count(*) FROM sections WHERE document = ?", [
      row.key as number,
    ]);
    return {
      key: Number(row.key),
      id: String(row.id),
      name: String(row.name),
      type: row.type as DocumentType,
      sections: Number(sections),
    };
  }

  #entry(row: Row): DocumentEntry {
    const key = row.key as number;
    const counts = this.#row(
      "SELECT count(*) AS passages, count(vectors.chunk) AS understood FROM chunks " +
        "LEFT JOIN vectors ON vectors.chunk = chunks.key WHERE document = ?",
      key,
    ) as Row;
    const renewed = this.#row("SELECT key FROM documents WHERE id = ? AND current = 0", row.id as string);
    const names = this.#rows("SELECT name FROM collections WHERE id = ? ORDER BY name", row.id as string);
    return {
      id: String(row.id),
      name: String(row.name),
      type: row.type as DocumentType,
      bytes: Number(row.bytes),
      added: Number(row.added),
      state: renewed ? "reading" : (row.state as DocumentEntry["state"]),
      ...(row.problem === null ? {} : { problem: JSON.parse(String(row.problem)) as ErrorData }),
      pages: Number(row.pages),
      characters: Number(row.characters),
      passages: Number(counts.passages),
      understood: Number(counts.understood),
      notes: JSON.parse(String(row.notes)) as string[],
      collections: names.map(({ name }) => String(name)),
    };
  }

  #collect(id: string, name: string): void {
    this.#run("INSERT OR IGNORE INTO collections VALUES (?, ?)", [name, id]);
  }

  #dropVersions(where: string, ...values: SqlValue[]): void {
    for (const { key } of this.#rows(`SELECT key FROM documents WHERE ${where}`, ...values)) {
      this.#dropped = true;
      for (const table of ["chunks", "sections"])
        this.#run(`DELETE FROM ${table} WHERE document = ?`, [key as number]);
      this.#run("DELETE FROM documents WHERE key = ?", [key as number]);
    }
  }

  /** Where something was deleted: takes its words out of the index, and gives the room back to the disk. */
  #shrink(): void {
    if (!this.#dropped) return;
    this.#dropped = false;
    // A deleted word stays in the index, marked, until the index's parts are made one.
    this.#run("INSERT INTO words (words) VALUES ('optimize')");
    // Each step gives one page back.
    const vacuum = this.#database.prepare("PRAGMA incremental_vacuum");
    while (vacuum.step());
    vacuum.finalize();
  }

  #together<T>(work: () => T): T {
    return this.#database.transaction("IMMEDIATE", work);
  }

  #run(sql: string, values: SqlValue[] = []): void {
    this.#database.exec({ sql, bind: values });
  }

  #rows(sql: string, ...values: SqlValue[]): Row[] {
    return this.#database.selectObjects(sql, values);
  }

  #row(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#rows(sql, ...values)[0];
  }
}

const tooOften = (name: string): AlcoveError =>
  new AlcoveError("engine-crashed", `“${name}” could not be read: it stopped its reader several times.`, {
    action: "Save it anew in the program that made it, and add that.",
  });

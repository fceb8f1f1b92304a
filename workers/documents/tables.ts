/** The tables that documents are kept in. */
import type { Database } from "@sqlite.org/sqlite-wasm";

const VERSION = 1;

/** What is deleted is overwritten. */
const SETTINGS = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = TRUNCATE;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA synchronous = NORMAL;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16000;
  PRAGMA secure_delete = ON;
`;

/**
 * A document has a row for each version: the one that is searched is current; a new one takes its place when all of it
 * is read. `grams` is what can be found of scripts without spaces (words.ts).
 */
const TABLES = `
  CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    hash TEXT NOT NULL,
    added INTEGER NOT NULL,
    state TEXT NOT NULL,
    current INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    notes TEXT NOT NULL DEFAULT '[]',
    pages INTEGER NOT NULL DEFAULT 0,
    characters INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE sections (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,
    page INTEGER NOT NULL,
    title TEXT,
    start INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, number)
  ) WITHOUT ROWID;
  CREATE TABLE chunks (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL,
    page INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    grams TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL
  );
  CREATE INDEX chunks_of_document ON chunks (document);
  CREATE VIRTUAL TABLE words USING fts5 (
    heading, text, grams, content = 'chunks', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO words (rowid, heading, text, grams) VALUES (new.key, new.heading, new.text, new.grams);
  END;
  CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN
    INSERT INTO words (words, rowid, heading, text, grams)
      VALUES ('delete', old.key, old.heading, old.text, old.grams);
    DELETE FROM vectors WHERE chunk = old.key;
  END;
  CREATE TABLE vectors (chunk INTEGER PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL);
  CREATE TABLE collections (name TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
`;

/** Makes what is missing. */
export function prepare(database: Database): void {
  database.exec(SETTINGS);
  const version = Number(database.selectValue("PRAGMA user_version"));
  if (version === VERSION) return;
  database.transaction(() => {
    database.exec(TABLES);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  });
}

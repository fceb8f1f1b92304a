import assert from "node:assert/strict";
import { test } from "node:test";
import { shelf } from "./shelf.ts";

const problem = { code: "bad-request", message: "No.", action: "" } as const;

test("a document is read in pieces, and opened as one text", () => {
  const { store } = shelf();
  const { id, unread } = store.begin({ name: "a.pdf", type: "pdf", bytes: 3, hash: "h" });
  const { key } = unread ?? assert.fail();
  store.put(key, [{ page: 1, text: "First page." }]);
  assert.equal(store.list()[0]?.state, "reading");
  store.put(key, [{ page: 2, title: "Two", text: "Second page." }]);
  store.finish(key, 2, ["Page 3 is torn."]);
  const opened = store.open(id);
  assert.equal(opened.text, "First page.\n\nSecond page.");
  assert.deepEqual(
    opened.sections.map(({ start, end }) => opened.text.slice(start, end)),
    ["First page.", "Second page."],
  );
  assert.equal(opened.sections[1]?.title, "Two");
  const [entry] = store.list();
  assert.equal(entry?.state, "ready");
  assert.equal(entry?.pages, 2);
  assert.equal(entry?.characters, opened.text.length);
  assert.deepEqual(entry?.notes, ["Page 3 is torn."]);
});

test("the same bytes are kept once, under whatever name", () => {
  const { store, add } = shelf();
  const id = add("a.txt", "text", "hash");
  const again = store.begin({ name: "b.txt", type: "text", bytes: 4, hash: "hash", collection: "mine" });
  assert.deepEqual(again, { id, outcome: "already", unread: null });
  assert.deepEqual(store.list()[0]?.collections, ["mine"]);
});

test("a new version takes the old one's place when all of it is read", () => {
  const { store, add, find } = shelf();
  const id = add("a.txt", "The meeting is on Monday.");
  const begun = store.begin({ name: "a.txt", type: "text", bytes: 9, hash: "new" });
  assert.equal(begun.id, id);
  assert.equal(begun.outcome, "replaced");
  const { key } = begun.unread ?? assert.fail();
  store.put(key, [{ page: 1, text: "The meeting is on Friday." }]);
  assert.match(find("meeting")[0]?.text ?? "", /Monday/);
  assert.equal(find("meeting").length, 1);
  assert.equal(store.list()[0]?.state, "reading");
  store.finish(key, 1, []);
  assert.match(find("meeting")[0]?.text ?? "", /Friday/);
  assert.equal(find("monday").length, 0);
  assert.equal(store.list().length, 1);
});

test("a new version that cannot be read leaves the old one", () => {
  const { store, add, find } = shelf();
  add("a.txt", "The meeting is on Monday.");
  const { unread } = store.begin({ name: "a.txt", type: "text", bytes: 9, hash: "new" });
  store.put(unread?.key ?? 0, [{ page: 1, text: "Half of it." }]);
  store.fail(unread?.key ?? 0, problem, true);
  assert.equal(store.list()[0]?.state, "ready");
  assert.equal(find("monday").length, 1);
  assert.equal(find("half").length, 0);
});

test("reading goes on where it was, and gives up on a file that ends its readers", () => {
  const { store } = shelf();
  const { unread } = store.begin({ name: "a.pdf", type: "pdf", bytes: 3, hash: "h" });
  const key = unread?.key ?? 0;
  for (const _ of [1, 2, 3]) assert.ok(store.take(key));
  store.put(key, [{ page: 1, text: "One." }]);
  assert.equal(store.unread()[0]?.sections, 1);
  // It came further: that counts.
  for (const _ of [1, 2]) assert.ok(store.take(key));
  assert.ok(!store.take(key));
  assert.equal(store.list()[0]?.state, "failed");
  assert.equal(store.list()[0]?.problem?.code, "engine-crashed");
  assert.equal(store.open(store.list()[0]?.id ?? "").text, "One.");
});

test("what nobody wants any more is refused", () => {
  const { store } = shelf();
  const { id, unread } = store.begin({ name: "a.txt", type: "text", bytes: 3, hash: "h", collection: "c" });
  store.remove(id);
  assert.ok(!store.put(unread?.key ?? 0, [{ page: 1, text: "x" }]));
  assert.ok(!store.take(unread?.key ?? 0));
  assert.deepEqual(store.unread(), []);
  assert.throws(() => store.open(id), { code: "bad-request" });
  assert.throws(() => store.collect(id, ["c"]), { code: "bad-request" });
});

test("of a removed document nothing stays in the file", () => {
  const { database, store, search, add } = shelf();
  add("other.txt", "Something else stays here.");
  const id = add("diary.txt", "My secret is xylophonic.");
  search.keep("m", [{ key: 2, vector: new Float32Array([1, 0]) }]);
  store.remove(id);
  const rows = (table: string) => Number(database.selectValue(`SELECT count(*) FROM ${table}`));
  for (const table of ["documents", "sections", "chunks", "words"]) assert.equal(rows(table), 1, table);
  assert.equal(rows("vectors"), 0);
  const pages = database.selectValues("SELECT data FROM sqlite_dbpage") as Uint8Array[];
  const held = pages.map((page) => new TextDecoder("latin1").decode(page)).join("");
  assert.ok(held.includes("Something else"));
  assert.ok(!/xyloph/i.test(held));
});

/** The Documents tab: what it says, and how files come in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Shelf } from "../../../../web/page/documents/shelf.ts";
import { facts, marked, standing } from "../../../../web/page/documents/told.ts";

const entry = {
  type: "pdf",
  pages: 12,
  bytes: 340_000,
  state: "ready",
  passages: 4,
  understood: 4,
} as never;

test("a document in a line", () => {
  assert.equal(facts(entry), "PDF · 12 pages · 340 KB");
  assert.equal(facts({ ...(entry as object), type: "text", pages: 1, bytes: 12 } as never), "Text · 1 KB");
  assert.equal(standing(entry), "");
  assert.match(standing({ ...(entry as object), understood: 1 } as never), /being read: 25 %/);
  const problem = { code: "bad-request", message: "It is locked.", action: "Unlock it." };
  assert.equal(
    standing({ ...(entry as object), state: "failed", problem } as never),
    "It is locked. Unlock it.",
  );
});

test("words of a query are marked, whatever else it says", () => {
  const hits = (text: string, query: string) =>
    marked(text, query).flatMap(({ text: piece, hit }) => (hit ? piece : []));
  assert.deepEqual(hits("The Ferry leaves; a ferry.", "when FERRY (.*"), ["Ferry", "ferry"]);
  assert.deepEqual(hits("船は九時に出る", "船"), ["船"]);
  assert.deepEqual(hits("a.b", ".*+?[("), []);
  const text = "Ferry <b>leaves</b>";
  assert.equal(
    marked(text, "leaves")
      .map((piece) => piece.text)
      .join(""),
    text,
  );
});

/** A shelf over documents whose `add` waits until it is let. */
function adding() {
  const running: {
    name: string;
    done(outcome?: string): void;
    fail(code: string): void;
    signal: AbortSignal;
  }[] = [];
  const documents = Object.assign(new EventTarget(), {
    list: async () => [],
    add: (file: File, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        const fail = (code: string) => reject({ code, message: "It is damaged.", action: "Use another." });
        signal.addEventListener("abort", () => fail("cancelled"));
        running.push({ name: file.name, done: (outcome = "added") => resolve({ outcome }), fail, signal });
      }),
  });
  const shelf = new Shelf(Promise.resolve({ documents } as never));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { shelf, running, settle };
}

const files = (...names: string[]) => names.map((name) => new File(["x"], name));

test("two files are read at a time; one that fails keeps no other from coming", async () => {
  const { shelf, running, settle } = adding();
  shelf.add(files("a", "b", "c"));
  await settle();
  assert.deepEqual(
    running.map(({ name }) => name),
    ["a", "b"],
  );
  assert.deepEqual(
    shelf.coming.map(({ name }) => name),
    ["a", "b", "c"],
  );
  running[0]?.fail("bad-request");
  await settle();
  assert.deepEqual(
    shelf.refused.map(({ name, failure }) => [name, failure.message]),
    [["a", "It is damaged."]],
  );
  running[1]?.done("already");
  running[2]?.done();
  await settle();
  assert.deepEqual([shelf.coming.length, shelf.already], [0, 1]);
  shelf.dismiss();
  assert.deepEqual([shelf.refused.length, shelf.already], [0, 0]);
  shelf.add(files("d"));
  await settle();
  assert.equal(running.at(-1)?.name, "d");
});

test("what is stopped is no failure, whether it is read or waits", async () => {
  const { shelf, running, settle } = adding();
  shelf.add(files("a", "b", "c"));
  await settle();
  shelf.coming.find(({ name }) => name === "c")?.stop();
  shelf.stopAll();
  await settle();
  assert.ok(running.every(({ signal }) => signal.aborted));
  assert.equal(running.length, 2);
  assert.deepEqual([shelf.coming.length, shelf.refused.length], [0, 0]);
});

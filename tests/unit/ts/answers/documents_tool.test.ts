/** What Python asks of the person's documents, as the page answers it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lookInto } from "../../../../web/sdk/tools/documents.ts";

const never = new AbortController().signal;

/** A shelf of two documents that keeps what is searched for. */
function shelf() {
  const asked: unknown[] = [];
  const entries = [
    { id: "d1", name: "guide.pdf", pages: 2, bytes: 9 },
    { id: "d2", name: "notes.md", pages: 1, bytes: 9 },
  ];
  const sections = [
    { page: 1, start: 0, end: 5 },
    { page: 2, start: 5, end: 9 },
  ];
  const here = {
    list: async () => entries,
    search: async (query: string, { signal, ...options }: { signal: AbortSignal }) => {
      asked.push([query, options, signal]);
      return [{ document: "d1" }];
    },
    open: async (id: string) => ({
      text: id === "d1" ? "one, two." : "alone",
      sections: id === "d1" ? sections : [],
    }),
  };
  return { asked, here: here as never };
}

test("a search is among the documents that are meant and still there", async () => {
  const { asked, here } = shelf();
  const search = { action: "search" as const, query: "ferry", top: 3 };
  assert.deepEqual(await lookInto(here, search, never), {
    searched: ["guide.pdf", "notes.md"],
    passages: [{ document: "d1" }],
  });
  await lookInto(here, { ...search, documents: ["gone", "d2"] }, never);
  assert.deepEqual(asked, [
    ["ferry", { top: 3 }, never],
    ["ferry", { top: 3, documents: ["d2"] }, never],
  ]);
});

test("documents that are all gone are not searched, and no others in their place", async () => {
  const { asked, here } = shelf();
  const search = { action: "search" as const, query: "ferry", top: 3, documents: ["gone"] };
  assert.deepEqual(await lookInto(here, search, never), { searched: [], passages: [] });
  const none = { ...search, documents: [] };
  assert.deepEqual(await lookInto(here, none, never), { searched: [], passages: [] });
  assert.deepEqual(asked, []);
});

test("a list says no more than what is needed to choose", async () => {
  const { documents } = (await lookInto(shelf().here, { action: "list" }, never)) as { documents: object[] };
  assert.deepEqual(documents[0], { id: "d1", name: "guide.pdf", pages: 2 });
});

test("a page that there is not is the nearest that there is", async () => {
  const { here } = shelf();
  const read = (document: string, page: number) => lookInto(here, { action: "open", document, page }, never);
  for (const [wanted, page, text] of [
    [1, 1, "one, "],
    [2, 2, "two."],
    [99, 2, "two."],
    [-3, 1, "one, "],
  ] as const)
    assert.deepEqual(await read("d1", wanted), { page, pages: 2, text });
  assert.deepEqual(await read("d2", 4), { page: 1, pages: 1, text: "alone" });
});

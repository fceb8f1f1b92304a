/** How the list of conversations is parted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConversationSummary } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { document: { documentElement: { dataset: {} } } });
const { foldersOf, groupsOf } = await import("../../../../web/page/shell/groups.ts");

const conversation = (id: string, more: Partial<ConversationSummary> = {}): ConversationSummary => ({
  ...{ id, title: id, created: "2026-01-01T00:00:00Z", updated: "2026-01-01T00:00:00Z", count: 2 },
  ...more,
});

const shown = (conversations: ConversationSummary[]) =>
  groupsOf(conversations, (updated) => updated.slice(0, 10)).map(({ kind, title, rows }) => [
    kind,
    title,
    rows.map(({ id }) => id).join(" "),
  ]);

test("each stands in one group: put away before pinned before its folder before its day", () => {
  const all = [
    conversation("day"),
    conversation("zoo", { folder: "Zoo" }),
    conversation("both", { pinned: true, folder: "Zoo" }),
    conversation("away", { archived: true, pinned: true, folder: "Art" }),
    conversation("art", { folder: "Art" }),
    conversation("later", { updated: "2025-12-31T00:00:00Z" }),
    conversation("same"),
  ];
  assert.deepEqual(shown(all), [
    ["pinned", "Pinned", "both"],
    ["folder", "Art", "art"],
    ["folder", "Zoo", "zoo"],
    ["day", "2026-01-01", "day same"],
    ["day", "2025-12-31", "later"],
    ["archived", "Archived", "away"],
  ]);
  assert.deepEqual(foldersOf(all), ["Art", "Zoo"]);
});

test("a folder that is called as a group of Alcove's is one of its own", () => {
  const all = [
    conversation("one", { folder: "Pinned" }),
    conversation("two", { pinned: true }),
    conversation("three", { folder: "2026-01-01" }),
    conversation("four"),
  ];
  assert.equal(new Set(groupsOf(all, () => "2026-01-01").map(({ key }) => key)).size, 4);
});

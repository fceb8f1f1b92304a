import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { newBrowser, newTab, Session, said, settle } from "../store/tabs.ts";

beforeEach(newBrowser);

test("pinned, in a folder and put away it stays through turns, in every tab, and in a file", async () => {
  const [tab, other] = [newTab(), newTab()];
  await other.list();
  const session = await new Session(tab, "a").open();
  await session.turn("one");
  await tab.place("a", { pinned: true, folder: "  Work\u0000 \u202e stuff " });
  await session.turn("two");
  await tab.place("a", { archived: true });
  await settle();
  for (const each of [tab, other, newTab()]) {
    const [{ pinned, archived, folder } = {} as never] = await each.list();
    assert.deepEqual([pinned, archived, folder], [true, true, "Work stuff"]);
  }
  const file = await tab.export();
  newBrowser();
  const elsewhere = newTab();
  await elsewhere.import(file);
  assert.equal(await (await elsewhere.export()).text(), await file.text());
  await elsewhere.place("a", { pinned: false, archived: false, folder: "" });
  assert.deepEqual(Object.keys((await elsewhere.list())[0] ?? {}).sort(), [
    "count",
    "created",
    "id",
    "title",
    "updated",
  ]);
});

test("a model's title stands until a person gives one, and never over a person's", async () => {
  const tab = newTab();
  const session = await new Session(tab, "a").open();
  await session.turn("one");
  await tab.rename("a", "By the model", { by: "model" });
  await session.turn("two");
  assert.equal((await newTab().list())[0]?.title, "By the model");
  await tab.rename("a", "Mine");
  await tab.rename("a", "By the model again", { by: "model" });
  await session.turn("three");
  assert.equal((await newTab().list())[0]?.title, "Mine");
});

test("a title is one line that can be read, however it was given", async () => {
  const tab = newTab();
  await (await new Session(tab, "a").open()).turn("one");
  const title = async () => (await tab.list())[0]?.title ?? "";
  await tab.rename("a", "👍".repeat(10_000));
  assert.equal([...(await title())].length, 200);
  await tab.rename("a", "a\u0000\n\t\u202eb<script>");
  assert.equal(await title(), "a b<script>");
  for (const none of ["", " \n\u0000\u202e ", 7 as never])
    await assert.rejects(tab.rename("a", none), { code: "bad-request" });
  assert.equal(await title(), "a b<script>");
});

test("what was deleted comes back as it was, with its branches, in every tab", async () => {
  const [tab, other] = [newTab(), newTab()];
  await other.list();
  const session = await new Session(tab, "a").open();
  await session.turn("one");
  await tab.place("a", { pinned: true });
  const before = [await tab.get("a"), await tab.list()];
  const undo = await tab.remove("a");
  await settle();
  assert.deepEqual([await tab.list(), await other.list(), await newTab().list()], [[], [], []]);
  await undo();
  await settle();
  assert.deepEqual([await tab.get("a"), await tab.list()], before);
  assert.deepEqual([await other.get("a"), await other.list()], before);
  // Twice is once, and it goes on.
  await undo();
  await (await new Session(newTab(), "a").open()).turn("two");
  assert.deepEqual(await said("a"), ["one", "one!", "two", "two!"]);
  await (await tab.remove("none"))();
  assert.equal((await tab.list()).length, 1);
});

/** How a conversation is answered: set by the person, kept at once, and not taken back by a session that saves. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { delta, newBrowser, newTab, question, reply, Session, settle } from "./tabs.ts";

beforeEach(newBrowser);

const COLD = { temperature: 0, maxTokens: 40 };

test("it is kept at once, heard in other tabs, and stays when an older session saves", async () => {
  const [here, there] = [newTab(), newTab()];
  const session = await new Session(here, "x").open();
  await session.turn("one");
  const heard: string[] = [];
  here.addEventListener("change", (event) => heard.push((event as CustomEvent).detail.what));
  await there.configure("x", { system: "Be brief.", sampling: COLD });
  await settle();
  assert.deepEqual(heard, ["configured"]);
  await session.turn("two");
  const { system, sampling, messages } = (await newTab().get("x")) ?? {};
  assert.deepEqual([system, sampling, messages?.length], ["Be brief.", COLD, 4]);
  assert.deepEqual((await here.head("x"))?.sampling, COLD);
});

test("what is left out stays, and nothing chosen is no other sampling", async () => {
  const tab = newTab();
  await (await new Session(tab, "x").open()).turn("one");
  await tab.configure("x", { system: "Be brief." });
  await tab.configure("x", { sampling: COLD });
  assert.equal((await tab.head("x"))?.system, "Be brief.");
  await tab.configure("x", { system: "", sampling: {} });
  const head = await tab.head("x");
  assert.deepEqual([head?.system, head?.sampling], ["", {}]);
});

test("a new conversation has what it was opened with", async () => {
  const tab = newTab();
  const { writer } = await new Session(tab, "x").open();
  await writer.save({ ...delta("x", 0, question("one")), sampling: COLD });
  assert.deepEqual((await newTab().get("x"))?.sampling, COLD);
});

test("of an agent's conversation the person's system prompt counts until it is taken back", async () => {
  const tab = newTab();
  const { writer } = await new Session(tab, "x").open();
  const agent = { id: "a", name: "Ann" };
  await writer.save({ ...delta("x", 0, question("one")), agent });
  await tab.configure("x", { system: "Mine." });
  await writer.save({ ...delta("x", 1, reply("1")), agent });
  assert.deepEqual((await tab.head("x"))?.agent, { ...agent, system: true });
  // It goes on with another.
  await writer.save({ ...delta("x", 2, question("two")), agent: { id: "b", name: "Bob" } });
  assert.deepEqual((await tab.head("x"))?.agent, { id: "b", name: "Bob" });
  await tab.configure("x", { system: "" });
  assert.deepEqual((await tab.head("x"))?.agent, { id: "b", name: "Bob" });
});

test("what is no sampling, and no conversation, is refused", async () => {
  const tab = newTab();
  await (await new Session(tab, "x").open()).turn("one");
  await assert.rejects(tab.configure("x", { sampling: { temperature: 9 } }), { code: "bad-request" });
  await assert.rejects(tab.configure("nobody", { system: "x" }), { code: "bad-request" });
});

test("it goes with the conversation into a file, and comes back with it", async () => {
  const tab = newTab();
  await (await new Session(tab, "x").open()).turn("one");
  await tab.configure("x", { sampling: COLD });
  const file = await tab.export();
  newBrowser();
  const other = newTab();
  assert.deepEqual((await other.import(file)).added, ["x"]);
  assert.deepEqual((await other.head("x"))?.sampling, COLD);
  const wrong = new Blob([(await file.text()).replace('"temperature":0', '"temperature":9')]);
  newBrowser();
  assert.equal((await newTab().import(wrong)).refused.length, 1);
});

/** What the person has allowed for longer than one call: remembered, listed, taken back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Permissions } from "../../../../web/sdk/sessions/permissions.ts";
import type { Conversations } from "../../../../web/sdk/store/conversations.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";

const OPTIONS = ["Allow once", "Allow in this conversation", "Allow always", "Deny", "Never allow"];

function lab() {
  const here = new Map([
    ["a", "About mail"],
    ["b", "About files"],
  ]);
  const list = async () => [...here].map(([id, title]) => ({ id, title }));
  const settings = new Settings(null);
  const permissions = new Permissions(settings, { list } as unknown as Conversations);
  /** What the page draws of a question, and what Python was answered. */
  const ask = async (
    tool: string | undefined,
    conversation: string,
    option?: string,
    { options = OPTIONS, origin = "page" } = {},
  ) => {
    const answered: string[] = [];
    const question = {
      type: "approval" as const,
      id: "q",
      prompt: "Allow?",
      options,
      ...(tool ? { tool, origin } : {}),
    };
    const drawn = await permissions.ask(question, conversation, async (given) => void answered.push(given));
    if (drawn && option) await drawn.respond(option);
    return { drawn: drawn !== null, answered };
  };
  return { permissions, settings, here, ask };
}

test("once is once, and a refusal is not remembered", async () => {
  const { ask, permissions } = lab();
  for (const option of ["Allow once", "Deny", "Allow once"]) {
    assert.deepEqual(await ask("mail", "a", option), { drawn: true, answered: [option] });
  }
  assert.deepEqual(await permissions.list(), []);
});

test("in this conversation is in no other one", async () => {
  const { ask } = lab();
  await ask("mail", "a", "Allow in this conversation");
  assert.deepEqual(await ask("mail", "a"), { drawn: false, answered: ["Allow in this conversation"] });
  assert.equal((await ask("mail", "b")).drawn, true);
  assert.equal((await ask("files", "a")).drawn, true);
});

test("never is in every conversation, whatever was allowed in one, until it is taken back", async () => {
  const { ask, permissions } = lab();
  await ask("files", "a", "Allow always");
  await ask("mail", "a", "Allow in this conversation");
  await ask("mail", "b", "Never allow");
  for (const where of ["a", "b", "c"])
    assert.deepEqual(await ask("mail", where), { drawn: false, answered: ["Never allow"] });
  const never = { tool: "mail", origin: "page", conversation: null, never: true as const };
  assert.deepEqual((await permissions.list()).at(-1), { ...never, title: null });
  await permissions.takeBack(never);
  assert.equal((await ask("mail", "a")).drawn, true);
  assert.deepEqual(await ask("files", "b"), { drawn: false, answered: ["Allow always"] });
});

test("always is in every conversation, until it is taken back", async () => {
  const { ask, permissions } = lab();
  await ask("mail", "a", "Allow in this conversation");
  await ask("mail", "b", "Allow always");
  await ask("mail", "b", "Allow always");
  assert.deepEqual(await ask("mail", "c"), { drawn: false, answered: ["Allow always"] });
  assert.deepEqual(await permissions.list(), [
    { tool: "mail", origin: "page", conversation: null, title: null },
    { tool: "mail", origin: "page", conversation: "a", title: "About mail" },
  ]);
  await permissions.takeBack({ tool: "mail", origin: "page", conversation: null });
  assert.equal((await ask("mail", "b")).drawn, true);
  assert.equal((await ask("mail", "a")).drawn, false);
  await permissions.takeBack({ tool: "mail", origin: "page", conversation: "a" });
  assert.equal((await ask("mail", "a")).drawn, true);
});

test("a tool of the same name that comes from elsewhere is asked about anew", async () => {
  const { ask, permissions, settings } = lab();
  await settings.set("permissions", [{ tool: "mail", conversation: null }]); // as it was kept before
  assert.equal((await ask("mail", "a", "Allow always")).drawn, true);
  assert.equal((await ask("mail", "a")).drawn, false);
  assert.equal((await ask("mail", "a", "Allow in this conversation", { origin: "mcp" })).drawn, true);
  await permissions.takeBack({ tool: "mail", origin: "page", conversation: null });
  assert.equal((await ask("mail", "a", undefined, { origin: "mcp" })).drawn, false);
  assert.equal((await ask("mail", "b", undefined, { origin: "mcp" })).drawn, true);
});

test("what was allowed in a conversation ends with it", async () => {
  const { ask, permissions, here } = lab();
  await ask("mail", "a", "Allow in this conversation");
  await ask("mail", "b", "Allow in this conversation");
  await permissions.forget("a");
  here.delete("b");
  assert.deepEqual(await permissions.list(), []);
  here.set("b", "Back again");
  assert.equal((await ask("mail", "b")).drawn, true);
});

test("of a question of another module nothing is remembered", async () => {
  const { ask } = lab();
  await ask(undefined, "a", "Allow always");
  assert.equal((await ask(undefined, "a")).drawn, true);
  await ask("mail", "a", "Allow always");
  assert.equal((await ask("mail", "a", undefined, { options: ["Allow", "Deny"] })).drawn, true);
});

test("where nothing can be kept the person is asked each time", async () => {
  const { permissions, settings, ask } = lab();
  settings.update = () => Promise.reject(new Error("full"));
  assert.deepEqual(await ask("mail", "a", "Allow always"), { drawn: true, answered: ["Allow always"] });
  settings.get = () => Promise.reject(new Error("gone"));
  assert.equal((await ask("mail", "a")).drawn, true);
  await assert.rejects(permissions.list());
});

/** What the palette offers, and that each of it does what it says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { read, write } from "../../../../web/page/kit/storage.ts";
import type { Tab } from "../../../../web/page/state/tab.ts";
import type { AgentEntry, ConversationSummary, ModelEntry } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { document: { documentElement: { dataset: {} } } });
const { paletteItems } = await import("../../../../web/page/shell/palette-items.ts");
const { choices, sends } = await import("../../../../web/page/state/choices.ts");

function lab(known: Partial<Parameters<typeof paletteItems>[0]> = {}) {
  const done: unknown[] = [];
  const note =
    (name: string) =>
    (...given: unknown[]) =>
      void done.push([name, ...given]);
  const names = [
    "openTab",
    "openPart",
    "startNew",
    "search",
    "open",
    "chooseModel",
    "use",
    "startWith",
    "showKeys",
    "export",
    "stop",
    "quote",
  ];
  const actions = Object.fromEntries(names.map((name) => [name, note(name)]));
  const items = paletteItems(
    {
      tabs: [],
      workbench: true,
      busy: false,
      selected: false,
      conversations: [],
      models: [],
      agents: [],
      ...known,
    },
    actions as unknown as Parameters<typeof paletteItems>[1],
  );
  const run = (id: string) => items.find((item) => item.id === id)?.run();
  return { items, done, run };
}

test("each kind of thing is there and is opened as itself", () => {
  const tab = { id: "vision", name: "Vision", digit: 2 } as Tab;
  const { done, run } = lab({
    tabs: [tab],
    conversations: [{ id: "c", title: "Herons" }] as ConversationSummary[],
    models: [{ id: "m", name: "Tiny" }] as ModelEntry[],
    agents: [{ id: "a", name: "Ann", description: "" }] as AgentEntry[],
  });
  for (const id of [
    "tab-vision",
    "conversation-c",
    "model-m",
    "agent-a",
    "setting-privacy",
    "new",
    "keys",
    "export",
  ])
    run(id);
  assert.deepEqual(done, [
    ["openTab", tab],
    ["open", "c"],
    ["use", "m"],
    ["startWith", { id: "a", name: "Ann" }],
    ["openPart", "privacy"],
    ["startNew"],
    ["showKeys"],
    ["export"],
  ]);
});

test("only what can be done is offered, under ids of their own", () => {
  const ids = ({ items }: ReturnType<typeof lab>) => items.map(({ id }) => id);
  const bare = ids(lab({ workbench: false }));
  for (const absent of ["stop", "export", "setting-privacy"]) assert.ok(!bare.includes(absent), absent);
  assert.ok(ids(lab({ busy: true })).includes("stop"));
  assert.equal(new Set(bare).size, bare.length);
});

test("the colours that stand are not offered; another is taken and kept", () => {
  const { items, run } = lab();
  assert.ok(!items.some(({ id }) => id === "look-theme-auto"));
  run("look-theme-dark");
  assert.equal(choices.get("theme"), "dark");
  assert.equal(document.documentElement.dataset.theme, "dark");
  assert.ok(!lab().items.some(({ id }) => id === "look-theme-dark"));
  choices.next("theme");
  assert.deepEqual([choices.get("theme"), document.documentElement.dataset.theme], ["auto", undefined]);
});

test("what the device keeps and nobody knows is as if nothing were chosen", () => {
  write("local", "alcove.text", "enormous");
  assert.equal(choices.get("text"), "usual");
  choices.set("text", "large");
  assert.equal(read("local", "alcove.text"), "large");
});

test("what sends a message is Enter, or Enter with Ctrl or ⌘ where that was chosen", () => {
  const press = (about: object) =>
    sends({ key: "Enter", keyCode: 13, ctrlKey: false, metaKey: false, ...about } as KeyboardEvent);
  assert.deepEqual(
    [press({}), press({ shiftKey: true }), press({ keyCode: 229 }), press({ key: "a" })],
    [true, false, false, false],
  );
  choices.set("send", "ctrl-enter");
  assert.deepEqual([press({}), press({ ctrlKey: true }), press({ metaKey: true })], [false, true, true]);
  choices.set("send", "enter");
});

test("what is selected of an answer can be quoted, and is offered first", () => {
  const { items, done, run } = lab({ selected: true });
  assert.equal(items[0]?.id, "quote");
  run("quote");
  assert.deepEqual(done, [["quote"]]);
  assert.equal(
    lab({}).items.find(({ id }) => id === "quote"),
    undefined,
  );
});

/** The registry of tabs, the ways between them, and their addresses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { currentTab, HOME, tabUrl } from "../../../../web/page/state/route.ts";
import type { Tab } from "../../../../web/page/state/tab.ts";

// What a browser has and nothing here looks at.
Object.assign(globalThis, {
  __BUILD__: {},
  CSS: { supports: () => true },
  HTMLElement: class {},
  location: { hash: "", pathname: "/page/", search: "?lab" },
});
const { TABS } = await import("../../../../web/page/shell/tabs.ts");
const { tabOfKey } = await import("../../../../web/page/shell/tab-keys.ts");
const { compactTabs } = await import("../../../../web/page/shell/tab-links.ts");
const { TabScripts } = await import("../../../../web/page/shell/tab-scripts.ts");

const goTo = (hash: string): void => {
  location.hash = hash;
};

const [chat] = TABS;
const tabs = (count: number): Tab[] =>
  Array.from({ length: count }, (_, index) => ({ ...chat, id: `tab-${index}`, digit: index + 1 }));

test("no two tabs share an id, an address or a key, and one shows the conversations", () => {
  for (const trait of ["id", "address", "digit"] as const) {
    assert.equal(new Set(TABS.map((tab) => tab[trait])).size, TABS.length, trait);
  }
  assert.equal(TABS.filter(({ address }) => address === HOME).length, 1);
  for (const { digit } of TABS) assert.ok(digit >= 1 && digit <= 9);
});

test("a phone's top bar offers the one other tab, or a menu of more", () => {
  const [only] = tabs(1) as [Tab];
  assert.equal(compactTabs([only], only), null);
  const [first, second] = tabs(2) as [Tab, Tab];
  assert.equal(compactTabs([first, second], first), second);
  assert.equal(compactTabs([first, second], second), first);
  for (const count of [3, 7]) {
    const many = tabs(count);
    for (const open of many) assert.equal(compactTabs(many, open), "menu");
  }
});

const press = (keys: Partial<KeyboardEvent>) =>
  tabOfKey(TABS, {
    ctrlKey: false,
    shiftKey: false,
    altKey: false,
    metaKey: false,
    ...keys,
  } as KeyboardEvent)?.id;

test("Ctrl and Shift with its digit open a tab; what belongs to browsers and systems does not", () => {
  const keys = { code: "Digit2", ctrlKey: true, shiftKey: true };
  assert.equal(press(keys), "vision");
  assert.equal(press({ ...keys, code: "Digit1" }), "chat");
  assert.equal(press({ ...keys, code: "Digit9" }), "settings");
  assert.equal(press({ ...keys, code: "Digit0" }), undefined);
  for (const other of [{ shiftKey: false }, { ctrlKey: false }, { altKey: true }, { metaKey: true }]) {
    assert.equal(press({ ...keys, ...other }), undefined);
  }
});

test("addresses stay what they were", () => {
  assert.equal(tabUrl("vision", "a b"), "/page/?lab#vision");
  assert.equal(tabUrl(HOME, "a b"), "/page/?lab#c=a%20b");
  assert.equal(tabUrl(HOME, undefined), "/page/?lab");
  const known = TABS.map(({ address }) => address);
  for (const [hash, tab] of [
    ["#vision", "vision"],
    ["#c=1", HOME],
    ["", HOME],
    ["#no-such-tab", HOME],
  ] as const) {
    goTo(hash);
    assert.equal(currentTab(known), tab, hash);
  }
});

test("a script is asked for once, and what could not be had is told", async () => {
  let asked = 0;
  let changes = 0;
  const scripts = new TabScripts(() => {
    changes += 1;
  });
  const [one, other] = tabs(2) as [Tab, Tab];
  one.load = async () => {
    asked += 1;
  };
  other.load = () => Promise.reject(new Error("no network"));
  assert.equal(scripts.isHere(one), false);
  assert.deepEqual(
    [one, one, other].map((tab) => scripts.bring(tab)),
    ["coming", "coming", "coming"],
  );
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([scripts.bring(one), scripts.bring(other)], ["here", "failed"]);
  assert.deepEqual([asked, changes, scripts.isHere(one), scripts.isHere(other)], [1, 2, true, false]);
  const { load: _, ...first } = one;
  assert.equal(scripts.bring(first), "here");
});

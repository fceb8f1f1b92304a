import assert from "node:assert/strict";
import { test } from "node:test";
import { newBrowser, newTab, question, reply, Session, settle } from "./tabs.ts";

/** Mulberry32: the same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const IDS = ["a", "b", "c"];

/**
 * Three tabs do what comes to them. Every word that was said is kept once, in the order in which it was said, unless its
 * conversation was deleted; then nothing of it is there. Returns what was wrong.
 */
async function play(seed: number, actions: number): Promise<void> {
  newBrowser();
  const pick = numbers(seed);
  const tabs = [newTab(), newTab(), newTab()];
  const sessions = tabs.map(() => new Map<string, Session>());
  const expected = new Map<string, string[]>();
  const deleted = new Set<string>();
  const titles = new Map<string, string>();
  let said = 0;
  for (let action = 0; action < actions; action++) {
    const at = pick(3);
    const [tab, open] = [tabs[at], sessions[at]];
    const id = IDS[pick(IDS.length)] as string;
    assert.ok(tab && open);
    const session = open.get(id) ?? (await new Session(tab, id).open());
    open.set(id, session);
    const words = expected.get(id) ?? [];
    switch (pick(8)) {
      case 0: // It dies in mid-answer, and is opened again.
      case 1: {
        const killed = await begin(session, `q${++said}`);
        if (!killed) break;
        session.writer.say({ type: "text", text: `half${said}` });
        session.writer.leave();
        words.push(`q${said}`, `half${said}`);
        expected.set(id, words);
        tabs[at] = newTab();
        sessions[at] = new Map();
        await settle();
        break;
      }
      case 2:
        await tab.remove(id);
        if (expected.delete(id)) deleted.add(id);
        deleted.add(id);
        titles.delete(id);
        break;
      case 3:
        if (!expected.has(id)) break;
        await tab.rename(id, `title ${action}`);
        titles.set(id, `title ${action}`);
        break;
      case 4:
        tab.release(id);
        open.delete(id);
        break;
      default: {
        if (!(await begin(session, `q${++said}`))) break;
        await session.add(reply(`a${said}`));
        words.push(`q${said}`, `a${said}`);
        expected.set(id, words);
      }
    }
    async function begin(by: Session, ask: string): Promise<boolean> {
      try {
        const standing = await by.writer.begin();
        if (!standing.same) by.known = standing.messages;
        await by.add(question(ask));
        return true;
      } catch (thrown) {
        assert.equal((thrown as { code?: string }).code, "bad-request");
        assert.ok(deleted.has(id), `${id} was not deleted`);
        return false;
      }
    }
  }
  await settle();
  for (const tab of [...tabs, newTab()]) {
    const listed = await tab?.list();
    assert.deepEqual(listed?.map(({ id }) => id).sort(), [...expected.keys()].sort(), `seed ${seed}`);
    for (const [id, words] of expected) {
      const record = await tab?.get(id);
      assert.deepEqual(
        record?.messages.map(({ content }) => content),
        words,
        `seed ${seed}, ${id}`,
      );
      assert.equal(
        listed?.find((one) => one.id === id)?.title,
        titles.get(id) ?? `About ${id}`,
        `seed ${seed}`,
      );
    }
    for (const id of deleted) assert.equal(await tab?.get(id), undefined, `seed ${seed}: ${id} is back`);
  }
}

test("whatever three tabs do, nothing is lost, doubled or brought back", { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 20; seed++) await play(seed, 50);
});

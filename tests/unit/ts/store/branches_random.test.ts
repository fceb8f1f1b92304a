/** Whatever two tabs do with a conversation's branches, at once or one after the other, nothing that was said is lost. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Fork, TranscriptMessage } from "../../../../workers/python/protocol.ts";
import { all, openTab } from "./session_tab.ts";
import { newBrowser, newTab } from "./tabs.ts";

beforeEach(newBrowser);

/** A generator of numbers under `most`, the same for each seed. */
function chance(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * most);
  };
}

/** Every way to read the conversation from its beginning, the one that is read first. */
function paths(messages: readonly TranscriptMessage[], branches: readonly Fork[]): TranscriptMessage[][] {
  const others = branches.flatMap(({ at, others: each }) =>
    each.flatMap((other) => paths([...messages.slice(0, at), ...other.messages], other.branches)),
  );
  return [[...messages], ...others];
}

const textOf = ({ content }: TranscriptMessage): string => `${content}`;

for (const seed of [1, 2]) {
  test(`nothing is lost, and every path is a conversation (seed ${seed})`, async () => {
    const next = chance(seed * 7_919);
    const tabs = [openTab("x"), openTab("x")] as const;
    const said = new Set<string>();
    let words = 0;
    const step = async (tab: (typeof tabs)[number]) => {
      const { chat, state } = tab;
      const text = `w${words++}`;
      state.words = [`a${text}`];
      state.dies = next(12) === 0;
      const history = await chat.history();
      const place = next(history.length + 1);
      const kind = next(5);
      const turn = async () => {
        if (kind === 0 || !history.length) return all(chat.send(text));
        if (kind === 1) return all(chat.edit(place, text));
        if (kind === 2) return all(chat.retry());
        if (kind === 3) return chat.switchBranch(place, next(3));
        const stopped = chat.edit(place, text);
        queueMicrotask(() => void chat.cancel());
        return all(stopped);
      };
      await turn().catch((error) =>
        assert.ok(["busy", "bad-request", "engine-crashed", "cancelled"].includes(error.code), `${error}`),
      );
      state.dies = false;
    };
    for (let i = 0; i < 40; i++) {
      if (next(4) === 0) await Promise.all(tabs.map(step));
      else await step(tabs[next(2)] as (typeof tabs)[number]);
      const { messages = [], branches = [] } = (await newTab().get("x")) ?? {};
      const now = new Set<string>();
      for (const path of paths(messages, branches)) {
        path.forEach((message, at) => {
          now.add(textOf(message));
          // A question of which no answer came may be followed by another.
          const before = path[at - 1];
          if (message.role === "assistant") assert.equal(before?.role, "user");
        });
      }
      for (const text of said) assert.ok(now.has(text), `${text} is lost after step ${i}`);
      for (const text of now) said.add(text);
      for (const [index, { at, current, others }] of branches.entries()) {
        assert.ok(at <= messages.length && current >= 0 && current <= others.length && others.length > 0);
        assert.ok(index === 0 || at > (branches[index - 1]?.at ?? 0));
      }
      const file = await newTab().export();
      const { refused } = await newTab().import(file);
      assert.deepEqual(refused, []);
    }
    assert.ok(said.size > 15, `${said.size}`);
  });
}

/** Prompts kept on the device: which one is found, and what is let go of. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Directory } from "../../../../workers/files/opfs.ts";
import { KeptPromptFiles, type Prompt } from "../../../../workers/llamacpp/kept-prompt-files.ts";

const MB = 1 << 20;

/** A folder of the origin-private file system, as far as it is used. */
class Folder {
  readonly files = new Map<string, { text: string; size: number }>();

  put(name: string, size: number): void {
    this.files.set(name, { text: "", size });
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<unknown> {
    const { files } = this;
    if (create && !files.has(name)) this.put(name, 0);
    if (!files.has(name)) throw new DOMException(name, "NotFoundError");
    return {
      getFile: async () => ({ size: files.get(name)?.size, text: async () => files.get(name)?.text }),
      createSyncAccessHandle: async () => ({
        truncate: () => undefined,
        write: (bytes: Uint8Array) => {
          files.set(name, { text: new TextDecoder().decode(bytes), size: bytes.length });
          return bytes.length;
        },
        flush: () => undefined,
        close: () => undefined,
      }),
      move: async (to: string) => {
        files.set(to, files.get(name) as { text: string; size: number });
        files.delete(name);
      },
    };
  }

  async removeEntry(name: string): Promise<void> {
    this.files.delete(name);
  }

  async *keys(): AsyncIterable<string> {
    yield* [...this.files.keys()];
  }
}

const prompt = (conversation: string, opening = "opening"): Prompt => ({ conversation, opening });

function open() {
  mock.timers.enable({ apis: ["Date"] });
  const folder = new Folder();
  const states = new KeptPromptFiles(async () => folder as unknown as Directory);
  return {
    folder,
    states,
    keep: async (of: Prompt, size = 1) => {
      mock.timers.tick(1000);
      await states.keep(of, async (name) => {
        folder.put(name, size);
        return 100;
      });
    },
    bring: async (of: Prompt, similar = true) => {
      mock.timers.tick(1000);
      let brought: string | undefined;
      const found = await states.bring(of, similar, async (name) => {
        brought = name;
        return 100;
      });
      assert.equal(found, brought !== undefined);
      return brought;
    },
    end: () => mock.timers.reset(),
  };
}

test("the own conversation comes first, then the latest that opens alike", async () => {
  const { keep, bring, end } = open();
  for (const name of ["a", "b"]) await keep(prompt(name));
  await keep(prompt("c", "another"));
  assert.equal(await bring(prompt("a")), "a");
  assert.equal(await bring(prompt("new")), "a");
  assert.equal(await bring(prompt("new"), false), undefined);
  assert.equal(await bring(prompt("b"), false), "b");
  assert.equal(await bring(prompt("new", "unknown")), undefined);
  end();
});

test("those that were used longest ago are let go of", async () => {
  const { folder, keep, bring, end } = open();
  await keep(prompt("a"), 100 * MB);
  await keep(prompt("b"), 100 * MB);
  await bring(prompt("a"));
  await keep(prompt("c"), 100 * MB);
  assert.deepEqual([...folder.files.keys()].sort(), ["a", "a.json", "c", "c.json"]);
  await keep(prompt("d"), 300 * MB);
  assert.equal(await bring(prompt("d"), false), undefined);
  assert.equal(await bring(prompt("a"), false), "a");
  end();
});

test("a file that is not whole, or that llama.cpp cannot read, is thrown away", async () => {
  const { folder, states, keep, bring, end } = open();
  await keep(prompt("a"), 10);
  folder.put("a", 9);
  assert.equal(await bring(prompt("a")), undefined);
  assert.equal(folder.files.size, 0);
  await keep(prompt("b"));
  assert.equal(await states.bring(prompt("b"), true, async () => undefined), false);
  assert.equal(folder.files.size, 0);
  end();
});

test("one that brings the engine down is not read again", async () => {
  const { states, keep, bring, end } = open();
  await keep(prompt("a"));
  await assert.rejects(states.bring(prompt("a"), true, () => Promise.reject(new Error("crashed"))));
  assert.equal(await bring(prompt("a")), undefined);
  end();
});

test("what could not be written leaves nothing behind", async () => {
  const { folder, states, keep, end } = open();
  await keep(prompt("a"));
  await states.keep(prompt("a"), async () => undefined);
  assert.equal(folder.files.size, 0);
  end();
});

test("without a folder nothing is kept", async () => {
  const states = new KeptPromptFiles(async () => undefined);
  assert.equal(await states.keep(prompt("a"), () => assert.fail("there is nowhere to write")), 0);
  assert.equal(await states.bring(prompt("a"), true, () => assert.fail("there is nothing to read")), false);
  await states.clear();
});

/** Tabs of one browser for the tests of the store: one IndexedDB (fake-indexeddb), and a channel between them. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { batches } from "../../../../workers/importing/reading.ts";
import type { TranscriptDelta, TranscriptMessage } from "../../../../workers/python/protocol.ts";

/** BroadcastChannel, which in Node would keep the process alive. */
class Channel extends EventTarget {
  static #all: Channel[] = [];
  constructor(readonly name: string) {
    super();
    Channel.#all.push(this);
  }
  postMessage(data: unknown): void {
    for (const other of Channel.#all) {
      if (other === this || other.name !== this.name) continue;
      queueMicrotask(() => other.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })));
    }
  }
  close(): void {
    Channel.#all = Channel.#all.filter((other) => other !== this);
  }
}
Object.assign(globalThis, { BroadcastChannel: Channel });

import type { StoreWorkers } from "../../../../web/sdk/store/workers.ts";
import { WordIndex } from "../../../../workers/search/index-of-words.ts";
import { updated } from "../../../../workers/search/updated.ts";

const { Conversations } = await import("../../../../web/sdk/store/conversations.ts");
const { Database } = await import("../../../../web/sdk/store/database.ts");

/** A browser that has kept nothing yet. */
export function newBrowser(): void {
  globalThis.indexedDB = new IDBFactory();
}

/** What workers do, without them. */
export const workers = (): StoreWorkers => ({
  search: async () => {
    const index = new WordIndex();
    return {
      alive: true,
      update: (args) => updated(index, structuredClone(args), () => undefined),
      find: async (query) => index.find(query),
      close: () => undefined,
    };
  },
  importing: async () => {
    let reading: ReturnType<typeof batches> | undefined;
    return {
      open: async (file) => {
        reading = batches(file);
      },
      next: async () => (await reading?.next())?.value ?? null,
      close: () => undefined,
    };
  },
});

export const newTab = () => new Conversations(Database.find(), workers());

export const question = (content: string): TranscriptMessage => ({ role: "user", content });
export const reply = (content: string): TranscriptMessage => ({ role: "assistant", content });

/** What Python sends of conversation `id`. */
export function delta(id: string, from: number, ...messages: TranscriptMessage[]): TranscriptDelta {
  const about = { created: "2026-01-01T00:00:00.000Z", provider: "llamacpp", model: "tiny", system: "" };
  return { ...about, id, title: `About ${id}`, updated: new Date().toISOString(), from, messages };
}

/** A session of a tab, as `ChatSession` uses the store. */
export class Session {
  readonly writer;
  known: TranscriptMessage[] = [];
  constructor(
    readonly tab: InstanceType<typeof Conversations>,
    readonly id: string,
  ) {
    this.writer = tab.writer(id, async () => {
      void this.writer.save(delta(id, 0, ...this.known)).catch(() => undefined);
      return true;
    });
  }
  async open(): Promise<this> {
    this.known = (await this.writer.load())?.messages ?? [];
    return this;
  }
  /** A turn: the question is saved, then the answer. */
  async turn(ask: string): Promise<void> {
    const standing = await this.writer.begin();
    if (!standing.same) this.known = standing.messages;
    await this.add(question(ask));
    await this.add(reply(`${ask}!`));
  }
  async add(message: TranscriptMessage): Promise<void> {
    this.known = [...this.known, message];
    await this.writer.save(delta(this.id, this.known.length - 1, message));
  }
}

/** The texts of a conversation, as a tab that was just opened reads them. */
export async function said(id: string): Promise<unknown[]> {
  return ((await newTab().get(id))?.messages ?? []).map(({ content }) => content);
}

/** Lets what waits for the database, or for another tab, happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve));
}

/** Waits until `holds`. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("not true in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

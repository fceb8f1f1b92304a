/** A tab with a ChatSession over the store, and a Python that answers when the test lets it. */
import { Permissions } from "../../../../web/sdk/sessions/permissions.ts";
import type { ChatEvent } from "../../../../web/sdk/sessions/turn.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import type { PythonClient } from "../../../../workers/python/client.ts";
import type {
  Prompt,
  SessionConfig,
  TranscriptMessage,
  TurnEvent,
} from "../../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { nextTask, streamOf } from "../../../../workers/wire/stream.ts";
import { delta, newTab, question, reply } from "./tabs.ts";

/** Web Locks of one browser, as far as turns need them: this Node has none. */
export const held = new Set<string>();
let lockable = Promise.resolve();
/** No lock is given before the returned function is called. */
export function delayLocks(): () => void {
  let letGo = (): void => undefined;
  lockable = new Promise((resolve) => {
    letGo = resolve;
  });
  return letGo;
}
const locks = {
  async request(name: string, _options: unknown, work: (lock: object | null) => Promise<unknown>) {
    await lockable;
    if (held.has(name)) return work(null);
    held.add(name);
    try {
      return await work({});
    } finally {
      held.delete(name);
    }
  },
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
};
Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
Object.assign(globalThis, { __BUILD__: {} });
const { ChatSession } = await import("../../../../web/sdk/sessions/chat.ts");

const CHOICE = { provider: "llamacpp", model: "tiny", name: "Tiny", device: "cpu", why: "" };

/** A tab with a Python that answers when the test lets it. */
export function openTab(id: string, store = newTab()) {
  const calls: string[] = [];
  const opened: SessionConfig[] = [];
  let messages: TranscriptMessage[] = [];
  let release = (): void => undefined;
  let cancelled = false;
  const state = {
    waits: false,
    words: ["Yes ", "indeed."],
    dies: false,
    /** It does not even take the message. */
    refuses: false,
    /** Its engine fails once, before or after the message is kept. */
    fails: null as "before" | "after" | null,
    rests: false,
    opens: Promise.resolve(),
  };
  let openedIn = 0;
  const save = (from: number) =>
    chat
      .keep({ ...delta(id, from, ...messages.slice(from)), title: `${messages[0]?.content}` })
      .catch(() => undefined);
  const python = {
    epoch: 1,
    awake: <T>(work: () => Promise<T>) => {
      if (state.rests) python.epoch += 1;
      state.rests = false;
      return work();
    },
    open: async (config: SessionConfig) => {
      if (openedIn === python.epoch) throw new Error("already open");
      openedIn = python.epoch;
      opened.push(config);
      await state.opens;
      messages = config.messages ?? [];
    },
    replace: async (_id: string, others: TranscriptMessage[]) => {
      calls.push(`replace ${others.map(({ content }) => content).join(" ")}`);
      messages = others;
    },
    keep: async () => {
      calls.push("keep");
      await save(0);
    },
    cancel: async () => {
      cancelled = true;
      release();
    },
    close: async () => {
      openedIn = 0;
    },
    discard: async () => undefined,
    steer: async (_id: string, text: string) => {
      messages = [...messages, { ...question(text), metadata: { steered: true } }];
    },
    // It begins at once, whoever reads it.
    turn: (_id: string, start: Prompt | "retry" | "goOn") =>
      streamOf<TurnEvent>(async (push) => {
        await nextTask();
        for await (const event of python.run(start)) {
          push(event);
          await nextTask();
        }
      }),
    async *run(start: Prompt | "retry" | "goOn"): AsyncGenerator<TurnEvent> {
      cancelled = false;
      if (state.refuses) throw new AlcoveError("bad-request", "Refused.");
      const fails = state.fails;
      state.fails = null;
      if (fails === "before") throw new AlcoveError("device-lost", "Lost.");
      const asked = messages.flatMap(({ role }, place) => (role === "user" ? [place] : []));
      if (start === "retry") {
        const last = asked.findLast((place) => messages[place]?.metadata === undefined) ?? 0;
        messages = messages.slice(0, last + 1);
      }
      if (typeof start !== "string" && start.instead !== undefined)
        messages = messages.slice(0, asked[start.instead]);
      const before = messages.length;
      if (typeof start !== "string") messages = [...messages, question(start.text)];
      const begun = messages.length;
      const kept = save(before);
      if (cancelled) return;
      if (fails === "after") {
        await kept;
        throw new AlcoveError("device-lost", "Lost.");
      }
      for (const text of state.words) yield { type: "text", text };
      if (state.waits) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      if (state.dies) {
        python.epoch += 1;
        throw Object.assign(new Error("died"), { code: "engine-crashed" });
      }
      messages = [...messages, reply(state.words.join(""))];
      await Promise.all([kept, save(begun)]);
      yield { type: "end", text: state.words.join(""), finishReason: "stop" };
    },
  };
  const chat = new ChatSession(
    { id, provider: "llamacpp", model: "tiny" } as SessionConfig,
    CHOICE as never,
    [],
    {
      python: python as unknown as PythonClient,
      store,
      status: { report: () => undefined, rate: () => undefined } as never,
      permissions: new Permissions(new Settings(null), store),
      mcp: () => Promise.reject(new Error("no servers here")),
      documents: {} as never,
      lacks: [],
      bundled: false,
      onClose: () => undefined,
      fallback: ({ code }) => (code === "device-lost" ? (CHOICE as never) : null),
    },
  );
  const letAnswer = () => {
    // It may not have come so far as to wait.
    state.waits = false;
    release();
  };
  return { chat, store, python, opened, calls, state, release: letAnswer };
}

export async function all(turn: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const event of turn) events.push(event);
  return events;
}

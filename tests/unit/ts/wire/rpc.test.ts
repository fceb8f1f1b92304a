import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import {
  type Handlers,
  type NoArgs,
  type Operation,
  RpcClient,
  serve,
} from "../../../../workers/wire/rpc.ts";
import { streamOf } from "../../../../workers/wire/stream.ts";

const open: MessagePort[] = [];

type TestProtocol = {
  add: Operation<{ a: number; b: number }, number>;
  count: Operation<{ to: number }, string, number>;
  fail: Operation<NoArgs, void>;
  hang: Operation<NoArgs, void>;
  slow: Operation<NoArgs, string, number>;
  spell: Operation<{ word: string }, void, string>;
  work: Operation<NoArgs, string, string>;
};

/** Two ends of a line; the other one answers only what the test asks. */
function pair(handlers: Partial<Handlers<TestProtocol>>): {
  client: RpcClient<TestProtocol>;
  stop: () => void;
} {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return { stop: serve(port1, handlers as Handlers<TestProtocol>), client: new RpcClient(port2) };
}

afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const code = (expected: string) => (error: unknown) =>
  error instanceof AlcoveError && error.code === expected;

test("a call gets its reply", async () => {
  const { client } = pair({ add: ({ a, b }) => a + b });
  assert.equal(await client.call("add", { a: 2, b: 3 }), 5);
});

test("an error keeps its code, message and action across the port", async () => {
  const { client } = pair({
    fail: () => {
      throw new AlcoveError("quota", "Full.", { action: "Make room.", detail: "QuotaExceededError" });
    },
  });
  await assert.rejects(client.call("fail", {}), (error: AlcoveError) => {
    assert.deepEqual(error.toData(), {
      code: "quota",
      message: "Full.",
      action: "Make room.",
      detail: "QuotaExceededError",
    });
    return true;
  });
});

test("what is no AlcoveError never reaches a person raw", async () => {
  const { client } = pair({
    fail: () => {
      throw new TypeError("undefined is not a function");
    },
  });
  await assert.rejects(client.call("fail", {}), (error: AlcoveError) => {
    assert.equal(error.code, "engine-crashed");
    assert.doesNotMatch(error.message, /undefined/);
    assert.match(error.detail ?? "", /undefined is not a function/);
    return true;
  });
});

test("an unknown operation is a bad request", async () => {
  await assert.rejects(pair({}).client.call("hang", {}), code("bad-request"));
});

test("what cannot cross is a bad request, and the next call goes through", async () => {
  const { client } = pair({ add: ({ a, b }) => a + b });
  // @ts-expect-error: a function is no number, and cannot be sent
  await assert.rejects(client.call("add", { a: () => 1, b: 3 }), code("bad-request"));
  assert.equal(await client.call("add", { a: 2, b: 3 }), 5);
});

test("items come in order, before the reply", async () => {
  const { client } = pair({
    count: async ({ to }, { emit }) => {
      for (let i = 0; i < to; i++) emit(i);
      return "done";
    },
  });
  const items: number[] = [];
  assert.equal(await client.call("count", { to: 100 }, { onItem: (item) => items.push(item) }), "done");
  assert.deepEqual(items, [...Array(100).keys()]);
});

test("an abort reaches the other side, whose answer counts", async () => {
  const { client } = pair({
    work: (_, { signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve("what was done so far"))),
  });
  const controller = new AbortController();
  const call = client.call("work", {}, { signal: controller.signal });
  await sleep(5);
  controller.abort();
  assert.equal(await call, "what was done so far");
});

test("an aborted call is not even sent", async () => {
  let called = false;
  const { client } = pair({
    work: () => {
      called = true;
      return "done";
    },
  });
  await assert.rejects(client.call("work", {}, { signal: AbortSignal.abort() }), code("cancelled"));
  assert.equal(called, false);
});

test("no answer in time is a timeout, and the other side is told to stop", async () => {
  let stopped = false;
  const { client } = pair({
    hang: (_, { signal }) =>
      new Promise(() =>
        signal.addEventListener("abort", () => {
          stopped = true;
        }),
      ),
  });
  await assert.rejects(client.call("hang", {}, { timeoutMs: 20 }), code("timeout"));
  await sleep(10);
  assert.equal(stopped, true);
});

test("every item restarts the time-out", async () => {
  const { client } = pair({
    slow: async (_, { emit }) => {
      for (let i = 0; i < 6; i++) {
        await sleep(20);
        emit(i);
      }
      return "whole";
    },
  });
  assert.equal(await client.call("slow", {}, { timeoutMs: 80 }), "whole");
});

test("closing fails what waits and what comes later with the given error", async () => {
  const { client } = pair({ hang: () => new Promise(() => undefined) });
  const waiting = client.call("hang", {});
  client.close(new AlcoveError("engine-crashed", "The worker died."));
  await assert.rejects(waiting, code("engine-crashed"));
  await assert.rejects(client.call("hang", {}), code("engine-crashed"));
});

test("stopping to serve aborts what runs", async () => {
  let aborted = false;
  const { client, stop } = pair({
    work: (_, { signal, emit }) => {
      emit("started");
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          resolve("stopped");
        }),
      );
    },
  });
  let call: Promise<unknown> = Promise.resolve();
  await new Promise<void>((started) => {
    call = client.call("work", {}, { onItem: () => started() });
  });
  stop();
  await call;
  assert.equal(aborted, true);
});

test("two calls at once do not mix their items", async () => {
  const { client } = pair({
    spell: async ({ word }, { emit }) => {
      for (const letter of word) {
        await sleep(1);
        emit(letter);
      }
    },
  });
  const spell = async (word: string) => {
    let heard = "";
    await client.call("spell", { word }, { onItem: (letter) => (heard += letter) });
    return heard;
  };
  assert.deepEqual(await Promise.all([spell("lighthouse"), spell("keeper")]), ["lighthouse", "keeper"]);
});

test("a stream yields what was pushed and throws what its source threw", async () => {
  const stream = streamOf<number>(async (push) => {
    push(1);
    await sleep(2);
    push(2);
    throw new AlcoveError("busy", "No.");
  });
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const item of stream) seen.push(item);
  }, code("busy"));
  assert.deepEqual(seen, [1, 2]);
});

test("leaving a stream early tells its source", async () => {
  let stopped = false;
  const stream = streamOf<number>(
    async (push) => {
      push(1);
      await sleep(50);
    },
    () => {
      stopped = true;
    },
  );
  for await (const item of stream) {
    assert.equal(item, 1);
    break;
  }
  assert.equal(stopped, true);
});

/** The connection to a ViLA server: how it comes back, and what ends it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../../../workers/vila/connection.ts";

/** A socket that does what a test wants. */
class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  sent: string[] = [];
  closed: number | undefined;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
  }
  close(code?: number): void {
    this.readyState = 3;
    this.closed = code ?? 0;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  say(data: unknown): void {
    this.onmessage?.({ data });
  }
}

function lab(chance = 1) {
  const sockets: FakeSocket[] = [];
  const states: string[] = [];
  const errors: string[] = [];
  const pauses: number[] = [];
  const captions: string[] = [];
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  const pass = (ms: number) => {
    const until = now + ms;
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      timers = timers.filter((timer) => timer !== next);
      now = next.at;
      next.work();
    }
    now = until;
  };
  const connection = new Connection(
    "wss://robot.example/?api_key=secret",
    {
      onState: (state, error, retryInMs) => {
        states.push(state);
        if (error) errors.push(`${error.message} ${error.action} ${error.detail ?? ""}`);
        if (retryInMs !== undefined) pauses.push(retryInMs);
      },
      onCaption: (text) => captions.push(text),
    },
    {
      open: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => now,
      later: (work, ms) => {
        const timer = { at: now + ms, work };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      chance: () => chance,
    },
  );
  connection.start();
  const last = () => sockets.at(-1) as FakeSocket;
  return { connection, sockets, states, errors, pauses, captions, pass, last, timers: () => timers.length };
}

test("a server that is down is tried again after 1, 2, 4 … 30 seconds", () => {
  const { pauses, pass, last, sockets, errors } = lab();
  for (let tries = 0; tries < 8; tries += 1) {
    last().end(1006);
    pass(pauses.at(-1) as number);
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(sockets.length, 9);
  assert.match(errors[0] as string, /down or refused the key/);
});

test("the pauses of many clients are spread over half of their length", () => {
  const { pauses, last } = lab(0);
  last().end(1006);
  assert.deepEqual(pauses, [500]);
});

test("a server that takes us and throws us out is not asked without a pause", () => {
  const { pauses, pass, last } = lab();
  for (let tries = 0; tries < 4; tries += 1) {
    last().open();
    last().end(4401);
    pass(pauses.at(-1) as number);
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000]);
});

test("after a good while the pauses begin anew", () => {
  const { pauses, pass, last } = lab();
  last().end(1006);
  pass(1000);
  last().open();
  pass(11_000);
  last().end(1001);
  assert.deepEqual(pauses, [1000, 1000]);
});

for (const [code, words] of [
  [1008, /refuses.*Check the key/],
  [1009, /too large/],
] as const) {
  test(`code ${code} ends it`, () => {
    const { states, pass, last, sockets, errors, timers } = lab();
    last().open();
    last().end(code);
    pass(600_000);
    assert.deepEqual(states, ["connecting", "streaming", "ended"]);
    assert.match(errors[0] as string, words);
    assert.equal(sockets.length, 1);
    assert.equal(timers(), 0);
  });
}

test("a server that never answers is given up and tried again", () => {
  const { states, pass, sockets } = lab();
  pass(15_000);
  assert.deepEqual(states, ["connecting", "waiting"]);
  assert.equal(sockets[0]?.closed, 0);
  pass(1000);
  assert.equal(sockets.length, 2);
});

test("a connection that takes nothing any more is given up", () => {
  const { connection, states, pass, last } = lab();
  last().open();
  connection.send("a frame");
  last().bufferedAmount = 7;
  for (let second = 0; second < 21; second += 1) {
    pass(1000);
    void connection.free;
  }
  assert.equal(states.at(-1), "waiting");
});

test("a slow connection that goes on taking is kept, and has room for two frames", () => {
  const { connection, states, pass, last } = lab();
  last().open();
  connection.send("1234567890");
  last().bufferedAmount = 21;
  assert.equal(connection.free, false);
  for (let second = 0; second < 60; second += 1) {
    pass(1000);
    last().bufferedAmount = second % 2 ? 21 : 19;
    assert.equal(connection.free, second % 2 === 0);
  }
  assert.equal(states.at(-1), "streaming");
});

test("what waits is tried at once when the network or the person is back, and what runs is left alone", () => {
  const { connection, pauses, last, sockets } = lab();
  connection.wake();
  assert.equal(sockets.length, 1);
  last().end(1006);
  last().end(1006);
  connection.wake();
  connection.wake();
  assert.equal(sockets.length, 2);
  last().end(1006);
  assert.equal(pauses.at(-1), 1000);
});

test("after the end nothing is heard, sent or tried", () => {
  const { connection, captions, states, last, pass, sockets } = lab();
  last().open();
  const socket = last();
  const { onmessage } = socket;
  connection.close();
  connection.close();
  assert.equal(socket.closed, 1000);
  assert.equal(socket.onmessage, null);
  connection.send("a frame");
  connection.wake();
  pass(600_000);
  assert.deepEqual([socket.sent, captions, sockets.length, states.at(-1)], [[], [], 1, "ended"]);
  assert.ok(onmessage);
});

test("replies are heard, and what is none is passed over", () => {
  const { captions, last } = lab();
  last().open();
  for (const data of ["", "{", "null", "[]", '{"vlm_reply": 7}', '{"reply": "x"}', new ArrayBuffer(4)])
    last().say(data);
  last().say('{"vlm_reply": "A red circle."}');
  last().say(JSON.stringify({ vlm_reply: "x".repeat(1_000_000) }));
  assert.deepEqual(
    captions.map(({ length }) => length),
    [13, 10_000],
  );
});

test("no word holds the key", () => {
  const { connection, errors, last } = lab();
  for (const code of [1000, 1001, 1006, 1011, 1012, 1013, 3000, 4401, 1008]) {
    last().open();
    last().end(code);
    connection.wake();
  }
  assert.equal(errors.length, 9);
  assert.doesNotMatch(errors.join(), /secret|robot\.example/);
});

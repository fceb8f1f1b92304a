/** The page's side of `build.py vila`: who it connects to, what it answers, and how it comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove, DescribeOptions } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { RelayConnection, relayPort } = await import("../../../../web/page/vision/relay/connection.ts");

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket;
  static count = 0;
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  closed: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.last = this;
    FakeSocket.count += 1;
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code: number): void {
    this.closed = code;
    this.end(code, "");
  }
  end(code: number, reason: string): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
  /** A frame to look at. */
  ask(id: number): void {
    const look = { type: "look", id, client: 4, prompt: "What is it?", maxTokens: 48 };
    this.onmessage?.({ data: JSON.stringify(look) });
    this.onmessage?.({ data: new Blob(["jpeg"]) });
  }
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 5));

async function lab() {
  Object.assign(globalThis, { WebSocket: FakeSocket });
  FakeSocket.count = 0;
  const asked: unknown[] = [];
  const opened: unknown[] = [];
  const forgotten: string[] = [];
  const closed: unknown[] = [];
  const signals: AbortSignal[] = [];
  const page = {
    model: "scene-vlm" as string | undefined,
    reachable: true,
    describe: async (): Promise<{ text: string }> => ({ text: " A circle. " }),
  };
  const alcove = {
    openVision: async (options: unknown) => {
      opened.push(options);
      return {
        close: () => closed.push(options),
        describe: (picture: Blob, prompt: string, { maxTokens, signal }: Required<DescribeOptions>) => {
          asked.push([picture.type, prompt, maxTokens]);
          signals.push(signal);
          return page.describe();
        },
      };
    },
  };
  let urls = 0;
  const relay = new RelayConnection(6789, Promise.resolve(alcove as unknown as Alcove), () => page.model, {
    fetch: async (address) => {
      if (!page.reachable) throw new TypeError("Failed to fetch");
      assert.equal(address, "http://127.0.0.1:6789/alcove/token");
      return Response.json({ token: "a/b" });
    },
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    pictureUrl: () => `blob:${++urls}`,
    forgetUrl: (url) => forgotten.push(url),
    again: 1,
  });
  relay.start();
  await rest();
  return { relay, page, asked, opened, forgotten, closed, signals };
}

test("only a page of this machine that was opened from a relay has one", () => {
  const port = (hostname: string, search: string) => relayPort({ hostname, search });
  assert.equal(port("127.0.0.1", "?vila=6789"), 6789);
  assert.equal(port("localhost", "?a=1&vila=1"), 1);
  for (const search of [
    "",
    "?vila",
    "?vila=",
    "?vila=0",
    "?vila=65536",
    "?vila=1.5",
    "?vila=x",
    "?vila=-1",
  ]) {
    assert.equal(port("127.0.0.1", search), null, search);
  }
  for (const hostname of ["alcove.example", "127.0.0.1.example", "192.168.1.4"]) {
    assert.equal(port(hostname, "?vila=6789"), null, hostname);
  }
});

test("a frame is looked at with the model of the page, and the reply goes back under its number", async () => {
  const { relay, page, asked, opened, forgotten } = await lab();
  const socket = FakeSocket.last;
  assert.equal(socket.url, "ws://127.0.0.1:6789/alcove?token=a%2Fb");
  socket.onopen?.();
  assert.equal(relay.state, "on");
  socket.ask(7);
  await rest();
  assert.deepEqual(socket.sent, [{ type: "answer", text: "A circle.", id: 7 }]);
  assert.deepEqual(asked, [["image/jpeg", "What is it?", 48]]);
  assert.equal(relay.last?.text, "A circle.");
  socket.ask(8);
  await rest();
  assert.deepEqual(forgotten, ["blob:1"]);
  page.model = "another";
  socket.ask(9);
  await rest();
  assert.deepEqual(opened, [{ model: "scene-vlm" }, { model: "another" }]);
  relay.end();
});

test("a look that fails is told as that, and the next goes on", async () => {
  const { relay, page } = await lab();
  const { describe } = page;
  page.describe = () =>
    Promise.reject(Object.assign(new Error("x"), { code: "engine-crashed", message: "It broke." }));
  FakeSocket.last.ask(1);
  await rest();
  assert.deepEqual(FakeSocket.last.sent, [{ type: "failed", id: 1 }]);
  assert.equal(relay.failure?.message, "It broke.");
  page.describe = describe;
  FakeSocket.last.ask(2);
  await rest();
  assert.equal(relay.last?.text, "A circle.");
  assert.equal(relay.failure, null);
  relay.end();
});

test("a lost connection comes back, and so does a relay that was not there", async () => {
  const { relay, page } = await lab();
  page.reachable = false;
  FakeSocket.last.end(1006, "");
  await rest();
  assert.equal(relay.state, "lost");
  assert.equal(FakeSocket.count, 1);
  page.reachable = true;
  await rest();
  assert.equal(FakeSocket.count, 2);
  FakeSocket.last.onopen?.();
  assert.equal(relay.state, "on");
  relay.end();
});

test("where another tab answers, this one does not fight for it", async () => {
  const { relay } = await lab();
  FakeSocket.last.end(1000, "another tab");
  await rest();
  assert.deepEqual([relay.state, FakeSocket.count], ["taken", 1]);
  relay.start();
  await rest();
  assert.equal(FakeSocket.count, 2);
  relay.end();
});

test("after the end nothing is answered any more", async () => {
  const { relay, page } = await lab();
  let answer: (said: { text: string }) => void = () => undefined;
  page.describe = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  FakeSocket.last.ask(1);
  await rest();
  relay.end();
  answer({ text: "Late." });
  await rest();
  assert.deepEqual([relay.state, FakeSocket.last.closed, FakeSocket.last.sent], ["ended", 1000, []]);
  FakeSocket.last.ask(2);
  await rest();
  assert.deepEqual([FakeSocket.last.sent, FakeSocket.count], [[], 1]);
});

test("a model that is not asked any more need not stay loaded: another was chosen, or the person ended it", async () => {
  const { relay, page, closed } = await lab();
  FakeSocket.last.ask(1);
  await rest();
  page.model = "other";
  FakeSocket.last.ask(2);
  await rest();
  assert.deepEqual(closed, [{ model: "scene-vlm" }]);
  relay.end();
  await rest();
  assert.deepEqual(closed, [{ model: "scene-vlm" }, { model: "other" }]);
});

test("what is looked at for a connection that is lost is ended with it", async () => {
  const { relay, page, signals } = await lab();
  page.describe = () => new Promise(() => undefined);
  FakeSocket.last.ask(1);
  await rest();
  FakeSocket.last.end(1011, "no answer");
  await rest();
  assert.deepEqual([relay.last, signals[0]?.aborted], [null, true]);
  relay.end();
});

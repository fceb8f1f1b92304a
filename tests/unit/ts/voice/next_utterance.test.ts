/** What somebody says next: for a tool that listens. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { nextUtterance } from "../../../../web/sdk/voice/next-utterance.ts";
import type { ActivityEvent } from "../../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class FakeMicrophone extends EventTarget {
  running = false;
  readonly muted = false;
  allow: () => void = () => undefined;
  async start(): Promise<void> {
    await new Promise<void>((resolve) => (this.allow = resolve));
    this.running = true;
  }
  stop(): void {
    this.running = false;
  }
  tap(): MessagePort {
    return {} as MessagePort;
  }
}

function listening(t: TestContext, busy?: AlcoveError) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const microphone = new FakeMicrophone();
  const log: string[] = [];
  let tell: (event: ActivityEvent) => void = () => undefined;
  const nothing = () => undefined;
  const listen = (_: MessagePort, onEvent: typeof tell) => {
    tell = onEvent;
    const commands = { hint: nothing, hold: nothing, release: nothing, cut: nothing, forget: nothing };
    return { ...commands, stop: () => void log.push("stopped") };
  };
  const alone = async () => {
    if (busy) throw busy;
  };
  const said = nextUtterance({ microphone, listen, alone }, new AbortController().signal);
  const wait = async (ms: number) => {
    await soon();
    t.mock.timers.tick(ms);
    await soon();
  };
  return { microphone, log, said, wait, tell: (event: ActivityEvent) => tell(event) };
}

const ended: ActivityEvent = { kind: "ended", samples: new Float32Array(512), at: 0 };

test("the minute begins when the microphone hears, however long the person thinks about it", async (t) => {
  const { microphone, said, wait, tell, log } = listening(t);
  await wait(90_000);
  microphone.allow();
  await wait(50_000);
  tell({ kind: "started" });
  tell(ended);
  assert.equal((await said)?.samples.length, 512);
  assert.deepEqual([microphone.running, log], [false, ["stopped"]]);
});

test("whoever speaks when the minute is over is heard to the end; a cough is nobody", async (t) => {
  const speaks = listening(t);
  speaks.microphone.allow();
  await speaks.wait(59_000);
  speaks.tell({ kind: "started" });
  await speaks.wait(2_000);
  speaks.tell(ended);
  assert.equal((await speaks.said)?.samples.length, 512);
  t.mock.timers.reset();
  const coughs = listening(t);
  coughs.microphone.allow();
  await coughs.wait(59_000);
  coughs.tell({ kind: "started" });
  await coughs.wait(2_000);
  coughs.tell({ kind: "dropped" });
  assert.equal(await coughs.said, null);
});

test("while a conversation listens nobody else does", async (t) => {
  const busy = new AlcoveError("busy", "Another conversation is listening already.");
  const { said, log, microphone } = listening(t, busy);
  await assert.rejects(said, busy);
  assert.deepEqual([microphone.running, log], [false, ["stopped"]]);
});

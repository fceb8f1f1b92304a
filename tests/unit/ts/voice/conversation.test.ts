/** Listening, thinking and speaking, and what stops each of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { Scripted, settled } from "./scripted.ts";

const died = () => new AlcoveError("engine-crashed", "Listening stopped unexpectedly.");

async function started(script = new Scripted()): Promise<Scripted> {
  await script.conversation.start();
  return script;
}

/** One that speaks "One two three. Four five six." and has got as far as the first sentence. */
async function speaking(script = new Scripted()): Promise<Scripted> {
  await started(script);
  script.words = ["Count for me."];
  script.answer = ["One two three.", " Four five six."];
  await script.say();
  assert.equal(script.conversation.state, "speaking");
  return script;
}

test("a turn: it listens, hears, transcribes, thinks, speaks before the answer ends, and listens again", async () => {
  const script = await speaking();
  assert.equal(script.running, 1);
  await script.more();
  script.playback.end();
  await settled();
  const states = "starting listening hearing transcribing thinking speaking listening";
  assert.equal(script.states.join(" "), states);
  assert.deepEqual(script.heard, ["Count for me."]);
  assert.deepEqual(script.log, ["listen", "send: Count for me.", "cut"]);
});

test("what is said in a pause is there when the turn ends, and says whether it ends soon", async () => {
  const script = await started();
  const samples = new Float32Array(16_000);
  script.words = ["I would like to", "I would like to go."];
  script.tell({ kind: "started" }, { kind: "paused", samples });
  await settled();
  script.tell({ kind: "resumed" }, { kind: "paused", samples });
  await settled();
  script.answer = ["Go."];
  script.tell({ kind: "ended", samples, at: 0 });
  await settled();
  assert.deepEqual(script.heard, ["I would like to…", "I would like to go.…", "I would like to go."]);
  assert.deepEqual(script.log, ["listen", "hint: false", "hint: true", "send: I would like to go."]);
});

test("no words: nothing is sent", async () => {
  const script = await started();
  script.words = ["", " … "];
  await script.say();
  await script.say();
  await settled();
  assert.deepEqual(script.log, ["listen"]);
  assert.equal(script.conversation.state, "listening");
});

test("speaking over it stops tokens and sound, and the transcript keeps what was heard", async () => {
  const script = await speaking();
  script.playback.heard = 2;
  script.playback.loud = 0.1;
  // It learns how much of its own voice comes back, then somebody speaks.
  script.frames(12, { level: 0.01 });
  assert.equal(script.conversation.state, "speaking");
  script.frames(5);
  assert.equal(script.playback.stops, 1);
  assert.equal(script.conversation.state, "hearing");
  await settled();
  assert.equal(script.running, 0);
  assert.deepEqual(script.log.slice(2), ["cut", "shorten: One two"]);
  script.words = ["Stop."];
  script.answer = ["Yes."];
  script.tell({ kind: "ended", samples: new Float32Array(16_000), at: 0 });
  await settled();
  assert.equal(script.log.at(-1), "send: Stop.");
});

test("its own voice, 20 dB softer, does not interrupt; nor do noises", async () => {
  const script = await speaking();
  script.playback.loud = 0.2;
  script.frames(200, { level: 0.02 });
  script.frames(200, { level: 0.3, probability: 0.1 });
  assert.equal(script.conversation.state, "speaking");
  script.tell({ kind: "started" }, { kind: "ended", samples: new Float32Array(16_000), at: 0 });
  await settled();
  assert.equal(script.conversation.state, "speaking");
  script.frames(6, { level: 0.2 });
  assert.equal(script.conversation.state, "hearing");
});

test("the end of its own voice is no message", async () => {
  const script = await speaking();
  await script.more();
  script.playback.end();
  await settled();
  script.words = ["four five six"];
  await script.say();
  await settled();
  assert.deepEqual(script.heard, ["Count for me."]);
  assert.equal(script.conversation.state, "listening");
});

test("whoever goes on before anything was said has said one message", async () => {
  const script = await started();
  script.words = ["I want", "a house."];
  script.answer = ["", "Fine."];
  await script.say();
  await settled();
  assert.equal(script.conversation.state, "thinking");
  script.frames(6);
  script.tell({ kind: "ended", samples: new Float32Array(16_000), at: 0 });
  await settled();
  assert.deepEqual(script.log, ["listen", "send: I want", "cut", "takeBack", "send: I want a house."]);
});

test("whoever only coughs while it thinks has said what they had said", async () => {
  const script = await started();
  script.words = ["I want a house."];
  script.answer = ["", "Fine."];
  await script.say();
  script.frames(6);
  await settled();
  assert.deepEqual(script.log.slice(1), ["send: I want a house.", "cut", "takeBack"]);
  script.tell({ kind: "dropped" });
  await settled();
  assert.equal(script.log.at(-1), "send: I want a house.");
});

test("a noise that stops it, and is no speech to the worker that listens, is not waited for", async () => {
  const script = await started();
  script.words = ["I want a house."];
  script.answer = ["", "Fine."];
  await script.say();
  script.frames(6);
  await settled();
  assert.equal(script.conversation.state, "hearing");
  script.frames(60, { probability: 0.1 });
  await settled();
  assert.equal(script.log.at(-1), "send: I want a house.");
});

test("of a message that was stopped before it was sent nothing is taken back or shortened", async () => {
  const script = await started();
  script.words = ["First."];
  await script.say();
  script.conversation.interrupt();
  await settled();
  assert.deepEqual(script.log.slice(1), ["send: First.", "forget"]);
  assert.deepEqual(script.errors, []);
  assert.equal(script.conversation.state, "listening");
});

test("who begins to speak with the last word of an answer is heard", async () => {
  const script = await speaking();
  script.tell({ kind: "started" });
  await script.more();
  script.playback.end();
  await settled();
  assert.equal(script.conversation.state, "hearing");
  script.words = ["What comes next?"];
  script.tell({ kind: "ended", samples: new Float32Array(16_000), at: 0 });
  await settled();
  assert.equal(script.log.at(-1), "send: What comes next?");
});

test("the button stops an answer, and it listens at once", async () => {
  const script = await speaking();
  script.playback.heard = 1;
  script.conversation.interrupt();
  assert.equal(script.conversation.state, "listening");
  await settled();
  assert.deepEqual(script.log.slice(2), ["forget", "shorten: One"]);
});

const REACHED: Record<string, () => Promise<Scripted>> = {
  listening: () => started(),
  hearing: async () => {
    const script = await started();
    script.tell({ kind: "started" });
    return script;
  },
  transcribing: async () => {
    const script = await started();
    script.words = ["Hello."];
    script.tell({ kind: "started" }, { kind: "ended", samples: new Float32Array(9), at: 0 });
    return script;
  },
  thinking: async () => {
    const script = await started();
    script.words = ["Hello."];
    script.answer = ["", "Hi."];
    await script.say();
    return script;
  },
  speaking: () => speaking(),
};

for (const [state, reach] of Object.entries(REACHED)) {
  test(`stop while ${state} leaves nothing running, and it can be started again`, async () => {
    const script = await reach();
    assert.equal(script.conversation.state, state);
    script.conversation.stop();
    assert.equal(script.conversation.state, "idle");
    await settled();
    assert.equal(script.conversation.state, "idle");
    assert.deepEqual([script.running, script.microphone.running, script.playback.playing], [0, false, false]);
    assert.ok(script.log.includes("stop listening"));
    const asked = script.log.some((line) => line.startsWith("send"));
    assert.equal(asked, state === "thinking" || state === "speaking");
    assert.deepEqual(script.errors, []);
    await script.conversation.start();
    assert.equal(script.conversation.state, "listening");
  });
}

test("push to talk: only what is said while it is pressed counts, and it stops an answer", async () => {
  const script = new Scripted({ handsFree: false });
  await started(script);
  script.words = ["Hello.", "Again."];
  script.answer = ["Hi.", "there."];
  await script.say();
  assert.equal(script.conversation.state, "listening");
  const talk = async () => {
    script.conversation.press();
    assert.equal(script.conversation.state, "hearing");
    script.conversation.release();
    script.tell({ kind: "ended", samples: new Float32Array(16_000), at: 0 });
    await settled();
  };
  await talk();
  assert.equal(script.conversation.state, "speaking");
  script.playback.heard = 1;
  await talk();
  await settled();
  assert.deepEqual(script.log, [
    "listen",
    ...["hold", "release", "send: Hello."],
    ...["hold", "release", "shorten: Hi.", "send: Again."],
  ]);
});

test("a worker that listens and dies is replaced, three times in a row are too many", async () => {
  const script = await started();
  script.tell({ kind: "started" });
  script.die(died());
  assert.equal(script.conversation.state, "listening");
  script.words = ["Hello."];
  script.answer = ["Hi."];
  await script.say();
  assert.deepEqual(script.heard, ["Hello."]);
  for (let deaths = 0; deaths < 3; deaths++) script.die(died());
  assert.equal(script.conversation.state, "idle");
  assert.deepEqual(
    script.errors.map(({ code }) => code),
    ["engine-crashed"],
  );
});

test("ears that die are asked once more; what fails otherwise is told, and it listens on", async () => {
  const script = await started();
  script.words = [died(), "Hello."];
  script.answer = [new AlcoveError("engine-crashed", "The engine stopped.")];
  await script.say();
  await settled();
  assert.deepEqual(script.heard, ["Hello."]);
  assert.deepEqual(
    script.errors.map(({ message }) => message),
    ["The engine stopped."],
  );
  assert.equal(script.conversation.state, "listening");
});

test("without a voice the answer is there to be read, and stays whole", async () => {
  const script = new Scripted();
  script.voiceFails = new AlcoveError("model-not-found", "There is no voice here.");
  await started(script);
  script.words = ["Hello."];
  script.answer = ["One.", " Two.", " Three."];
  await script.say();
  await settled();
  assert.equal(script.errors.length, 1);
  await script.more();
  script.conversation.interrupt();
  await settled();
  assert.equal(script.log.at(-1), "shorten: One. Two.");
});

test("without a voice, who speaks over an answer takes nothing back of what can be read", async () => {
  const script = new Scripted();
  script.voiceFails = new AlcoveError("model-not-found", "There is no voice here.");
  await started(script);
  script.words = ["Hello."];
  script.answer = ["One.", " Two."];
  await script.say();
  script.frames(6);
  await settled();
  assert.equal(script.log.at(-1), "shorten: One.");
});

test("what a tool has done is not taken back, nor done again, because somebody speaks on", async () => {
  const script = await started();
  script.words = ["Note it.", "Yes."];
  script.answer = [{ type: "tool", phase: "start", id: "1", name: "storage", input: {} }, "Done."];
  await script.say();
  script.frames(6);
  await settled();
  assert.deepEqual(script.log.slice(1), ["send: Note it.", "cut", "shorten: "]);
  script.tell({ kind: "ended", samples: new Float32Array(16_000), at: 0 });
  await settled();
  assert.equal(script.log.at(-1), "send: Yes.");
});

test("what turned out to be a thought is no part of what was heard", async () => {
  const script = await started();
  script.words = ["Count."];
  script.answer = ["Hm so.", { type: "thinking", text: "Hm so.", ms: 0, instead: true }, "One two."];
  await script.say();
  await script.more();
  await script.more();
  script.playback.heard = 3;
  script.conversation.interrupt();
  await settled();
  assert.equal(script.log.at(-1), "shorten: One");
});

test("a message that was refused because another tab answers is not there to be taken back", async () => {
  const script = await started();
  script.words = ["Hello."];
  script.refused = new AlcoveError("busy", "Another tab answers.");
  await script.say();
  script.frames(6);
  await settled();
  assert.deepEqual(script.log.slice(1), ["send: Hello.", "cut"]);
});

test("a microphone that is not there says why, and one that goes away ends it", async () => {
  const script = new Scripted();
  script.microphone.fails = new AlcoveError("unsupported", "There is no microphone.");
  await assert.rejects(script.conversation.start(), { code: "unsupported" });
  assert.equal(script.conversation.state, "idle");
  script.microphone.fails = null;
  await script.conversation.start();
  const gone = new AlcoveError("unsupported", "The microphone went away.");
  script.microphone.dispatchEvent(new CustomEvent("ended", { detail: gone }));
  assert.equal(script.conversation.state, "idle");
  assert.deepEqual(script.errors, [gone]);
});

test("it ends with Alcove", async () => {
  const script = await speaking();
  script.closing.dispatchEvent(new Event("close"));
  assert.deepEqual([script.conversation.state, script.microphone.running], ["idle", false]);
});

test("one that listens elsewhere keeps it from starting", async () => {
  const script = new Scripted();
  script.busy = new AlcoveError("busy", "Another conversation listens.");
  await assert.rejects(script.conversation.start(), { code: "busy" });
  assert.equal(script.microphone.running, false);
});

test("a muted microphone and sound that waits for a click are told, and what was is again", async () => {
  const script = await started();
  script.microphone.muted = true;
  script.microphone.dispatchEvent(new Event("muted"));
  assert.equal(script.conversation.state, "muted");
  script.microphone.muted = false;
  script.microphone.dispatchEvent(new Event("unmuted"));
  assert.equal(script.conversation.state, "listening");
  script.sound.state = "suspended";
  script.sound.dispatchEvent(new Event("statechange"));
  assert.equal(script.conversation.state, "waiting");
  script.sound.state = "running";
  script.sound.dispatchEvent(new Event("statechange"));
  assert.equal(script.conversation.state, "listening");
});

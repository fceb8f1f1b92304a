/** Live captions with a fake eye, a fake camera and a clock that the test turns. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DescribeOptions, Picture, VisionResult } from "../../../../web/sdk/sessions/eye.ts";
import { type Caption, type LiveOptions, LiveView } from "../../../../web/sdk/sessions/live.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

class Page extends EventTarget {
  hidden = false;
  show(shown: boolean): void {
    this.hidden = !shown;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** A stage for one view: nothing moves but by `pass`, and each look ends when the test says so. */
function stage(options: Partial<LiveOptions> = {}) {
  let time = 0;
  let frame = 0;
  let timers: { at: number; work: () => void }[] = [];
  const looks: { picture: number; options: DescribeOptions; end: (text: string | AlcoveError) => void }[] =
    [];
  const heard = { captions: [] as Caption[], skips: [] as string[], errors: [] as AlcoveError[] };
  const page = new Page();
  const later = (work: () => void, ms: number) => {
    const timer = { at: time + ms, work };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  };
  const view = new LiveView(
    {
      capture: { captureFrame: () => ({ rgbPixels: new Uint8Array([++frame, 0, 0]), width: 1, height: 1 }) },
      eye: {
        describe: (picture: Picture, _prompt: string, about: DescribeOptions = {}) =>
          new Promise<VisionResult>((resolve, reject) => {
            looks.push({
              picture: (picture as { data: Uint8Array }).data[0] as number,
              options: about,
              end: (text) => (typeof text === "string" ? resolve({ text } as VisionResult) : reject(text)),
            });
          }),
      },
      prompt: "What is there?",
      intervalMs: 100,
      onCaption: (caption) => heard.captions.push(caption),
      onSkip: (reason, count) => heard.skips.push(`${reason} ${count}`),
      onError: (error) => heard.errors.push(error),
      ...options,
    },
    { now: () => time, later, page },
  );
  /** Lets `ms` pass, and then everything that waits for it. */
  const pass = async (ms: number) => {
    const until = time + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((other) => other !== next);
      time = Math.max(time, next.at);
      next.work();
    }
    time = until;
  };
  return { view, looks, heard, page, pass };
}

const last = <T>(list: T[]): T => list[list.length - 1] as T;

test("looks at once, and then every interval", async () => {
  const { view, looks, heard, pass } = stage();
  view.start();
  await pass(0);
  assert.equal(looks.length, 1);
  last(looks).end("one");
  await pass(99);
  assert.equal(looks.length, 1);
  await pass(1);
  assert.equal(looks.length, 2);
  assert.deepEqual(
    heard.captions.map(({ text }) => text),
    ["one"],
  );
  assert.equal(heard.captions[0]?.frame.rgbPixels[0], 1);
});

test("a slow eye gets the newest picture and no backlog", async () => {
  const { view, looks, heard, pass } = stage();
  view.start();
  await pass(350);
  assert.equal(looks.length, 1, "a second look began beside the first");
  last(looks).end("slow");
  await pass(0);
  assert.deepEqual(
    looks.map(({ picture }) => picture),
    [1, 2],
  );
  assert.deepEqual(heard.skips, ["busy 3"]);
});

test("pauses while the page is hidden and goes on when it is seen", async () => {
  const { view, looks, heard, page, pass } = stage();
  view.start();
  await pass(0);
  page.show(false);
  last(looks).end("before");
  await pass(10_000);
  assert.equal(looks.length, 1);
  assert.equal(heard.captions.length, 1, "what was begun before is told");
  assert.deepEqual(heard.skips, ["hidden 1"]);
  page.show(true);
  await pass(0);
  assert.equal(looks.length, 2);
});

test("being seen again does not begin a second look beside one that runs", async () => {
  const { view, looks, page, pass } = stage();
  view.start();
  await pass(0);
  page.show(false);
  page.show(true);
  await pass(500);
  assert.equal(looks.length, 1);
});

test("a failed look is told and the next one goes on, later each time", async () => {
  const { view, looks, heard, pass } = stage();
  view.start();
  await pass(0);
  last(looks).end(new AlcoveError("engine-crashed", "It fell over."));
  await pass(499);
  assert.equal(looks.length, 1);
  await pass(1);
  assert.equal(looks.length, 2);
  last(looks).end(new AlcoveError("engine-crashed", "Again."));
  await pass(999);
  assert.equal(looks.length, 2);
  await pass(1);
  last(looks).end("back");
  await pass(100);
  assert.equal(looks.length, 4, "a success sets the pace back");
  assert.deepEqual(
    heard.errors.map(({ code }) => code),
    ["engine-crashed", "engine-crashed"],
  );
  assert.deepEqual(
    heard.captions.map(({ text }) => text),
    ["back"],
  );
});

test("stop gives up the look that runs, and nothing is heard of it", async () => {
  for (const end of ["too late", new AlcoveError("cancelled", "Stopped.")]) {
    const { view, looks, heard, pass } = stage();
    view.start();
    await pass(0);
    view.stop();
    assert.ok(looks[0]?.options.signal?.aborted);
    looks[0]?.end(end);
    await pass(1000);
    assert.equal(looks.length, 1);
    assert.deepEqual(heard, { captions: [], skips: [], errors: [] });
    assert.equal(view.running, false);
  }
});

test("a stopped view starts anew, and the old look does not disturb it", async () => {
  const { view, looks, heard, pass } = stage();
  view.start();
  await pass(0);
  view.stop();
  view.start();
  await pass(0);
  assert.equal(looks.length, 2);
  looks[0]?.end("old");
  await pass(0);
  looks[1]?.end("new");
  await pass(0);
  assert.deepEqual(
    heard.captions.map(({ text }) => text),
    ["new"],
  );
});

test("without a picture it waits for one", async () => {
  let frames: { rgbPixels: Uint8Array<ArrayBuffer>; width: number; height: number } | null = null;
  const { view, looks, heard, pass } = stage({ capture: { captureFrame: () => frames } });
  view.start();
  await pass(450);
  assert.equal(looks.length, 0);
  assert.deepEqual(heard.skips, ["no-frame 1", "no-frame 1", "no-frame 1"]);
  frames = { rgbPixels: new Uint8Array(3), width: 1, height: 1 };
  await pass(200);
  assert.equal(looks.length, 1);
});

test("a changed prompt is taken by the next look", async () => {
  const { view, looks, heard, pass } = stage();
  view.start();
  await pass(0);
  view.options.prompt = "How many?";
  last(looks).end("one");
  await pass(100);
  last(looks).end("two");
  await pass(0);
  assert.deepEqual(
    heard.captions.map(({ prompt }) => prompt),
    ["What is there?", "How many?"],
  );
});

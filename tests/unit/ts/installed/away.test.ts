/** Who is told what, when a page that nobody looks at has something new. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { watchWhileAway } from "../../../../web/page/installed/away.ts";
import type { Thread } from "../../../../web/page/state/thread.ts";

class FakeThread extends EventTarget {
  busy = false;
  approval: { id: string } | null = null;

  set(busy: boolean, approval: string | null = null): void {
    this.busy = busy;
    this.approval = approval ? { id: approval } : null;
    this.dispatchEvent(new Event("change"));
  }

  /** As a turn ends: the answer is there before the thread is at rest. */
  finish(): void {
    this.dispatchEvent(new Event("finished"));
    this.set(false);
  }
}

class FakeWorkbench extends EventTarget {
  thread = new FakeThread() as unknown as Thread;

  show(thread: FakeThread): void {
    this.thread = thread as unknown as Thread;
    this.dispatchEvent(new Event("change"));
  }
}

function watched() {
  const [workbench, thread, told] = [new FakeWorkbench(), new FakeThread(), [] as string[]];
  const page = { hidden: true, now: 0 };
  watchWhileAway(
    workbench,
    (news) => told.push(news),
    () => page.hidden,
    () => page.now,
  );
  workbench.show(thread);
  return { workbench, thread, told, page };
}

test("a long answer that ends while the page is hidden is told, once", () => {
  const { workbench, thread, told, page } = watched();
  thread.set(true);
  page.now = 5_000;
  workbench.show(thread); // drawn again: not watched twice
  thread.finish();
  assert.deepEqual(told, ["ready"]);
});

test("a short one is not, and the time of the turn before does not count", () => {
  const { thread, told, page } = watched();
  page.hidden = false;
  thread.set(true);
  page.now = 60_000;
  thread.finish();
  page.hidden = true;
  thread.set(true);
  page.now = 64_000;
  thread.finish();
  assert.deepEqual(told, []);
});

test("an answer in a conversation that is not open any more is told too", () => {
  const { workbench, thread, told, page } = watched();
  thread.set(true);
  workbench.show(new FakeThread());
  page.now = 20_000;
  thread.finish();
  assert.deepEqual(told, ["ready"]);
});

test("a question is told at once and once, and only while nobody looks", () => {
  const { thread, told, page } = watched();
  thread.set(true, "1");
  thread.set(true, "1");
  assert.deepEqual(told, ["decide"]);
  page.hidden = false;
  thread.set(true, "2");
  assert.deepEqual(told, ["decide"]);
});

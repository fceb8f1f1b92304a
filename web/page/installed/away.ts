/** Which answers came, and which questions were asked, while nobody looked at the page. */
import type { Thread } from "../state/thread.ts";
import type { Workbench } from "../state/workbench.ts";

/** An answer that took less was not waited for. */
const LONG_MS = 5_000;

/** What happened in a conversation: its answer is ready, or a tool wants to be allowed. */
export type News = "ready" | "decide";

/**
 * Calls `tell` with what is new in a conversation while the page is hidden.
 * @param hidden whether it is; `now` are milliseconds of any clock
 */
export function watchWhileAway(
  workbench: Pick<Workbench, "thread"> & EventTarget,
  tell: (news: News, thread: Thread) => void,
  hidden = () => document.visibilityState === "hidden",
  now = () => performance.now(),
): void {
  const known = new WeakSet<Thread>();
  const follow = () => {
    const { thread } = workbench;
    if (known.has(thread)) return;
    known.add(thread);
    let began: number | null = null;
    let asked: string | null = null;
    const look = () => {
      // `finished` comes before the thread is at rest.
      began = thread.busy ? (began ?? now()) : null;
      const question = thread.approval?.id ?? null;
      if (question && question !== asked && hidden()) tell("decide", thread);
      asked = question;
    };
    thread.addEventListener("change", look);
    thread.addEventListener("finished", () => {
      const long = began !== null && now() - began >= LONG_MS;
      if (long && hidden()) tell("ready", thread);
    });
    look();
  };
  workbench.addEventListener("change", follow);
  follow();
}

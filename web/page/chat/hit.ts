/** Shows where a search found something: the message comes into view, has the focus, and its words are marked. */
import type { SearchHit } from "../../sdk/index.ts";
import { entryAt } from "../state/forks.ts";
import type { Workbench } from "../state/workbench.ts";
import { BLOCK } from "./blocks.ts";
import { spansOf } from "./spans.ts";
import { LEAVE } from "./sticky-scroll.ts";

/** A machine that takes longer to draw a message shows it without the words marked. */
const DRAWN_MS = 10_000;
/** As the style has it. */
const NAME = "search-hit";

/** @param page holds the conversation, which the workbench has just opened */
export async function showHit(page: HTMLElement, workbench: Workbench, hit: SearchHit): Promise<void> {
  const { thread } = workbench;
  const record = await (await workbench.opened).conversations.get(hit.conversation);
  if (hit.message === null || !record) return;
  const index = entryAt(record.messages, hit.message);
  const log = await until(page, () => {
    if (thread !== workbench.thread || !thread.entries[index]) return null;
    const all = page.querySelector<HTMLElement>("chat-view .log");
    return all?.children.length === Math.ceil(thread.entries.length / BLOCK) ? all : null;
  });
  const block = log?.children[Math.floor(index / BLOCK)];
  if (!log || !block) return;
  // A conversation opens at its end, and would go there again as it is drawn.
  log.closest(".scroll")?.dispatchEvent(new Event(LEAVE));
  block.scrollIntoView();
  const message = await until(
    log,
    () => block.querySelectorAll<HTMLElement>(":scope > .message")[index % BLOCK],
  );
  if (!message || thread !== workbench.thread) return;
  message.scrollIntoView();
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  const words = hit.marks.map(([from, to]) => hit.text.slice(from, to));
  const ranges = await until(message, () => {
    const found = rangesOf(message, words);
    return found.length ? found : null;
  });
  const first = ranges?.[0];
  if (!ranges || !first) return;
  mark(page, ranges);
  first.startContainer.parentElement?.scrollIntoView({ block: "center" });
}

function rangesOf(message: HTMLElement, words: readonly string[]): Range[] {
  return [...message.querySelectorAll(".prose, .plain")].flatMap((prose) => {
    const nodes: Text[] = [];
    const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode as Text);
    return spansOf(
      nodes.map(({ data }) => data),
      words,
    ).map(({ from, to }) => {
      const range = new Range();
      range.setStart(nodes[from.piece] as Text, from.at);
      range.setEnd(nodes[to.piece] as Text, to.at);
      return range;
    });
  });
}

/** Until somebody writes on. */
function mark(page: HTMLElement, ranges: readonly Range[]): void {
  if (!("highlights" in CSS)) return; // the message has the focus
  CSS.highlights.set(NAME, new Highlight(...ranges));
  page.addEventListener("input", () => CSS.highlights.delete(NAME), { once: true });
}

/** What `look` finds in what is drawn, as soon as it does; null where it is not drawn in time. */
function until<T>(root: HTMLElement, look: () => T | null | undefined): Promise<T | null> {
  return new Promise((resolve) => {
    const settle = (found: T | null) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(found);
    };
    const check = () => {
      const found = look();
      if (found) settle(found);
    };
    const observer = new MutationObserver(check);
    const timer = setTimeout(() => settle(null), DRAWN_MS);
    observer.observe(root, { subtree: true, childList: true, characterData: true });
    check();
  });
}

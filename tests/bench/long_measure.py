"""A long list of conversations, a long conversation, a long message: does the page stay usable?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab import Figure, SiteServer, at_most, main_thread, told
from playwright.sync_api import Browser, Page

from long_history import fill  # isort: skip
from waiting import wait_ready, wait_until  # isort: skip

CONVERSATIONS = 1_000
MESSAGES = 1_000
PASTED = 200_000

# Long tasks, when it was ready, when the first row of the list was painted, the longest frame.
_WATCH = """
window.tasks = [];
window.watching = new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]);
});
watching.observe({ type: "longtask", buffered: true });
window.longTasks = (since) => {
  for (const { startTime, duration } of watching.takeRecords()) tasks.push([startTime, duration]);
  return tasks.filter(([at, duration]) => at + duration >= since).map(([, duration]) => duration);
};
window.settled = async () => {
  for (let i = 0; i < 3; i++) await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
};
const painted = (mark) =>
  requestAnimationFrame(() => setTimeout(() => { window[mark] ??= performance.now(); }));
new MutationObserver(() => {
  if (document.documentElement.dataset.state === "ready") window.readyAt ??= performance.now();
  if (!window.seen && document.querySelector("[data-testid=conversation-item]")) {
    window.seen = true;
    painted("listAt");
  }
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
"""

_OPEN = """async (id) => {
  const began = performance.now();
  document.querySelector(`[data-id="${id}"] .conversation-open`).click();
  const last = () => [...document.querySelectorAll("[data-testid=message-assistant]")].at(-1);
  const end = () => last()?.querySelector("markdown-view :is(strong, code, td, li)");
  while (!end()) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const took = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return { took, tasks: longTasks(began) };
}"""

# Up, as fast as a person turns a wheel, and then to the beginning.
_SCROLL = """async () => {
  const box = document.querySelector(".scroll");
  const began = performance.now();
  const frames = [];
  let before = began;
  for (let i = 0; i < 300; i++) {
    box.scrollTop -= 120;
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    frames.push(now - before);
    before = now;
  }
  const wheel = longTasks(began);
  const jumped = performance.now();
  box.scrollTop = 0;
  const first = "[data-testid=message-user]";
  while (!document.querySelector(first)?.textContent.startsWith("Question 0?")) await settled();
  await settled();
  return { frame: Math.max(...frames), wheel, jump: longTasks(jumped) };
}"""

_COPY = """async (length) => {
  const words = "Some words of a text that was pasted, and a few more of them. ";
  let text = "";
  for (let i = 0; text.length < length; i++) text += words + (i % 6 === 5 ? "\\n" : "");
  await navigator.clipboard.writeText(text.slice(0, length));
  document.querySelector("[data-testid=composer]").focus();
  await settled();
  window.began = performance.now();
}"""

_SEND = """async () => {
  await settled();
  const pasted = longTasks(began);
  const sent = performance.now();
  document.querySelector("[data-testid=send]").click();
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return { pasted, sent: longTasks(sent) };
}"""


@contextmanager
def filled(browser: Browser, site: SiteServer) -> Iterator[tuple[Page, list[float]]]:
    """A page of somebody who has talked a lot, and the tasks of its start (see `main_thread`)."""
    permissions = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(service_workers="block", permissions=permissions)
    page = context.new_page()
    fill(page, site, conversations=CONVERSATIONS, messages=MESSAGES)
    page.add_init_script(_WATCH)
    with main_thread(browser, page) as tasks:
        page.goto(site.url)
        wait_ready(page)
        wait_until(page, "window.listAt")
        page.wait_for_timeout(1_000)
    yield page, tasks
    context.close()


def long(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Long tasks of the page's main thread where there is much to draw."""
    with filled(browser, site) as (page, starting):
        ready, listed = page.evaluate("[readyAt, listAt]")
        yield at_most(
            "1,000 conversations: the list is painted after ready", max(0, listed - ready), "ms", 100
        )
        yield told("1,000 conversations: navigation to the list", listed, "ms")
        yield at_most("1,000 conversations: the longest task, processor time", starting[0], "ms", 50)
        opened = page.evaluate(_OPEN, "c0")
        yield at_most("1,000 messages: opened in", opened["took"], "ms", 300)
        yield from _tasks("1,000 messages, opened", opened["tasks"])
        scrolled = page.evaluate(_SCROLL)
        yield told("1,000 messages, scrolled: the longest frame", scrolled["frame"], "ms")
        yield from _tasks("1,000 messages, scrolled", scrolled["wheel"])
        yield from _tasks("1,000 messages, to the first", scrolled["jump"])
        page.get_by_test_id("new-chat").click()
        page.evaluate(_COPY, PASTED)
        page.keyboard.press("Control+V")
        message = page.evaluate(_SEND)
        yield from _tasks("200 KB pasted", message["pasted"])
        yield from _tasks("200 KB sent", message["sent"])


def _tasks(name: str, tasks: list[float]) -> Iterator[Figure]:
    yield at_most(f"{name}: tasks over 50 ms", len(tasks), "", 0)
    yield told(f"{name}: the longest task", max(tasks, default=0), "ms")

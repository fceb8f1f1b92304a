"""What a person does in the Vision tab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from browsers import visitor
from playwright.sync_api import Browser, Page, expect
from waiting import wait_for

from build_steps.serve import SiteServer

# Remembers what the page asks of the browser, and every worker that it starts.
WITNESS = """
window.streams = [];
window.engines = [];
window.asked = 0;  // looks that an engine was asked for
window.eyes = () => engines.filter(({ sees }) => sees).at(-1);
for (const name of ["getUserMedia", "getDisplayMedia"]) {
  const original = navigator.mediaDevices[name].bind(navigator.mediaDevices);
  navigator.mediaDevices[name] = async (wish) => {
    const stream = await original(wish);
    streams.push(stream);
    return stream;
  };
}
window.live = () => streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length;
const Original = Worker;
window.Worker = class extends Original {
  constructor(url, options) {
    super(url, options);
    engines.push(this);
  }
  postMessage(message, ...rest) {
    if (message?.args?.model?.vision) this.sees = true;
    if (this.sees && message?.op === "complete") asked++;
    super.postMessage(message, ...rest);
  }
};
"""
PHONE = {"width": 390, "height": 844}


@contextmanager
def vision(
    browser: Browser, site: SiteServer, *, viewport: dict[str, int] | None = None, script: str = ""
) -> Iterator[Page]:
    """The Vision tab of somebody who was never here."""
    context = visitor(browser, chats=False)
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.add_init_script(WITNESS + script)
    if viewport:
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.clock.install()
    page.goto(site.url + "#vision")
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    yield page
    context.close()


def look_at_camera(page: Page) -> None:
    """Opens the camera and waits for the first caption."""
    page.get_by_test_id("source-camera").click()
    expect(page.get_by_test_id("look").first).to_be_visible()
    assert page.evaluate("live()") == 1


def middle(page: Page) -> list[int]:
    """Red, green and blue in the middle of the picture that is shown."""
    return page.evaluate(
        """() => { const c = document.querySelector("[data-testid=still] canvas");
          const { data } = c.getContext("2d").getImageData(c.width / 2, c.height / 2, 1, 1);
          return [...data].slice(0, 3); }"""
    )


def looks(page: Page) -> int:
    """How many frames were answered: those that were answered alike are one entry."""
    facts = page.locator(".look-facts").all_inner_texts()
    return sum(int(found[1]) if (found := re.search(r"(\d+) frames", fact)) else 1 for fact in facts)


def wait_looks(page: Page, count: int) -> None:
    expect(page.get_by_test_id("look").first).to_be_visible()
    wait_for(page, lambda: looks(page) >= count, f"{count} frames are answered")


def looks_in(page: Page, ms: int) -> int:
    """
    How many looks the page asks for in so much time, which its clock jumps over.

    An eye of the test's own looks last. Looks are answered in turn, so none of the page's is on its way then.
    """
    before = page.evaluate("asked")
    page.clock.fast_forward(ms)
    page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(8, 8);
          canvas.getContext("2d").fillRect(0, 0, 8, 8);
          const eye = await alcove.openVision();
          await eye.describe(canvas, "What is it?", { maxTokens: 1 });
          eye.close();
        }"""
    )
    return page.evaluate("asked") - before - 1

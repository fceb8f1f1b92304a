"""A page of the site that runs nothing of ours but what a test calls, and keeps the streams that it gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from browsers import visitor
from playwright.sync_api import Browser, Page

from build_steps.serve import SiteServer

# Every stream that the browser gives is kept in `streams`.
_PREPARE = """async (url) => {
  window.A = await import(url);
  window.streams = [];
  window.asking = 0;  // questions to the browser that are not answered yet
  for (const name of ["getUserMedia", "getDisplayMedia"]) {
    const original = navigator.mediaDevices?.[name]?.bind(navigator.mediaDevices);
    if (original) navigator.mediaDevices[name] = async (wish) => {
      asking++;
      try {
        const stream = await original(wish);
        streams.push(stream);
        return stream;
      } finally {
        asking--;
      }
    };
  }
  window.until = async (holds) => { while (!holds()) await new Promise((go) => setTimeout(go, 5)); };
  window.answered = async () => {
    await until(() => asking === 0);
    await new Promise((go) => setTimeout(go));  // what is done with the last answer is done before this
  };
  window.live = () => streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === "live").length;
  window.attempt = async (work) => {
    try { return { value: await work() }; }
    catch ({ name, code, message, action }) { return { name, code, message, action }; }
  };
  window.pixel = ({ rgbPixels, width }, x, y) => [...rgbPixels.slice((y * width + x) * 3).slice(0, 3)];
}"""


@contextmanager
def empty_page(browser: Browser, site: SiteServer, origin: str | None = None) -> Iterator[Page]:
    """A page of the site that runs nothing of ours but what a test calls."""
    context = visitor(browser)
    page = context.new_page()
    root = origin or site.url
    page.goto(root + "build.json")
    page.evaluate(_PREPARE, root + "alcove.js")
    yield page
    context.close()

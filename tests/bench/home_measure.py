"""What Python's home on the disk costs of a start."""

from __future__ import annotations

from collections.abc import Iterator

from lab import READY_MARK, Figure, SiteServer, at_most, median, told
from playwright.sync_api import Browser, Page, Route

from waiting import wait_ready, wait_until  # isort: skip

_PAIRS = 12
_FILES = 200
_FILL = f"""
from pathlib import Path
for number in range({_FILES}):
    file = Path.home() / "notes" / str(number // 20) / f"{{number}}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x" * 500)
"""
_KEPT = """async () => {
  let files = 0;
  const count = async (folder) => {
    for await (const entry of folder.values()) entry.kind === "file" ? files++ : await count(entry);
  };
  const root = await navigator.storage.getDirectory();
  await count(await root.getDirectoryHandle("home"));
  return files;
}"""
_NO_DISK = 'navigator.storage.getDirectory = async () => { throw new DOMException("", "SecurityError"); };\n'


def home(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Navigation to Python's readiness with a home of many files, and without any disk, in turns."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.add_init_script(READY_MARK)
    page.goto(site.url)
    wait_ready(page)
    page.evaluate("(code) => alcove.python.run(code)", _FILL)
    wait_until(page, f"({_KEPT})().then((files) => files >= {_FILES})")
    prefix = ""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=prefix + response.text())

    context.route("**/python.worker-*.js", answer)
    times: dict[str, list[float]] = {"": [], _NO_DISK: []}
    for round_ in range(_PAIRS + 1):
        for prefix in ("", _NO_DISK) if round_ % 2 else (_NO_DISK, ""):
            took = _start(page, site.url)
            assert page.evaluate("alcove.home.trouble === null") == (prefix == "")
            if round_:
                times[prefix].append(took)
    context.close()
    more = [with_ - without for with_, without in zip(times[""], times[_NO_DISK], strict=True)]
    yield at_most(f"home: what {_FILES} files on the disk add to Python's start", median(more), "ms", 100)
    yield told("home: start with ÷ without", median(times[""]) / median(times[_NO_DISK]), "ratio")


def _start(page: Page, url: str) -> float:
    page.goto("about:blank")
    page.goto(url)
    wait_until(page, "window.readyAt")
    return page.evaluate("window.readyAt")

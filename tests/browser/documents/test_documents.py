"""`alcove.documents` on the disk of a real browser: two tabs, and workers and tabs that end in the middle."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pdf_file import pdf_of
from playwright.sync_api import Browser, BrowserContext, Page
from waiting import wait_for

from build_steps.serve import SiteServer

PAGES = 160
_LONG = pdf_of(
    [[f"Page {page} begins.", *("It says little." for _ in range(30))] for page in range(1, PAGES + 1)]
)

# Keeps the workers at hand, so that a test can end one.
_KEEP_WORKERS = """
window.workers = [];
window.Worker = class extends Worker {
  constructor(url, options) {
    super(url, options);
    window.workers.push([String(url), this]);
  }
};
window.endWorker = (name) => {
  const found = window.workers.filter(([url]) => url.includes(name));
  for (const [, worker] of found) worker.terminate();
  window.workers = window.workers.filter(([url]) => !url.includes(name));
  return found.length;
};
"""

# What comes of it is looked for later.
_ADD = """
([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  window.added = undefined;
  const onProgress = (progress) => {
    if (progress.done > 0) window.whenHalfRead?.();
  };
  alcove.documents.add(new File([bytes], name), { onProgress }).then(
    (entry) => { window.added = { entry }; },
    ({ code, message, action }) => { window.added = { error: { code, message, action } }; },
  );
}
"""


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(service_workers="block")
    yield context
    context.close()


@pytest.fixture
def tab(person: BrowserContext, site: SiteServer) -> Iterator[Callable[[], Page]]:
    """Opens tabs that have Alcove and nothing else."""
    opened: list[Page] = []

    def open_tab() -> Page:
        page = person.new_page()
        opened.append(page)
        page.goto(f"{site.url}build.json")
        page.evaluate(_KEEP_WORKERS)
        page.evaluate("async () => { window.alcove = await (await import('/alcove.js')).openAlcove(); }")
        return page

    yield open_tab
    for page in opened:
        page.close()


def start(page: Page, name: str, content: bytes) -> None:
    page.evaluate(_ADD, [name, base64.b64encode(content).decode()])


def add(page: Page, name: str, content: bytes) -> dict[str, Any]:
    """{entry} or {error}."""
    start(page, name, content)
    return wait_for(page, lambda: page.evaluate("window.added"), f"{name} is read")


def found(page: Page, query: str) -> list[dict[str, Any]]:
    return page.evaluate("(query) => alcove.documents.search(query)", query)


def entry_of(page: Page, name: str) -> dict[str, Any] | None:
    entries = page.evaluate("alcove.documents.list()")
    return next((entry for entry in entries if entry["name"] == name), None)


def when_half_read(page: Page, work: str) -> None:
    """Does `work` in the page whenever a part of a document was read."""
    page.evaluate(f"() => {{ window.ended = 0; window.whenHalfRead = () => {{ {work} }}; }}")


def check_whole(page: Page, name: str) -> None:
    """Every page is there, once, whoever has read it."""

    def ready() -> bool:
        entry = entry_of(page, name)
        return entry is not None and entry["state"] == "ready"

    wait_for(page, ready, f"{name} is read")
    opened = page.evaluate("(id) => alcove.documents.open(id)", entry_of(page, name)["id"])
    assert [section["page"] for section in opened["sections"]] == list(range(1, PAGES + 1))
    for section in opened["sections"]:
        assert opened["text"][section["start"] : section["end"]].startswith(f"Page {section['page']} begins.")


def test_a_document_is_found_in_every_tab_until_it_is_removed(tab: Callable[[], Page]) -> None:
    one, other = tab(), tab()
    notes = (
        "# Log\n\n## Monday\n\nThe keeper is called Marta Öberg.\n\n## Friday\n\nIt was stormy.\n".encode()
    )
    entry = add(one, "log.md", notes)["entry"]
    assert entry["outcome"] == "added"
    assert add(other, "copy.md", notes)["entry"]["outcome"] == "already"

    [hit] = found(other, "who is oberg?")
    assert (hit["document"], hit["name"], hit["page"]) == (entry["id"], "log.md", 1)
    assert hit["heading"] == "Log › Monday"
    text = other.evaluate("async (id) => (await alcove.documents.open(id)).text", entry["id"])
    assert text[hit["start"] : hit["end"]] == hit["text"]
    assert one.evaluate("async () => (await alcove.storage.report()).kinds.documents.bytes") > 0

    one.close()  # It ran the worker.
    changed = add(other, "log.md", b"Otto keeps the light now.")["entry"]
    assert (changed["id"], changed["outcome"]) == (entry["id"], "replaced")
    assert found(other, "marta") == []
    assert len(found(other, "otto")) == 1
    other.evaluate("(id) => alcove.documents.remove(id)", entry["id"])
    assert found(other, "otto") == []
    assert other.evaluate("alcove.documents.list()") == []


def test_what_means_the_same_is_found_without_a_word_of_it(tab: Callable[[], Page]) -> None:
    page = tab()
    entry = add(
        page, "pets.md", b"# Pets\n\nThe kitten sleeps on the sofa.\n\n# Cars\n\nThe engine needs oil."
    )["entry"]

    def understood() -> bool:
        found = entry_of(page, "pets.md")
        return found is not None and found["understood"] == found["passages"]

    wait_for(page, understood, "all passages have vectors")
    best = found(page, "a young cat")[0]
    assert (best["document"], best["heading"], best["matched"]) == (entry["id"], "Pets", 0)
    assert best["similarity"] > 0.3
    page.evaluate("(id) => alcove.documents.remove(id)", entry["id"])


def test_what_cannot_be_read_is_told_and_leaves_nothing(tab: Callable[[], Page]) -> None:
    page = tab()
    for name, content in {
        "empty.txt": b"",
        "cut.pdf": _LONG[:5000],
        "no.pdf": b"%PDF-1.7\nnothing",
        "old.doc": b"\xd0\xcf\x11\xe0" + bytes(600),
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + bytes(600),
        "program.txt": b"\x7fELF" + bytes(600),
    }.items():
        error = add(page, name, content)["error"]
        assert (error["code"], bool(error["action"])) == ("bad-request", True), name
        assert name in error["message"]
    assert page.evaluate("alcove.documents.list()") == []
    wrong_name = add(page, "really.txt", pdf_of([["Found all the same."], []]))["entry"]
    assert (wrong_name["type"], wrong_name["pages"]) == ("pdf", 2)
    assert wrong_name["notes"] == ["Page 2 has no text that could be read."]


def test_a_scanned_page_is_read_and_a_chinese_one_by_the_maps_of_the_site(
    browser: Browser, tab: Callable[[], Page]
) -> None:
    paper = browser.new_page(viewport={"width": 1190, "height": 1684})
    paper.set_content("<body style='font: 28px serif; margin: 120px'>The ferry leaves the harbour at noon.")
    scan = paper.screenshot(type="jpeg", quality=70)
    paper.close()
    page = tab()
    entry = add(page, "scan.pdf", pdf_of([["A letter comes first."], scan, ["老人点亮那盏灯"]]))["entry"]
    assert (entry["pages"], entry["notes"]) == (3, [])
    (ferry,) = found(page, "ferry harbour")[:1]
    assert (ferry["page"], ferry["text"]) == (2, "The ferry leaves the harbour at noon.")
    assert found(page, "老人")[0]["text"] == "老人点亮那盏灯"
    page.evaluate("(id) => alcove.documents.remove(id)", entry["id"])


def test_reading_goes_on_when_its_workers_and_its_tab_end(tab: Callable[[], Page]) -> None:
    one, other = tab(), tab()
    when_half_read(one, "ended ||= endWorker('parser.worker');")
    assert add(one, "long.pdf", _LONG)["entry"]["pages"] == PAGES
    assert one.evaluate("ended") == 1
    check_whole(other, "long.pdf")
    other.evaluate("(id) => alcove.documents.remove(id)", entry_of(other, "long.pdf")["id"])

    when_half_read(one, "ended ||= endWorker('documents.worker');")
    assert add(one, "kept.pdf", _LONG)["entry"]["pages"] == PAGES
    check_whole(other, "kept.pdf")
    other.evaluate("(id) => alcove.documents.remove(id)", entry_of(other, "kept.pdf")["id"])

    when_half_read(one, "endWorker('parser.worker'); location.replace('about:blank');")
    start(one, "left.pdf", _LONG)
    check_whole(other, "left.pdf")

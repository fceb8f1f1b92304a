"""After one visit the app needs nobody: the server is stopped, the network cut, and it chats."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import ANSWER_MS, CHROMIUM_FLAGS, ROOT, chromium_path, copy_site, end
from conversation import ask, cut_short, start_answer
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from waiting import wait_for, wait_ready, wait_until

from build_steps.serve import SiteServer

DESCRIPTION = "document.querySelector('meta[name=description]').content"
KILLS = int(os.environ.get("ALCOVE_KILLS", "4"))
CAPITAL = "What is the capital of France?"


@pytest.fixture(scope="module")
def visitor(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=chromium_path(), args=CHROMIUM_FLAGS
    )
    context.set_default_timeout(ANSWER_MS)
    yield context
    context.close()


def wait_saved(page: Page) -> None:
    """Waits until the page says that it works offline."""
    expect(page.get_by_test_id("offline-status")).to_have_text("Works offline")


def test_it_chats_with_the_server_stopped_and_the_network_cut(visitor: BrowserContext) -> None:
    server = SiteServer(ROOT / "dist", port=0)
    server.start()
    page = visitor.new_page()
    page.goto(server.url)
    wait_ready(page)
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
    wait_saved(page)
    server.stop()
    visitor.set_offline(True)
    page.reload()
    wait_until(page, "document.documentElement.dataset.state === 'offline'")
    assert page.evaluate("crossOriginIsolated") is True
    expect(page.get_by_test_id("message-user")).to_have_text(CAPITAL)
    start_answer(page, "And what is it known for?")
    cut_short(page)
    page.get_by_test_id("new-chat").click()
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
    visitor.set_offline(False)
    page.close()


class Site:
    """A site that publishes one build after the other: A is the first."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.build = folder, url, "A"

    def publish(self, *, altered: bool = False) -> str:
        self.build = chr(ord(self.build) + 1)
        _publish(self.folder, self.build, altered=altered)
        return self.build


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = copy_site(tmp_path_factory.mktemp("published"))
    with SiteServer(folder, port=0) as server:
        yield Site(folder, server.url)


@pytest.fixture
def saved(visitor: BrowserContext, published: Site) -> Iterator[Page]:
    """A page of that site, saved for offline use: each test goes on from the build of the one before."""
    page = _visit(visitor, published.url)
    wait_ready(page)
    wait_saved(page)
    _take_all(page, published.build)
    yield page
    for page in visitor.pages[1:]:  # the first is the browser's own: without it there is no window
        page.close()


def test_a_damaged_file_on_this_device_is_replaced(saved: Page) -> None:
    """
    Whatever a browser or a disk did to it: the page and its scripts are never answered damaged. The first of
    these tests: files of builds that were before nobody mends.
    """
    site = saved.evaluate("document.baseURI")
    # Of a page that asks for nothing: whatever asks for a damaged file begins the repair.
    saved.goto(f"{site}build.json")
    whole, left = saved.evaluate(DAMAGE)
    assert whole > 5
    assert left == 0
    saved.goto(site)
    wait_ready(saved)
    wait_for(saved, lambda: saved.evaluate(KEPT_WHOLE, False) >= whole, "everything mended")
    wait_saved(saved)


def test_a_new_build_is_offered_and_never_mixed_in(saved: Page, published: Site) -> None:
    before, after = published.build, published.publish()
    saved.reload()
    wait_ready(saved)
    assert _build(saved) == before
    take_update(saved)
    wait_until(saved, f"{DESCRIPTION}.startsWith('{after}')")
    wait_ready(saved)


def test_an_update_that_goes_wrong_leaves_one_whole_build(saved: Page, published: Site) -> None:
    """A file of equal length that was altered, no room, and two builds one upon the other."""
    before = published.build
    faults: list[str] = []
    saved.on("console", lambda message: faults.append(message.text))
    session = saved.context.new_cdp_session(saved)
    origin = saved.evaluate("location.origin")

    published.publish(altered=True)
    saved.evaluate(UPDATE)
    wait_for(
        saved, lambda: any("index.html is not the file of build" in text for text in faults), "a refusal"
    )

    first = published.publish()
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1000})
    saved.evaluate(UPDATE)
    expect(saved.get_by_test_id("notice").filter(has_text="not enough room")).to_be_visible()
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    assert saved.get_by_test_id("update-offer").count() == 0
    saved.reload()
    wait_ready(saved)
    assert _build(saved) == before

    saved.evaluate(UPDATE)
    expect(saved.get_by_test_id("update-offer")).to_be_visible()
    second = published.publish()
    saved.evaluate(f"void ({UPDATE})()")
    take_update(saved)
    wait_until(saved, f"!{DESCRIPTION}.startsWith('{before}')")
    wait_ready(saved)
    assert _build(saved) in (first, second)
    _take_all(saved, second)
    wait_saved(saved)
    assert faults  # the listener was there


# Bounded: a browser may let an update wait for the one before it.
@pytest.mark.parametrize("seed", range(-(-KILLS // 4)))
def test_a_tab_that_ends_in_an_update(
    visitor: BrowserContext, saved: Page, published: Site, seed: int
) -> None:
    chance = random.Random(seed)
    builds = [published.build]
    page = saved
    for _ in range(2):
        builds.append(published.publish())
        page.evaluate(f"void ({UPDATE})()")
        page.wait_for_timeout(chance.random() * 1_500)  # the moment is what chance decides
        end(page, chance)
        page = _visit(visitor, published.url)
        wait_ready(page)
        assert _build(page) in builds
        wait_saved(page)
    # The first, where it waits already, is offered while the second is still coming.
    _take_all(page, builds[-1])
    wait_saved(page)


def _take_all(page: Page, build: str) -> None:
    """Takes what is offered until the page is that of `build`."""
    if _build(page) != build:
        page.evaluate(UPDATE)
    while (before := _build(page)) != build:
        take_update(page)
        wait_until(page, f"!{DESCRIPTION}.startsWith('{before}')")
        wait_ready(page)


def _visit(visitor: BrowserContext, site: str) -> Page:
    """
    A new tab. Chromium may lose a navigation that meets a service worker in the moment in which its process
    is killed: the service worker is not even started, and the tab stays blank until a person tries again.
    """
    page = visitor.new_page()
    try:
        page.goto(site, timeout=30_000)
    except PlaywrightTimeout:
        page.close()
        page = visitor.new_page()
        page.goto(site)
    return page


UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const asked = registration.update().catch(() => null);
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 30_000))]);
}"""

# Counts the kept files up to 256 KB that are whole, and flips a bit in each of them where it is told to.
_COUNT = """
  const { files } = await (await fetch("build.json", { cache: "no-store" })).json();
  const hex = (buffer) =>
    [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const count = async (damage) => {
    let whole = 0;
    for (const name of await caches.keys()) {
      if (!name.startsWith("alcove ")) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const file = files[request.url.slice(new URL("./", location.href).href.length)];
        const answer = await cache.match(request);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (!file || !bytes.length || bytes.length > 256 * 1024) continue;
        if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== file.sha256) continue;
        whole++;
        bytes[0] ^= 1;
        if (damage) await cache.put(request, new Response(bytes, { headers: answer.headers }));
      }
    }
    return whole;
  };
"""
KEPT_WHOLE = f"async () => {{ {_COUNT} return count(false); }}"
DAMAGE = f"async () => {{ {_COUNT} return [await count(true), await count(false)]; }}"


def take_update(page: Page) -> None:
    """Once the page has all it needs: as long as a service worker serves, the next one has to wait."""
    wait_saved(page)
    page.get_by_test_id("update-reload").click()


def _build(page: Page) -> str:
    return page.evaluate(DESCRIPTION)[0]


def _publish(site: Path, name: str, *, altered: bool = False) -> None:
    """
    The next build of the site: another page, of the same size, and a service worker that lists it. `altered`:
    the page is another than it lists.
    """
    page, script = site / "index.html", site / "sw.js"
    before, worker = page.read_text(), script.read_text()
    after = re.sub(r"(?<=content=\")\w(?= private AI workbench)", name, before)
    build = re.search(r'build:"(\w+)"', worker)
    assert build
    worker = worker.replace(build[1], name.lower() * len(build[1]))
    if not altered:
        worker, listed = re.subn(r'(?<=\["index.html",)(\d+),"\w+"', rf'\1,"{_sha256(after)}"', worker)
        assert listed == 1
    assert after != before
    for path, text in ((page, after), (script, worker)):
        new = path.with_suffix(".new")
        new.write_text(text)
        for twin in site.glob(f"{path.name}.*"):
            twin.unlink()
        new.replace(path)  # at no moment is there none


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

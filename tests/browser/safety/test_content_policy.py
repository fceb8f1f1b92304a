"""The content security policy, by a header and by the page's own <meta>: what is injected does not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bare_host import bare_host, elsewhere
from browsers import copy_site, visitor
from playwright.sync_api import Browser, BrowserContext, Page
from waiting import wait_ready

from build_steps.headers import POLICY
from build_steps.serve import SiteServer

INJECTED = (
    "<script>window.ran = true</script>"
    '<img src="x:" onerror="window.ran = true">'
    '<script src="ELSEWHEREscript.js"></script>'
    '<iframe src="ELSEWHEREframe"></iframe>'
    '<img src="ELSEWHEREseen.png">'
)
REACHES = {
    "markup": "document.body.innerHTML = '<b>made</b>'",
    "a frame's markup": "document.createElement('iframe').srcdoc = '<b>made</b>'",
    "a script's address": "document.createElement('script').src = './sw.js'",
    "a worker": "new Worker('./sw.js')",
    "a policy of its own": "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
    "the scripts' policy again": "trustedTypes.createPolicy('alcove', { createScriptURL: (url) => url })",
    "Lit's policy again": "trustedTypes.createPolicy('lit-html', { createHTML: (text) => text })",
    "a worker of another origin": "trustedWorker('https://elsewhere.example/w.js')",
}


@contextmanager
def hosted(root: Path) -> Iterator[str]:
    with SiteServer(root) as site:
        yield site.url


@pytest.fixture(scope="module", params=["with headers", "without headers"])
def injected(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, list[str]]]:
    """The page with what an attacker put into it, on both kinds of host, and where it asked for something."""
    site = copy_site(tmp_path_factory.mktemp("injected"))
    index = site / "index.html"
    text = index.read_text()
    index.unlink()  # a link to the real one
    for twin in (index.with_name("index.html.br"), index.with_name("index.html.gz")):
        twin.unlink(missing_ok=True)
    context = visitor(browser, chats=False)
    page = context.new_page()
    with_headers = request.param == "with headers"
    host = hosted(site) if with_headers else bare_host(site)
    with elsewhere() as (foreign, asked), host as url:
        index.write_text(text.replace("</body>", f"{INJECTED}</body>".replace("ELSEWHERE", foreign)))
        page.goto(url)
        yield page, asked
    context.close()


def test_nothing_injected_runs(injected: tuple[Page, list[str]]) -> None:
    page, asked = injected
    wait_ready(page)
    assert page.evaluate("window.ran") is None
    assert asked == []
    # What answers, and Python, start under the very same policy.
    assert page.evaluate("alcove.python.run('1 + 1')") == 2


def test_no_text_becomes_markup_or_a_script(injected: tuple[Page, list[str]]) -> None:
    page, _ = injected
    wait_ready(page)
    # The door that the page's own code has takes this origin's scripts only.
    page.evaluate("window.trustedWorker = (url) => window[Symbol.for('alcove.scripts')].createScriptURL(url)")
    outcome: dict[str, str] = {}
    for name, code in REACHES.items():
        outcome[name] = page.evaluate(
            f"async () => {{ try {{ await ({code}); return 'done'; }} catch (e) {{ return e.name; }} }}"
        )
    assert outcome == dict.fromkeys(REACHES, "TypeError")


def test_the_policy_is_one_list(site: SiteServer, onlooker: BrowserContext) -> None:
    page = onlooker.new_page()
    answer = page.goto(site.url)
    assert answer
    header = answer.headers["content-security-policy"].split("; ")
    meta = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert meta.split("; ") == list(POLICY)
    # No meta may name who may frame the page: browsers ignore it there.
    assert [part for part in header if part not in POLICY] == ["frame-ancestors 'none'"]

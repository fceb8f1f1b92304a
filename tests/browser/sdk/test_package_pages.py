"""The package as its users have it: packed, built into pages by Vite (one is of React), and used without."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bare_host import bare_host
from browsers import visitor
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waiting import wait_until

from build_steps.base import DIST, cache_dir, digest
from build_steps.package.make import package
from build_steps.serve import SiteServer

_APP = Path(__file__).parent / "app"


def run(command: list[str | Path], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def peers() -> Path:
    """Vite and React, as the lock has them; kept in the cache."""
    lock = [_APP / "package.json", _APP / "package-lock.json"]
    folder = cache_dir() / "peers" / f"app-{digest(lock)[:10]}"
    if not (folder / "done").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for path in lock:
            shutil.copy(path, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        (folder / "done").touch()
    return folder / "node_modules"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they are deployed."""
    folder = tmp_path_factory.mktemp("package")
    package(folder / "package", "alcove", models=False)
    tarball = run(["npm", "pack", "--silent", folder / "package"], folder).strip()
    app = folder / "app"
    shutil.copytree(_APP, app)
    shutil.copytree(peers(), app / "node_modules", copy_function=os.link, symlinks=True)
    with tarfile.open(folder / tarball) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (folder / "unpacked" / "package").rename(app / "node_modules" / "alcove")
    run(["node", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"], app)
    deployed = app / "dist"
    run(["node", "node_modules/alcove/alcove-files.mjs", "dist/alcove"], app)
    there = deployed / "alcove" / "models"
    shutil.copytree(DIST / "models", there, copy_function=os.link, dirs_exist_ok=True)
    shutil.copy(_APP / "plain.html", deployed)
    return deployed


@pytest.fixture(scope="module")
def pages(built: Path) -> Iterator[str]:
    """Served under the content policy of our own site, which is stricter than most."""
    with SiteServer(built, port=0) as server:
        yield server.url


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = visitor(browser)
    yield context
    context.close()


def open_page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.add_init_script(
        "globalThis.failures = [];"
        "addEventListener('unhandledrejection', ({ reason }) => failures.push(String(reason)));"
    )
    page.goto(url)
    return page


def test_a_tag_of_react_answers_and_goes_while_it_answers(context: BrowserContext, pages: str) -> None:
    page = open_page(context, pages + "react.html")
    chat = page.locator("alcove-chat")
    expect(chat.locator(".notice")).to_have_text("Ask me anything.")
    field = chat.get_by_role("textbox", name="Write a message")
    field.fill("Say hello.")
    field.press("Enter")
    expect(chat.locator(".person")).to_have_text("Say hello.")
    expect(chat.locator(".answer.drawn")).to_have_count(1)
    assert chat.locator(".answer").inner_text()
    assert chat.locator(".failure").count() == 0
    page.evaluate(
        """() => {
            const chat = document.querySelector("alcove-chat");
            window.begun = new Promise((resolve) => {
              chat.addEventListener("alcove-event", resolve, { once: true });
            });
            window.left = chat.session;
            window.ended = chat.send("Tell me a very long story about the sea.");
        }"""
    )
    page.evaluate("begun")
    page.evaluate("async () => { show(false); await ended; }")
    expect(page.locator("alcove-chat")).to_have_count(0)
    assert page.evaluate("left.then(({ busy }) => busy)") is False
    page.evaluate("show(true)")
    expect(chat.locator(".notice")).to_have_text("Ask me anything.")
    assert page.evaluate("document.querySelector('alcove-chat').session.then(({ id }) => id.length)") == 36
    assert page.evaluate("failures") == []
    page.close()


def test_a_page_of_vite_finds_its_files_where_it_says(context: BrowserContext, pages: str) -> None:
    page = open_page(context, pages + "vanilla.html")
    wait_until(page, "globalThis.open")
    said = page.evaluate(
        """async () => {
            const errors = [];
            for (const base of ["/wrong/", "https://elsewhere.example/alcove/"])
              errors.push(await open({ base }).catch(({ code, message }) => code + ": " + message));
            const [one, two] = [await open({ base: "/alcove" }), await open({ base: "/alcove/" })];
            const messages = [{ role: "user", content: "Hi" }];
            const ask = (alcove) => alcove.complete({ messages, max_tokens: 3 });
            const answers = await Promise.all([ask(one), ask(two)]);
            await one.close();
            const after = await ask(two);
            await two.close();
            const words = [...answers, after].map(({ choices: [{ message }] }) => message.content.length > 0);
            return { errors, words, isolated: two.capabilities.crossOriginIsolated };
        }"""
    )
    assert said["errors"] == [
        f"bad-request: Alcove's files are not at {pages}wrong/",
        "bad-request: Alcove's files lie on another origin than this page: https://elsewhere.example/alcove/",
    ]
    assert said["words"] == [True, True, True]
    assert said["isolated"] is True
    page.route("**/alcove/build.json", lambda route: route.fulfill(json={"id": "older", "files": {}}))
    other = page.evaluate("open({ base: '/alcove/' }).catch(({ message }) => message)")
    assert other == f"The files at {pages}alcove/ are of another build of Alcove."
    page.close()


def test_a_plain_page_needs_neither_base_nor_headers(context: BrowserContext, built: Path) -> None:
    with bare_host(built) as url:
        page = open_page(context, url + "plain.html")
        chat = page.locator("alcove-chat")
        expect(chat.locator(".notice")).to_have_text("Hello.")
        id_length = page.evaluate("document.querySelector('alcove-chat').session.then(({ id }) => id.length)")
        assert id_length == 36
        assert page.evaluate("crossOriginIsolated") is False
        assert chat.locator(".failure").count() == 0
        page.close()

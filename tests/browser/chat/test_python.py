"""Python in the page: how long its code may run, and the wheels that a person adds."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from bare_host import bare_host
from playwright.sync_api import Page
from waiting import wait_ready, wait_until

INSTALL = """async ([name, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
  await alcove.python.install(new File([bytes], name));
}"""


def wheel(name: str, source: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        info = f"{name}-1.0.dist-info"
        file.writestr(f"{name}.py", source)
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return archive.getvalue()


def install(page: Page, name: str, source: str) -> None:
    content = base64.b64encode(wheel(name, source)).decode()
    page.evaluate(INSTALL, [f"{name}-1.0-py3-none-any.whl", content])


def run(page: Page, code: str, limits: str = "{}") -> object:
    """What the code gives, or the code of its error."""
    return page.evaluate(f"(code) => alcove.python.run(code, {limits}).catch((error) => error.code)", code)


def test_a_wheel_stays_until_it_is_taken_away(new_page: Callable[..., Page], tmp_path: Path) -> None:
    page = new_page()
    install(page, "greeter", "def greet():\n    return 'hello from a wheel'\n")
    (tmp_path / "elder-1.0-py3-none-any.whl").write_bytes(wheel("elder", "AGE = 90\n"))
    with bare_host(tmp_path) as url:
        page.evaluate("(url) => alcove.python.install(url)", f"{url}elder-1.0-py3-none-any.whl")
    both = "import elder, greeter; [greeter.greet(), elder.AGE]"
    assert run(page, both) == ["hello from a wheel", 90]
    kept = page.evaluate("alcove.python.installed()")
    assert [each["name"].split("-")[0] for each in kept] == ["greeter", "elder"]
    assert all(each["bytes"] > 100 for each in kept)

    # Python is started again: code that never waits hears no stop.
    assert run(page, "while True: pass", "{ timeoutMs: 200 }") == "timeout"
    wait_until(page, "alcove.status.phase !== 'recovering'")
    page.evaluate("alcove.ready")
    assert run(page, both) == ["hello from a wheel", 90]

    # The host of the second one is gone.
    page.reload()
    wait_ready(page)
    assert run(page, both) == ["hello from a wheel", 90]

    for each in kept:
        page.evaluate("(name) => alcove.python.uninstall(name)", each["name"])
    assert page.evaluate("alcove.python.installed()") == []
    gone = "(name) => alcove.python.uninstall(name).catch((error) => error.code)"
    assert page.evaluate(gone, kept[0]["name"]) == "bad-request"
    page.reload()
    wait_ready(page)
    assert run(page, "import greeter") == "bad-request"


def test_code_may_be_given_a_limit_and_be_stopped(shared: Page) -> None:
    shared.evaluate("alcove.python.run('import asyncio; state = []')")
    waiting = "try:\n  state.append('waits')\n  await asyncio.sleep(600)\nfinally:\n  state.append('ended')"
    stopped = shared.evaluate(
        """async (code) => {
          const stop = new AbortController();
          const ends = alcove.python.run(code, { signal: stop.signal }).catch((error) => error.code);
          while (!(await alcove.python.run("len(state)")));
          stop.abort();
          return ends;
        }""",
        waiting,
    )
    assert stopped == "cancelled"
    # It was stopped where it waited; nothing else was lost.
    assert run(shared, "state") == ["waits", "ended"]
    assert run(shared, waiting, "{ timeoutMs: 3_000 }") == "timeout"
    assert run(shared, "state") == ["waits", "ended"] * 2
    assert run(shared, "await asyncio.sleep(0.01); 1 + 1", "{ timeoutMs: 60_000 }") == 2


def test_what_nobody_named_is_not_asked(shared: Page) -> None:
    asked: list[str] = []
    shared.on("request", lambda request: asked.append(request.url))
    code = "from pyodide.http import pyfetch\nawait pyfetch('https://elsewhere.example/x')"
    refusal = shared.evaluate("(code) => alcove.python.run(code).catch((error) => error.detail)", code)
    assert "Alcove asks nothing of elsewhere.example" in refusal
    words = "() => fetch('https://elsewhere.example/x').catch((error) => [error.code, error.message])"
    told = shared.evaluate(words)
    assert told[0] == "unsupported"
    assert "nobody named it" in told[1]
    assert not [url for url in asked if "elsewhere" in url]

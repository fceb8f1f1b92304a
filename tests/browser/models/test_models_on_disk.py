"""Models as they lie on the device: imports cut half way, two tabs, split files, a damaged one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from embedding_models import write_encoder
from playwright.sync_api import BrowserContext, Page, Route
from playwright.sync_api import Error as PlaywrightError
from stored_models import LOOK, SHIPPED, choose, own_models, wait_shipped
from waiting import wait_for, wait_ready, wait_until

# Waits until the file field of the page holds files, and hands them to `work`.
CHOSEN = "[...document.querySelector('#chosen').files]"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A model whose file goes on after its weights for 300 MB."""
    path = write_encoder(tmp_path / "large.gguf")
    with path.open("ab") as file:
        file.truncate(300_000_000)
    return path


def test_an_import_that_is_cut_leaves_nothing(open_tab: Callable[[], Page], large: Path) -> None:
    page = open_tab()
    wait_shipped(page)
    before = page.evaluate(LOOK)
    choose(page, large)
    start = f"""() => {{
      window.stop = new AbortController();
      window.told = 0;
      const onProgress = ({{ bytes }}) => {{ window.told = bytes; }};
      window.code = alcove.models
        .importFile({CHOSEN}, {{ onProgress, signal: stop.signal }})
        .then(() => "whole", ({{ code }}) => code);
    }}"""
    page.evaluate(start)
    wait_until(page, "told > 0")
    page.evaluate("stop.abort()")
    assert page.evaluate("code") == "cancelled"
    assert page.evaluate(LOOK) == before

    choose(page, large)
    page.evaluate(start)
    wait_until(page, "told > 0")
    page.reload()
    wait_ready(page)
    # Its half is swept when the engine's worker starts again.
    page.evaluate("alcove.models.list()")
    wait_for(page, lambda: page.evaluate(LOOK) == before, "the half is swept")


def test_a_file_that_changed_is_named(open_tab: Callable[[], Page], tmp_path: Path) -> None:
    page = open_tab()
    path = write_encoder(tmp_path / "changing.gguf")
    choose(page, path)
    with path.open("ab") as file:
        file.write(b"more")
    # A browser compares whole seconds.
    os.utime(path, (time.time() + 2, time.time() + 2))
    error = page.evaluate(
        f"alcove.models.importFile({CHOSEN}).catch(({{ message, action }}) => ({{ message, action }}))"
    )
    assert error["message"] == "The file changed or cannot be read."
    assert error["action"] == "Choose it again."


def test_two_tabs_import_a_model_each(open_tab: Callable[[], Page], tmp_path: Path) -> None:
    tabs = [open_tab(), open_tab()]
    for number, tab in enumerate(tabs):
        choose(tab, write_encoder(tmp_path / f"model-{number}.gguf", seed=number))
        tab.evaluate(f"() => {{ window.done = alcove.models.importFile({CHOSEN}).then(({{ id }}) => id); }}")
    ids = {tab.evaluate("done") for tab in tabs}
    assert len(ids) == 2
    for tab in tabs:
        assert set(own_models(tab)) == ids
    # A list that lost one has it back, because its files say what they are.
    tabs[0].evaluate("alcove.models.close()")
    tabs[0].evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("alcove");
          opening.onsuccess = () => {
            const change = opening.result.transaction("settings", "readwrite");
            change.objectStore("settings").put([], "imported-models");
            change.oncomplete = () => { opening.result.close(); resolve(); };
          };
        })"""
    )
    tabs[0].reload()
    wait_ready(tabs[0])
    assert set(own_models(tabs[0])) == ids


def test_a_split_model_computes_as_the_whole_one(open_tab: Callable[[], Page], tmp_path: Path) -> None:
    page = open_tab()
    whole = write_encoder(tmp_path / "whole.gguf")
    write_encoder(tmp_path / "parts.gguf", split=12)
    parts = sorted(tmp_path.glob("parts-*.gguf"), reverse=True)
    assert len(parts) == 4
    choose(page, parts[0])
    alone = page.evaluate(f"alcove.models.importFile({CHOSEN}).catch(({{ message }}) => message)")
    assert alone == "This is part 4 of 4 of a model."
    vectors = []
    for files in ([whole], parts):
        choose(page, *files)
        vectors.append(
            page.evaluate(
                f"""async () => {{
                  const {{ id, goodFor }} = await alcove.models.importFile({CHOSEN});
                  const [vector] = await alcove.embed(["the capital of france"], {{ model: id }});
                  return [goodFor, [...vector]];
                }}"""
            )
        )
    assert vectors[0] == vectors[1]
    assert vectors[0][0] == ["embedding"]
    exported = page.evaluate(
        """async () => {
          const split = (await alcove.models.list()).filter(({ verified }) => verified === "own");
          const files = await Promise.all(split.map(({ id }) => alcove.models.exportFiles(id)));
          return files.flat().map(({ name, size }) => [name, size]);
        }"""
    )
    assert sorted(exported) == sorted([path.name, path.stat().st_size] for path in [whole, *parts])


def test_what_lies_here_is_told_and_a_damaged_file_is_set_aside(
    open_tab: Callable[[], Page], tmp_path: Path
) -> None:
    page = open_tab()
    wait_shipped(page)
    path = write_encoder(tmp_path / "mine.gguf")
    choose(page, path)
    model = page.evaluate(f"alcove.models.importFile({CHOSEN}).then(({{ id }}) => id)")
    kinds = page.evaluate("alcove.storage.report().then(({ kinds }) => kinds)")
    assert set(kinds) == {
        *("models", "halves", "keptPrompts", "wheels", "notes", "home", "agents"),
        *("conversations", "documents", "app"),
    }
    mine = next(item for item in kinds["models"]["items"] if item.get("model") == model)
    assert mine["bytes"] == path.stat().st_size
    assert kinds["models"]["bytes"] == sum(item["bytes"] for item in kinds["models"]["items"])
    assert kinds["halves"] == {"bytes": 0, "items": []}

    page.evaluate("(id) => alcove.models.verify(id)", model)
    page.evaluate(
        """async (name) => {
          const root = await navigator.storage.getDirectory();
          const handle = await (await root.getDirectoryHandle("models")).getFileHandle(name);
          const writing = await handle.createWritable({ keepExistingData: true });
          await writing.write({ type: "write", position: 9000, data: new Uint8Array([1, 2, 3]) });
          await writing.close();
        }""",
        f"{mine['id']}.gguf",
    )
    code = page.evaluate("(id) => alcove.models.verify(id).then(() => 'fine', ({ code }) => code)", model)
    assert code == "integrity"
    assert not page.evaluate(
        "(id) => alcove.models.list().then((all) => all.find((m) => m.id === id).cached)", model
    )
    code = page.evaluate(
        "(model) => alcove.embed(['x'], { model }).then(() => 'fine', ({ code }) => code)", model
    )
    assert code == "integrity"
    items = page.evaluate("alcove.storage.report().then(({ kinds }) => kinds.models.items)")
    assert [item["model"] for item in items if item.get("damaged")] == [model]
    page.evaluate("(id) => alcove.models.remove(id)", model)
    assert f"{mine['id']}.gguf" not in page.evaluate(LOOK)


def test_a_download_outlives_the_page_and_another_tab_follows_it(
    open_tab: Callable[[], Page], person: BrowserContext
) -> None:
    page = open_tab()
    page.evaluate("(id) => alcove.models.remove(id)", SHIPPED)
    state = f"alcove.models.downloads.find((one) => one.id === '{SHIPPED}')"
    held: list[Route] = []
    files = "**/models/SmolLM2*"
    person.route(files, lambda route: held.append(route))  # it never comes
    page.evaluate("(id) => alcove.models.queue([id])", SHIPPED)
    wait_until(page, f"{state}?.state === 'running'")
    other = open_tab()
    wait_until(other, f"{state}?.elsewhere")
    page.close()
    wait_until(other, f"{state}?.state === 'paused'")
    assert other.evaluate(f"{state}.why") == "closed"
    person.unroute(files)
    # The engine of the second tab wants the model too, and asked for it when the first one was gone.
    for route in held:
        with suppress(PlaywrightError):
            route.abort()
    other.evaluate("(id) => alcove.models.resume(id)", SHIPPED)
    assert other.evaluate(f"{state}.state") == "done"


def test_an_import_is_nearly_as_fast_as_a_copy(open_tab: Callable[[], Page], tmp_path: Path) -> None:
    """250 MB, in turns with a plain copy of the same file in a worker; the figures are printed."""
    path = write_encoder(tmp_path / "big.gguf")
    with path.open("ab") as file:
        file.truncate(250_000_000)
    page = open_tab()
    wait_shipped(page)  # nothing else is written then
    # One takes the machine as it is: the best of a few turns each.
    rates: dict[str, list[float]] = {"copy": [], "import": []}
    while len(rates["copy"]) < 5 and not (rates["import"] and enough(rates)):
        choose(page, path)
        rates["copy"].append(page.evaluate(PLAIN_COPY))
        choose(page, path)
        rates["import"].append(
            page.evaluate(
                f"""async () => {{
                  const [file] = {CHOSEN};
                  const began = performance.now();
                  const {{ id }} = await alcove.models.importFile(file);
                  const rate = file.size / 1e3 / (performance.now() - began);
                  await alcove.models.remove(id);
                  return rate;
                }}"""
            )
        )
    print({name: [f"{rate:.0f} MB/s" for rate in found] for name, found in rates.items()}, file=sys.stderr)
    assert enough(rates)


def enough(rates: dict[str, list[float]]) -> bool:
    return max(rates["import"]) >= 0.7 * max(rates["copy"])


# MB/s of a chosen file's way into the origin-private file system, by the browser's own means.
PLAIN_COPY = f"""async () => {{
  const [file] = {CHOSEN};
  const root = await navigator.storage.getDirectory();
  const began = performance.now();
  const writing = await (await root.getFileHandle("copy", {{ create: true }})).createWritable();
  await file.stream().pipeTo(writing);
  const rate = file.size / 1e3 / (performance.now() - began);
  await root.removeEntry("copy");
  return rate;
}}"""

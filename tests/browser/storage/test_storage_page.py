"""The Storage tab: what lies on the device, what moves, and what a person can do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import ROOT
from hub import Hub, hub_path, mirrored
from page_checks import accessibility_problems
from playwright.sync_api import BrowserContext, Locator, Page, expect
from vision_models import SMOL, write_pair
from waiting import wait_for, wait_ready, wait_until

from build_steps.serve import SiteServer

SHIPPED = "smollm2-135m-instruct"
LISTED: list[dict[str, Any]] = json.loads((ROOT / "models/catalogue/vision/hub.json").read_text())
# Nobody published its hashes: a small pair may stand in for it.
HUB_MODEL = next(model for model in LISTED if model["id"] == "internvl3-1b-instruct-q8_0")
SAID: dict[str, Any] = {
    "id": "from-elsewhere",
    "title": "An alcove",
    "created": "2026-01-02T03:04:05Z",
    "updated": "2026-01-02T03:04:06Z",
    "provider": "llamacpp",
    "model": SHIPPED,
    "system": "",
    "messages": [
        {"role": "user", "content": "What is an alcove?"},
        {"role": "assistant", "content": "A niche in a wall."},
    ],
}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """Has a small pair under the paths of a real model."""
    with Hub() as running:
        for entry, local in zip(HUB_MODEL["files"], write_pair(tmp_path, "pair", SMOL), strict=True):
            running.files[hub_path(entry["url"])] = local.read_bytes()
        yield running


def here(page: Page, model: str) -> Locator:
    return page.locator(f"[data-testid=model-here][data-id='{model}']")


def download(page: Page) -> Locator:
    return page.locator(f"[data-testid=download][data-id='{HUB_MODEL['id']}']")


def test_it_tells_what_lies_here_and_the_browser_is_asked_to_keep_it(page: Page) -> None:
    page.get_by_test_id("go-storage").click()
    expect(page.get_by_test_id("privacy-line")).to_have_text(
        "All of this lies in this browser, nowhere else."
    )
    kinds = page.get_by_test_id("storage-kinds")
    expect(kinds).to_contain_text("Models")
    report = page.evaluate("alcove.storage.report()")
    assert report["kinds"]["models"]["bytes"] >= 98_000_000
    expect(here(page, SHIPPED)).to_contain_text("98 MB")
    expect(here(page, SHIPPED).get_by_test_id("model-checked")).to_contain_text("published checksum")
    if not report["persisted"]:
        page.evaluate("navigator.storage.persist = async () => false")
        page.get_by_test_id("storage-keep").click()
        expect(page.get_by_test_id("storage-keep-offer")).to_contain_text("would not promise")
    page.evaluate(
        "Object.assign(navigator.storage, { persist: async () => true, persisted: async () => true })"
    )
    if not report["persisted"]:
        page.get_by_test_id("storage-keep").click()
        expect(page.get_by_test_id("storage-kept")).to_be_visible()


def test_a_model_is_checked_saved_pinned_and_deleted_after_a_question(page: Page) -> None:
    page.get_by_test_id("go-storage").click()
    row = here(page, SHIPPED)
    row.get_by_test_id("model-verify").click()
    expect(row.get_by_test_id("model-checked")).to_contain_text("Just checked")
    with page.expect_download() as saved:
        row.get_by_test_id("model-export").click()
    assert saved.value.suggested_filename.endswith(".gguf")
    row.get_by_test_id("model-pin").click()
    expect(row.get_by_test_id("model-pinned")).to_be_visible()
    page.reload()
    expect(row.get_by_test_id("model-pinned")).to_be_visible()
    row.get_by_test_id("model-pin").click()
    expect(row.get_by_test_id("model-pinned")).to_have_count(0)
    row.get_by_test_id("model-delete").click()
    expect(row.get_by_test_id("model-delete-ask")).to_contain_text("It comes back from this site")
    expect(row.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.get_by_test_id("model-delete-ask")).to_have_count(0)
    expect(row.get_by_role("heading")).to_be_focused()
    row.get_by_test_id("model-delete").click()
    row.get_by_test_id("model-delete-confirm").click()
    expect(row).to_have_count(0)
    wait_until(page, "document.activeElement.id === 'storage-sum'")


def test_files_that_belong_together_are_chosen_or_dropped_together(
    onlooker: BrowserContext, site: SiteServer, tmp_path: Path
) -> None:
    page = onlooker.new_page()
    page.goto(site.url + "#storage")
    model, projector = write_pair(tmp_path, "own")
    files = page.get_by_test_id("storage-files")
    files.set_input_files(str(projector))
    expect(page.get_by_test_id("storage-add-failure")).to_be_visible()
    files.set_input_files([str(projector), str(model)])
    own = page.locator("[data-testid=model-here][data-id^='local-']")
    expect(own.get_by_test_id("model-checked")).to_contain_text("Your own file")
    own.get_by_test_id("model-delete").click()
    expect(own.get_by_test_id("model-delete-ask")).to_contain_text("keep that file")
    own.get_by_test_id("model-delete-confirm").click()
    expect(own).to_have_count(0)
    transfer = page.evaluate_handle(
        """(pair) => {
          const transfer = new DataTransfer();
          for (const bytes of pair) transfer.items.add(new File([new Uint8Array(bytes)], "own.gguf"));
          return transfer;
        }""",
        [list(model.read_bytes()), list(projector.read_bytes())],
    )
    page.dispatch_event("storage-tab", "drop", {"dataTransfer": transfer})
    expect(own).to_be_visible()


def test_a_download_is_paused_goes_on_and_is_cancelled(
    onlooker: BrowserContext, copied_site: Path, hub: Hub
) -> None:
    language = hub_path(HUB_MODEL["files"][0]["url"])
    hub.faults[language] = "held"
    with mirrored(copied_site, hub) as server:
        page = onlooker.new_page()
        page.goto(server.url + "#storage")
        expect(page.get_by_test_id("storage-sum")).to_be_visible()
        page.evaluate("(id) => alcove.models.queue([id])", HUB_MODEL["id"])
        row = download(page)
        expect(row.get_by_test_id("download-words")).to_contain_text("Downloading")
        row.get_by_test_id("download-pause").click()
        expect(row.get_by_test_id("download-words")).to_contain_text("Paused")
        page.reload()
        expect(row).to_have_attribute("data-state", "paused")
        hub.faults[language] = "missing"
        row.get_by_test_id("download-resume").click()
        expect(row.get_by_test_id("download-failure")).to_contain_text("not on the server")
        row.get_by_test_id("download-cancel").click()
        expect(row).to_have_count(0)
        halves = page.evaluate("alcove.storage.report().then(({ kinds }) => kinds.halves.items)")
        assert not [half for half in halves if half.get("model") == HUB_MODEL["id"]]
        hub.faults.clear()
        page.evaluate("(id) => alcove.models.queue([id])", HUB_MODEL["id"])
        model = here(page, HUB_MODEL["id"])
        expect(model.get_by_test_id("model-checked")).to_contain_text("Nobody publishes its checksum")


def test_conversations_go_out_as_a_file_and_come_back(
    onlooker: BrowserContext, site: SiteServer, tmp_path: Path
) -> None:
    page = onlooker.new_page()
    page.goto(site.url + "#storage")
    files = page.get_by_test_id("conversations-import")
    expect(files).to_have_count(1)
    expect(page.get_by_test_id("conversations-export")).to_have_count(0)
    files.set_input_files({"name": "no.json", "mimeType": "application/json", "buffer": b"{"})
    expect(page.get_by_test_id("conversations-failure")).to_have_text(
        "This file cannot be imported: it is damaged, or no JSON. "
        "Choose one that Alcove, ChatGPT, Open WebUI or LibreChat has exported."
    )
    drop = page.evaluate_handle(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "from-elsewhere.json"));
          return transfer;
        }""",
        json.dumps({"format": "alcove-conversations", "version": 1, "conversations": [SAID]}),
    )
    page.dispatch_event("storage-tab", "drop", {"dataTransfer": drop})
    expect(page.get_by_test_id("message-user")).to_have_text("What is an alcove?")
    expect(page.get_by_test_id("message-assistant")).to_contain_text("A niche in a wall.")
    page.get_by_test_id("go-storage").click()
    with page.expect_download() as saved:
        page.get_by_test_id("conversations-export").click()
    exported = tmp_path / "exported.json"
    saved.value.save_as(exported)
    files.set_input_files(str(exported))
    expect(page.get_by_test_id("conversations-imported")).to_have_text("One conversation was here already.")
    page.evaluate("(id) => alcove.conversations.remove(id)", SAID["id"])
    expect(page.get_by_test_id("conversation-item")).to_have_count(0)
    files.set_input_files(str(exported))
    expect(page.get_by_test_id("message-user")).to_have_text("What is an alcove?")
    expect(page.get_by_test_id("conversation-item")).to_have_count(1)


def test_a_file_of_no_model_can_go(onlooker: BrowserContext, site: SiteServer) -> None:
    page = onlooker.new_page()
    page.goto(site.url)
    wait_until(page, "window.alcove")
    page.evaluate(
        """async () => {
          const root = await navigator.storage.getDirectory();
          const folder = await root.getDirectoryHandle("models", { create: true });
          const write = async (name, text) => {
            const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
            await file.write(text);
            await file.close();
          };
          await write("old.json", JSON.stringify({ name: "An old file", bytes: 5000 }));
          await write("old.gguf", "x".repeat(5000));
        }"""
    )
    page.get_by_test_id("go-storage").click()
    lost = page.get_by_test_id("lost")
    expect(lost).to_contain_text("An old file")
    expect(lost).to_contain_text("5 kB, of no model that Alcove knows")
    lost.get_by_test_id("lost-delete").click()
    lost.get_by_test_id("lost-confirm").click()
    expect(lost).to_have_count(0)


def test_where_room_is_short_it_says_what_could_go_and_asks(new_page: Callable[..., Page]) -> None:
    script = "navigator.storage.estimate = async () => ({ usage: 5.9e9, quota: 6e9 })"
    page = new_page(script=script)
    page.evaluate(
        "alcove.models.suggestRemoval = async () => (await alcove.models.list()).filter((m) => m.cached)"
    )
    page.get_by_test_id("go-storage").click()
    short = page.get_by_test_id("storage-short")
    expect(short).to_contain_text("SmolLM2 135M")
    short.get_by_test_id("storage-free").click()
    expect(short.get_by_test_id("storage-short-ask")).to_be_visible()
    short.get_by_role("button", name="Keep").click()
    expect(here(page, SHIPPED)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_and_a_phone_has_room(new_page: Callable[..., Page], scheme: Any) -> None:
    page = new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.get_by_test_id("go-storage").click()
    expect(page.get_by_test_id("models-here")).to_be_visible()
    assert accessibility_problems(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    here(page, SHIPPED).get_by_test_id("model-delete").click()
    page.get_by_test_id("storage-clear").click()
    expect(page.get_by_test_id("storage-clear-ask")).to_be_visible()
    assert accessibility_problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_clearing_everything_leaves_nothing(newcomer: BrowserContext, site: SiteServer) -> None:
    page = newcomer.new_page()
    page.goto(site.url)
    wait_ready(page)
    page.get_by_test_id("composer").fill("A secret")
    page.get_by_test_id("send").click()
    wait_for(page, lambda: page.evaluate("alcove.conversations.list()"), "a kept conversation")
    page.evaluate("localStorage.setItem('somebody.else', 'stays')")
    page.get_by_test_id("go-storage").click()
    page.get_by_test_id("storage-clear").click()
    page.get_by_test_id("storage-clear-confirm").click()
    # The page starts anew, as on the first day.
    expect(page.get_by_test_id("composer")).to_be_visible()
    wait_until(page, "window.alcove")
    assert page.evaluate("alcove.conversations.list()") == []
    assert page.evaluate("localStorage.getItem('somebody.else')") == "stays"
    assert page.evaluate("alcove.storage.report().then(({ kinds }) => kinds.conversations.bytes)") == 0

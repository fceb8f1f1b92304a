"""A person chooses what answers: the list of models, this device, and a switch in mid-conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import ANSWER_MS
from conversation import ask, drawn, start_answer, stop
from llamacpp import model_file
from page_checks import accessibility_problems
from playwright.sync_api import Browser, Locator, Page, expect
from waiting import wait_ready, wait_until
from webllm import TINY

from build_steps.serve import SiteServer

SHIPPED = "smollm2-135m-instruct"
CAPITAL = "What is the capital of France?"
LONG = "Write a long story about a lighthouse keeper, with many details."


def open_models(page: Page) -> Locator:
    """Opens the dialog and waits for the list."""
    page.get_by_test_id("model-button").click()
    expect(page.get_by_test_id("models")).to_be_visible()
    return page.get_by_test_id("models-dialog")


def row(page: Page, model: str) -> Locator:
    return page.locator(f"[data-testid=model][data-id='{model}']")


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose choice of model does not outlive the test."""
    yield page
    page.evaluate("alcove.preference.set(null)")


def test_it_always_says_what_answers_and_why(page: Page) -> None:
    expect(page.get_by_test_id("model-name")).to_have_text("SmolLM2 135M Instruct")
    reason = page.evaluate("alcove.capabilities.webgpu.reason")
    assert reason
    expect(page.get_by_test_id("engine-line")).to_have_text(f"Running on the processor. {reason}")
    open_models(page)
    page.get_by_test_id("tab-device").click()
    expect(page.get_by_test_id("device-now")).to_contain_text("SmolLM2 135M Instruct")
    facts = page.get_by_test_id("device-facts")
    expect(facts).to_contain_text(f"No. {reason}")
    expect(facts).to_contain_text(str(page.evaluate("alcove.capabilities.threads")))
    expect(facts).to_contain_text(re.compile(r"Room for models\s*[\d.]+ GB free"))


def test_the_list_shows_what_runs_here_and_why_the_rest_does_not(page: Page) -> None:
    open_models(page)
    shipped = row(page, SHIPPED)
    expect(shipped.get_by_test_id("model-used")).to_be_visible()
    expect(shipped).to_contain_text("98 MB download")
    expect(shipped).to_contain_text("Apache-2.0")
    llama = row(page, "Llama-3.2-3B-Instruct-q4f16_1-MLC")
    expect(llama).to_have_count(0)
    page.get_by_test_id("models-show-hidden").click()
    expect(llama).to_contain_text("2.3 GB of graphics memory")
    expect(llama).to_contain_text("Llama 3.2 Community License")
    reason = page.evaluate("alcove.capabilities.webgpu.reason")
    expect(llama.get_by_test_id("model-why")).to_have_text(f"Does not run here. {reason}")
    expect(llama.get_by_role("button")).to_have_count(0)
    llama.get_by_test_id("model-version").select_option("Llama-3.2-3B-Instruct-q4f32_1-MLC")
    expect(row(page, "Llama-3.2-3B-Instruct-q4f32_1-MLC")).to_contain_text("3.0 GB of graphics memory")


def test_search_and_filters_narrow_the_list(page: Page) -> None:
    open_models(page)
    page.get_by_test_id("model-fits-filter").uncheck()
    page.get_by_test_id("model-use-filter").select_option("coding")
    models = page.get_by_test_id("model")
    expect(models).to_have_count(4)
    for text in models.all_inner_texts():
        assert "Programming" in text
    page.get_by_test_id("model-search").fill("coder 7b")
    expect(models).to_have_count(1)
    expect(models).to_contain_text("Qwen2.5 Coder 7B")
    expect(page.get_by_test_id("model-count")).to_have_text("1 model")
    page.get_by_test_id("model-search").fill("no such thing")
    expect(models).to_have_count(0)
    expect(page.get_by_test_id("models-dialog")).to_contain_text("No model is like that.")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    button = page.get_by_test_id("model-button")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("models")).to_be_visible()
    page.get_by_test_id("tab-models").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("tab-device")).to_be_focused()
    expect(page.get_by_test_id("device-facts")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")  # the page of the tab, which scrolls
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("model-search")).to_be_focused()
    page.keyboard.type("smollm2")
    page.keyboard.press("Escape")  # a search field is emptied by it, a dialog closed
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_escape_in_the_dialog_does_not_stop_the_answer(page: Page) -> None:
    start_answer(page, LONG)
    open_models(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(page.get_by_test_id("stop")).to_be_visible()
    stop(page)


def test_nothing_in_the_dialog_shuts_anybody_out(page: Page) -> None:
    open_models(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colours in between
        assert accessibility_problems(page) == []
        for tab in ("device", "server", "models"):
            page.get_by_test_id(f"tab-{tab}").click()
            assert accessibility_problems(page) == [], tab
    page.get_by_test_id("models-show-hidden").click()
    assert accessibility_problems(page) == []


def test_a_model_is_removed_and_downloaded_again(page: Page) -> None:
    wait_until(page, "alcove.status.phase === 'ready'")
    open_models(page)
    shipped = row(page, SHIPPED)
    shipped.get_by_test_id("model-remove").click()
    expect(shipped).to_contain_text("Remove 98 MB from this device?")
    shipped.get_by_test_id("model-remove-confirm").click()
    expect(shipped.get_by_test_id("model-cached")).to_have_count(0)
    assert not page.evaluate(f"alcove.models.list().then((l) => l.find((m) => m.id === '{SHIPPED}').cached)")

    shipped.get_by_test_id("model-download").click()
    expect(shipped.get_by_test_id("model-amount")).to_contain_text(re.compile(r"\d+ % · \d+ of 98 MB"))
    shipped.get_by_test_id("model-cancel").click()
    expect(shipped.get_by_test_id("model-download")).to_be_visible()
    expect(shipped.get_by_test_id("model-failure")).to_have_count(0)

    shipped.get_by_test_id("model-download").click()
    expect(shipped.get_by_test_id("model-cached")).to_be_visible()
    assert page.evaluate(f"alcove.models.list().then((l) => l.find((m) => m.id === '{SHIPPED}').cached)")


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A model file of the person's: the shipped one with its last weight changed."""
    content = bytearray(model_file().read_bytes())
    content[-1] ^= 1
    file = tmp_path / "mine.gguf"
    file.write_bytes(content)
    return file


def test_a_conversation_survives_the_switch_to_another_model(page: Page, own_model: Path) -> None:
    expect(ask(page, CAPITAL)).to_contain_text("Paris")
    before = page.evaluate("alcove.conversations.list()")[0]
    open_models(page)
    page.get_by_test_id("model-file").set_input_files(own_model)
    mine = page.locator("[data-testid=model][data-id^=local-]")
    expect(mine.get_by_test_id("model-cached")).to_be_visible()
    mine.get_by_test_id("model-use").click()
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(page.get_by_test_id("message-assistant")).to_contain_text("Paris")

    start_answer(page, LONG)
    stop(page)
    expect(page.get_by_test_id("message-user")).to_have_count(2)
    after = page.evaluate("alcove.conversations.list()")[0]
    assert after["id"] == before["id"]
    record = page.evaluate("id => alcove.conversations.get(id)", after["id"])
    assert [message["role"] for message in record["messages"]][:3] == ["user", "assistant", "user"]
    assert record["model"].startswith("local-")

    open_models(page)
    expect(mine.get_by_test_id("model-used")).to_be_visible()
    page.get_by_test_id("model-use-automatic").click()
    expect(page.get_by_test_id("model-use-automatic")).to_have_count(0)
    assert page.evaluate("alcove.preference.get()") is None
    row(page, SHIPPED).get_by_test_id("model-use").click()
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(page.get_by_test_id("message-user")).to_have_count(2)
    open_models(page)
    mine.get_by_test_id("model-remove").click()
    mine.get_by_test_id("model-remove-confirm").click()
    expect(mine.get_by_test_id("model-cached")).to_have_count(0)


@pytest.fixture
def gpu_page(gpu_browser: Browser, site: SiteServer) -> Iterator[Page]:
    """The app in a browser with a graphics card, played by the processor."""
    page = gpu_browser.new_page(service_workers="block")
    page.set_default_timeout(ANSWER_MS)
    page.goto(site.url)
    wait_ready(page)
    yield page
    page.context.close()


def test_a_conversation_moves_to_the_graphics_card(gpu_page: Page) -> None:
    page = gpu_page
    expect(page.get_by_test_id("engine-line")).to_contain_text("Running on the processor.")
    start_answer(page, LONG)
    stop(page)
    first = page.get_by_test_id("message-assistant").first.locator(".prose")
    answer = drawn(page, first)
    open_models(page)
    expect(row(page, "smollm2-135m-instruct-webllm").get_by_test_id("model-why")).to_contain_text(
        "very slowly"
    )
    page.get_by_test_id("model-use-filter").select_option("testing")
    row(page, TINY).get_by_test_id("model-use").click()
    expect(page.get_by_test_id("models-dialog")).to_have_count(0)
    expect(page.get_by_test_id("model-button")).to_contain_text("Graphics card")
    adapter = page.evaluate("alcove.capabilities.webgpu.adapter")
    expect(page.get_by_test_id("engine-line")).to_contain_text(
        f"Running on the graphics card ({adapter}, in software)."
    )
    expect(ask(page, "What is your name?")).not_to_be_empty()
    expect(page.get_by_test_id("figures").last).to_contain_text("tokens/s")
    assert drawn(page, first) == answer
    record = page.evaluate("alcove.conversations.list().then(([last]) => alcove.conversations.get(last.id))")
    assert record["model"] == TINY

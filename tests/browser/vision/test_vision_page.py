"""A person lets a model look, reads what it sees, and asks about it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsers import visitor
from page_checks import accessibility_problems
from pictures import file, png
from playwright.sync_api import Browser, Page, expect
from scenes import RED, square
from vision_tab import PHONE, WITNESS, look_at_camera, looks, looks_in, vision, wait_looks
from waiting import wait_ready, wait_until

from build_steps.serve import SiteServer

pytest_plugins = ["vision_tab_fixtures"]


@pytest.mark.journey
def test_a_person_opens_the_tab_allows_the_camera_and_reads(camera: Browser, site: SiteServer) -> None:
    context = visitor(camera, chats=False)
    page = context.new_page()
    page.add_init_script(WITNESS)
    page.clock.install()
    page.goto(site.url)
    page.get_by_test_id("go-vision").click()
    expect(page.get_by_test_id("vision-welcome")).to_be_visible()
    assert page.url.endswith("#vision")
    assert page.title() == "Vision · Alcove"
    assert page.evaluate("streams.length") == 0, "the browser was asked before the person chose"
    wait_until(page, "document.querySelector('h1') === document.activeElement", 5_000)
    look_at_camera(page)
    expect(page.get_by_test_id("stage-tag")).to_have_text("Live")
    expect(page.get_by_test_id("caption-text")).not_to_be_empty()
    expect(page.get_by_test_id("caption-figures")).to_have_text(re.compile(r"Took \d+(\.\d)? m?s"))
    expect(page.get_by_test_id("vision-model-facts")).to_have_text(re.compile(r"\d m?s a frame"))
    assert page.get_by_test_id("look").first.locator("img").get_attribute("src").startswith("data:image/")  # type: ignore[union-attr]
    expect(page.get_by_test_id("vision-announcer")).not_to_be_empty()
    wait_looks(page, 3)
    page.get_by_test_id("live-toggle").click()
    expect(page.get_by_test_id("stage-tag")).to_have_text("Paused")
    before = looks(page)
    assert looks_in(page, 10_000) == 0, "it looks although it is paused"
    assert looks(page) == before
    page.get_by_test_id("live-toggle").click()
    wait_looks(page, before + 1)
    context.close()


def test_freeze_and_ask(seen: Page) -> None:
    look_at_camera(seen)
    seen.get_by_test_id("question").fill("What colour is it?")
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Frozen")
    expect(seen.get_by_test_id("answer")).not_to_be_empty()
    expect(seen.get_by_test_id("ask")).to_be_visible()
    expect(seen.get_by_test_id("look").first).to_contain_text("What colour is it?")
    before = looks(seen)
    assert looks_in(seen, 10_000) == 0, "it looks although the frame is frozen"
    assert looks(seen) == before
    seen.get_by_test_id("thaw").click()
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Live")
    wait_looks(seen, before + 1)


def test_an_answer_can_be_stopped(seen: Page) -> None:
    seen.get_by_test_id("source-picture").set_input_files([file("red.png", "image/png", png(square(RED)))])
    expect(seen.get_by_test_id("look").first).to_be_visible()
    # The engine hears everything after the stop only, so that it has something to stop.
    seen.evaluate(
        """() => { const engine = eyes();
          window.late = [];
          engine.postMessage = (...message) => late.push(message); }"""
    )
    seen.get_by_test_id("question").fill("Tell me everything.")
    seen.get_by_test_id("ask").click()
    wait_until(seen, "late.length > 0")
    seen.get_by_test_id("answer-stop").click()
    seen.evaluate(
        """() => { const engine = eyes();
          delete engine.postMessage;
          for (const message of late) engine.postMessage(...message); }"""
    )
    expect(seen.get_by_test_id("ask")).to_be_visible()
    expect(seen.get_by_test_id("error")).to_have_count(0)
    seen.get_by_test_id("look-again").click()
    expect(seen.get_by_test_id("caption-text")).not_to_be_empty()


def test_an_engine_that_dies_in_mid_caption_and_the_live_view_goes_on(seen: Page) -> None:
    look_at_camera(seen)
    for _ in range(2):
        before = looks(seen)
        seen.evaluate("eyes().terminate()")
        wait_looks(seen, before + 2)
    expect(seen.get_by_test_id("error")).to_have_count(0)
    expect(seen.get_by_test_id("stage-tag")).to_have_text("Live")


def test_presets_and_an_own_prompt(seen: Page) -> None:
    look_at_camera(seen)
    for preset, name in (("count", "Count"), ("read", "Read the text")):
        seen.get_by_test_id(f"preset-{preset}").check()
        expect(seen.get_by_test_id("look").first).to_contain_text(name)
    seen.get_by_test_id("preset-own").check()
    expect(seen.get_by_test_id("caption")).to_contain_text("Write your own prompt above")
    seen.get_by_test_id("own-prompt").fill("Is the door open?")
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("look").first).to_contain_text("Own prompt")


def test_what_changed_compares_with_the_frame_before(seen: Page) -> None:
    look_at_camera(seen)
    seen.get_by_test_id("preset-changes").check()
    expect(seen.get_by_test_id("how-compared")).to_contain_text("compares its words")
    expect(seen.get_by_test_id("caption")).to_contain_text(re.compile("Nothing changed.|Before: "))


def test_an_interval_is_kept(seen: Page) -> None:
    look_at_camera(seen)
    before = looks(seen)
    seen.get_by_test_id("interval").select_option("15000")
    seen.clock.fast_forward(1_500)  # the look that was planned before
    wait_looks(seen, before + 1)
    assert looks_in(seen, 8_000) == 0
    before = looks(seen)
    seen.clock.fast_forward(8_000)
    wait_looks(seen, before + 1)
    seen.get_by_test_id("interval").select_option("0")
    wait_looks(seen, before + 3)


def test_the_keyboard_alone_is_enough(seen: Page) -> None:
    seen.get_by_test_id("source-camera").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("look").first).to_be_visible()
    expect(seen.get_by_test_id("source-camera")).to_be_focused()
    seen.get_by_test_id("freeze").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("thaw")).to_be_focused()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("freeze")).to_be_focused()
    seen.get_by_test_id("preset-describe").focus()
    seen.keyboard.press("ArrowRight")
    expect(seen.get_by_test_id("preset-read")).to_be_checked()
    seen.get_by_test_id("vision-close").focus()
    seen.keyboard.press("Enter")
    expect(seen.get_by_test_id("source-camera")).to_be_focused()


def test_the_models_that_see_are_listed(seen: Page) -> None:
    button = seen.get_by_test_id("vision-model")
    expect(seen.get_by_test_id("vision-model-name")).not_to_have_text("Vision models")
    button.click()
    dialog = seen.get_by_test_id("vision-models")
    expect(dialog.get_by_test_id("model").first).to_be_visible()
    assert accessibility_problems(seen) == []
    listed = dialog.get_by_test_id("model").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    seeing = seen.evaluate("alcove.models.list().then((all) => all.filter((m) => m.sees).map((m) => m.id))")
    assert set(listed) <= set(seeing)
    assert "scene-vlm" in listed
    seen.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


# Within the page: three answers of a small model can be over before a click from outside has landed.
RUN_AND_STOP = """async (row) => {
    row.querySelector("[data-testid=example-run]").click();
    const stop = () => row.querySelector("[data-testid=example-stop]");
    while (!stop()) await new Promise(requestAnimationFrame);
    stop().click();
}"""


def test_an_example_is_run_and_stopped(seen: Page) -> None:
    seen.get_by_test_id("examples").locator("summary").first.click()
    feedback = seen.locator("[data-name='4_feedback.py']")
    feedback.get_by_test_id("example-run").click()
    others = seen.locator("[data-name='1_screen.py']").get_by_test_id("example-run")
    expect(others).to_be_disabled()
    result = feedback.get_by_test_id("example-result")
    expect(result).to_have_attribute("data-ended", "done")
    expect(feedback.get_by_test_id("example-output")).to_contain_text("Painting a disc in red.")
    expect(others).to_be_enabled()
    feedback.evaluate(RUN_AND_STOP)
    expect(result).to_have_attribute("data-ended", "stopped")
    expect(result).to_contain_text("Stopped.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_and_nobody_is_shut_out(camera: Browser, site: SiteServer, scheme: Any) -> None:
    with vision(camera, site, viewport=PHONE) as page:
        page.emulate_media(color_scheme=scheme)
        assert accessibility_problems(page) == []
        assert _overflow(page) == 0
        look_at_camera(page)
        assert accessibility_problems(page) == []
        assert _overflow(page) == 0
        expect(page.get_by_test_id("caption")).to_be_in_viewport(ratio=1)
        height = page.get_by_test_id("stage").bounding_box()["height"]  # type: ignore[index]
        page.get_by_test_id("freeze").click()
        assert page.get_by_test_id("stage").bounding_box()["height"] == height  # type: ignore[index]
        assert accessibility_problems(page) == []
        page.get_by_test_id("tab-menu-open").click()
        page.get_by_test_id("go-chat-compact").click()
        expect(page.get_by_test_id("composer")).to_be_visible()
        wait_until(page, "live() === 0")
        page.get_by_test_id("tab-menu-open").click()
        page.get_by_test_id("go-vision-compact").click()
        expect(page.get_by_test_id("vision-welcome")).to_be_visible()


def test_chat_goes_on_beside_it(camera: Browser, site: SiteServer) -> None:
    with vision(camera, site) as page:
        wait_ready(page)
        page.get_by_test_id("go-chat").click()
        page.get_by_test_id("composer").fill("A draft that must stay")
        page.get_by_test_id("go-vision").click()
        look_at_camera(page)
        page.go_back()
        expect(page.get_by_test_id("composer")).to_have_value("A draft that must stay")
        wait_until(page, "live() === 0")
        page.go_forward()
        expect(page.get_by_test_id("vision-welcome")).to_be_visible()


def _overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

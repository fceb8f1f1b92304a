"""Seed 004: `VisionProcessor` in the tab's Python, the seed's own example, and the Vision tab's four."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import FIXTURES, ROOT, visitor
from pictures import disc
from playwright.sync_api import Browser, Page
from waiting import wait_ready

from build_steps.serve import SiteServer

SEED = (FIXTURES / "seed_004_vision.md").read_text().split("```")[1]
EXAMPLES = ROOT / "web" / "page" / "vision" / "examples"
IMPORT = "from py_app.vision import VisionProcessor\n"


@pytest.fixture(scope="module")
def page(red_camera: Browser, site: SiteServer) -> Iterator[Page]:
    """A page of somebody with a camera that shows a red square, and a fake screen."""
    page = visitor(red_camera).new_page()
    page.goto(site.url)
    wait_ready(page)
    yield page
    page.context.close()


def run(page: Page, code: str) -> Any:
    return page.evaluate("(code) => alcove.python.run(code)", code)


def write(page: Page, name: str, data: bytes) -> None:
    """Puts a file where the page's Python finds it."""
    encoded = base64.b64encode(data).decode()
    run(page, f"import base64, pathlib\npathlib.Path({name!r}).write_bytes(base64.b64decode({encoded!r}))\n")


def remove(page: Page, *names: str) -> None:
    run(page, f"import pathlib\nfor name in {names!r}: pathlib.Path(name).unlink(missing_ok=True)\n")


def run_example(page: Page, name: str) -> tuple[Any, str]:
    """Runs the very file; its last expression, and what it printed."""
    source = (EXAMPLES / name).read_text()
    code = (
        "import contextlib, io\n"
        "from pyodide.code import eval_code_async\n"
        "out = io.StringIO()\n"
        "with contextlib.redirect_stdout(out):\n"
        f"    value = await eval_code_async({source!r}, {{'__name__': '__main__'}})\n"
        "[value, out.getvalue()]\n"
    )
    value, printed = run(page, code)
    return value, printed


def test_the_usage_example_of_the_seed(page: Page) -> None:
    write(page, "screenshot.png", disc())
    description = run(page, IMPORT + SEED.removeprefix("python\n") + "description")
    assert description.strip()


def test_await_gives_the_same_words(page: Page) -> None:
    """The same picture at temperature 0."""
    write(page, "screenshot.png", disc())
    both = run(
        page,
        IMPORT + "vision = VisionProcessor('scene-vlm')\n"
        "data = open('screenshot.png', 'rb').read()\n"
        "question = 'What colour is it?'\n"
        "[vision.process_image(data, question, max_tokens=16),\n"
        " await vision.process_image_async('screenshot.png', question, max_tokens=16)]",
    )
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("VisionProcessor().process_image('missing.png')", "bad-request"),
        ("VisionProcessor().process_image(b'not a picture')", "bad-request"),
        ("VisionProcessor().process_image(b'\\x89PNG\\r\\n\\x1a\\n and then nothing')", "bad-request"),
        ("VisionProcessor('no-such-model').process_image(open('screenshot.png', 'rb').read())",
         "model-not-found"),
        ("VisionProcessor('smollm2-135m-instruct').process_image('screenshot.png')", "bad-request"),
        ("await capture('ceiling')", "bad-request"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_a_typed_error(page: Page, call: str, code: str) -> None:
    write(page, "screenshot.png", disc())
    said = run(
        page,
        "from py_app.errors import AlcoveError\nfrom py_app.vision import VisionProcessor, capture\n"
        f"try:\n    {call}\n    said = None\nexcept AlcoveError as error:\n    said = error.data\nsaid",
    )
    assert said["code"] == code, said
    assert said["message"]
    assert said["action"]


def test_screen_capture_and_analysis(page: Page) -> None:
    remove(page, "screenshot.png")
    _, printed = run_example(page, "1_screen.py")
    assert printed.startswith("Kept screenshot.png:")
    assert run(page, "open('screenshot.png', 'rb').read(8) == b'\\x89PNG\\r\\n\\x1a\\n'") is True


def test_document_understanding(page: Page) -> None:
    write(page, "document.png", disc("blue"))
    record, printed = run_example(page, "2_document.py")
    assert list(record) == ["text", "shapes", "summary"]
    assert f"shapes: {record['shapes']}" in printed
    assert json.loads(run(page, "open('document.json').read()")) == record


def test_document_understanding_through_the_camera(page: Page) -> None:
    remove(page, "document.png")
    record, _ = run_example(page, "2_document.py")
    assert list(record) == ["text", "shapes", "summary"]


@pytest.mark.parametrize("seen", ["a picture", "the camera"])
def test_image_based_command(page: Page, seen: str) -> None:
    if seen == "a picture":
        write(page, "command.png", disc("blue"))
    else:
        remove(page, "command.png")
    colour, printed = run_example(page, "3_command.py")
    assert colour in {"red", "orange", "yellow", "green", "blue", "purple"}
    assert f"The lamp is {colour} now." in printed


def test_visual_feedback(page: Page) -> None:
    _, printed = run_example(page, "4_feedback.py")
    lines = printed.splitlines()
    assert lines[0] == "Painting a disc in red."
    assert lines[1].startswith("The model sees:")
    assert lines[-1].startswith(("That is what was wanted.", "No paint looked blue"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_each_example_says_what_it_is(path: Path) -> None:
    docstring = path.read_text().split('"""')[1]
    title, sentence = docstring.strip().split("\n\n")
    assert title.endswith(".")
    assert "\n" not in title
    assert " ".join(sentence.split()).count(". ") == 0


def test_there_are_four_examples() -> None:
    assert len(list(EXAMPLES.glob("*.py"))) == 4

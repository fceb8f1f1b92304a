"""
The llama.cpp worker with small vision models, called directly, with each program that we compile: pictures,
requests, what they cost.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub import Hub
from llamacpp import complete, load, open_engine, start_engine, user
from looking import bitmap, encode, file, look, pixels, publish, small_model
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page
from programs import PROGRAMS, programs_of, site_that_runs
from vision_models import MLP, SMOL, Shape, write_pair

from build_steps.serve import SiteServer

SIZE = 96
VISION = {"size": SIZE, "fit": "crop"}


def scene(width: int = 64, height: int = 64) -> Image.Image:
    """Black with a white left third and a white top quarter: turned, it is another picture."""
    image = Image.new("RGB", (width, height), "black")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 4 - 1, height - 1), fill="white")
    draw.rectangle((0, 0, width - 1, height // 2 - 1), fill="white")
    return image


SCENE = scene()


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


@pytest.fixture(scope="module", params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def site(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    with site_that_runs(program, tmp_path_factory.mktemp(program)) as server:
        yield server


@pytest.fixture(scope="module")
def engine(
    profile: BrowserContext,
    site: SiteServer,
    program: str,
    hub: Hub,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A page with the mlp pair loaded in a worker of its own."""
    page = open_engine(profile, site)
    fetched = programs_of(profile)
    model = small_model(hub, tmp_path_factory.mktemp("mlp"), vision=VISION)
    result = load(page, model)
    assert result["error"] is None
    assert set(fetched) == {program}
    yield page
    page.close()


def seen_alike(page: Page, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the model gets the same pixels of both: then the second one is still in its KV cache."""
    look(page, file(encode(Image.effect_noise((SIZE, SIZE), 90))))
    assert look(page, one)["usage"]["image_encode_ms"] > 0
    answer = look(page, other)
    assert answer["error"] is None
    return answer["usage"]["image_encode_ms"] == 0


def test_a_picture_is_counted_and_timed(engine: Page) -> None:
    answer = look(engine, file(encode(SCENE)), max_tokens=6)
    assert answer["error"] is None
    usage = answer["usage"]
    assert usage["image_tokens"] == MLP.image_tokens
    assert usage["image_encode_ms"] > 0
    assert usage["prompt_tokens"] > usage["image_tokens"]
    assert usage["completion_tokens"] == 6
    again = look(engine, file(encode(SCENE)), text="Another question.")["usage"]
    assert again["image_tokens"] == MLP.image_tokens
    assert again["image_encode_ms"] == 0, "it is still in the KV cache"


def test_text_alone_has_no_figures_of_pictures(engine: Page) -> None:
    usage = complete(engine, [user("Hello")], max_tokens=2)["usage"]
    assert "image_tokens" not in usage


def rotated_jpeg() -> bytes:
    """Lies on its side; its EXIF says how to turn it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(SCENE.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, subsampling=0, exif=exif)


def transparent() -> Image.Image:
    image = SCENE.convert("RGBA")
    image.putalpha(SCENE.convert("L").point(lambda value: 0 if value else 255))
    return image


MOVING = [SCENE, scene(64, 32).resize((64, 64))]
FORMS = {
    "PNG": lambda: file(encode(SCENE)),
    "PNG of one channel": lambda: file(encode(SCENE.convert("L"))),
    "PNG of two colours": lambda: file(encode(SCENE.convert("1"))),
    "PNG with a palette": lambda: file(encode(SCENE.convert("P"))),
    "transparent PNG": lambda: file(encode(transparent())),
    "JPEG": lambda: file(encode(SCENE, "JPEG", quality=95, subsampling=0), "image/jpeg"),
    "progressive JPEG": lambda: file(encode(SCENE, "JPEG", quality=95, subsampling=0, progressive=True)),
    "grey JPEG": lambda: file(encode(SCENE.convert("L"), "JPEG", quality=95)),
    "CMYK JPEG": lambda: file(encode(SCENE.convert("CMYK"), "JPEG", quality=95)),
    "JPEG that EXIF turns": lambda: file(rotated_jpeg()),
    "WebP": lambda: file(encode(SCENE, "WEBP", lossless=True)),
    "animated GIF": lambda: file(
        encode(MOVING[0], "GIF", save_all=True, append_images=MOVING[1:], duration=50)
    ),
    "animated WebP": lambda: file(
        encode(MOVING[0], "WEBP", save_all=True, append_images=MOVING[1:], duration=50, lossless=True)
    ),
    "a wrong type": lambda: file(encode(SCENE), "text/plain"),
    "a bitmap": lambda: bitmap(encode(SCENE)),
    "RGBA pixels": lambda: pixels(SCENE, "RGBA"),
    "transparent pixels": lambda: pixels(transparent(), "RGBA"),
    "a data URL": lambda: {
        "type": "image_url",
        "image_url": {"url": f"data:image/png;base64,{base64.b64encode(encode(SCENE)).decode()}"},
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_picture_is_read_alike(engine: Page, form: str) -> None:
    assert seen_alike(engine, pixels(SCENE), FORMS[form]())


def test_a_picture_that_is_turned_is_another_one(engine: Page) -> None:
    turned = SCENE.transpose(Image.Transpose.ROTATE_90)
    assert not seen_alike(engine, pixels(SCENE), pixels(turned))


def test_the_middle_of_a_large_picture_is_taken(engine: Page) -> None:
    wide = Image.new("RGB", (8000, 6000), "green")
    wide.paste("red", (900, 0, 7100, 6000))
    assert seen_alike(engine, pixels(Image.new("RGB", (SIZE, SIZE), "red")), file(encode(wide)))


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 2)])
def test_very_small_pictures_are_seen(engine: Page, size: tuple[int, int]) -> None:
    answer = look(engine, file(encode(Image.new("RGB", size, "blue"))))
    assert answer["error"] is None
    assert answer["usage"]["image_tokens"] == MLP.image_tokens


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
BAD = {
    "empty": lambda: file(b""),
    "text": lambda: file(b"not a picture at all", "image/png"),
    "a web page": lambda: file(b"<!doctype html><title>404</title>", "image/jpeg"),
    "zeros": lambda: file(bytes(5000), "image/png"),
    "truncated PNG": lambda: file(encode(Image.effect_noise((400, 400), 90))[:4000]),
    "truncated JPEG": lambda: file(encode(Image.effect_noise((400, 400), 90), "JPEG")[:300], "image/jpeg"),
    "SVG": lambda: file(SVG, "image/svg+xml"),
    "SVG without its type": lambda: file(SVG, ""),
    "too few bytes": lambda: {**pixels(SCENE), "width": 65},
    "two channels": lambda: {**pixels(SCENE, "LA")},
    "one channel": lambda: {**pixels(SCENE, "L")},
    "no size": lambda: {**pixels(SCENE), "width": 0},
    "an impossible size": lambda: {**pixels(SCENE), "width": float("nan")},
    "an address": lambda: {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/a.png"}},
    "rubbish": lambda: {"type": "image_url", "image_url": {"url": "data:image/png;base64,//nope//!"}},
    "sound": lambda: {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_picture_is_refused(engine: Page, kind: str) -> None:
    error = look(engine, BAD[kind]())["error"]
    assert error is not None
    assert error["code"] == "bad-request"
    assert error["action"]
    assert look(engine, pixels(SCENE))["error"] is None, "the next picture is seen"


def test_several_pictures_in_one_message(engine: Page) -> None:
    answer = look(engine, pixels(SCENE), pixels(SCENE.rotate(90)), pixels(SCENE.rotate(180)))
    assert answer["error"] is None
    assert answer["usage"]["image_tokens"] == 3 * MLP.image_tokens


def test_pictures_stay_in_a_conversation(engine: Page) -> None:
    picture = {"type": "image_url", "image_url": {"url": FORMS["a data URL"]()["image_url"]["url"]}}
    first = {"role": "user", "content": [picture, {"type": "text", "text": "What is this?"}]}
    said = complete(engine, [first], max_tokens=4)
    assert said["error"] is None
    history = [first, {"role": "assistant", "content": said["text"]}, user("And now?")]
    usage = complete(engine, history, max_tokens=4)["usage"]
    assert usage["image_tokens"] == MLP.image_tokens
    assert usage["image_encode_ms"] == 0
    assert usage["prompt_tokens_details"]["cached_tokens"] > MLP.image_tokens


def test_the_system_prompt_reaches_the_model(engine: Page) -> None:
    plain = look(engine, pixels(SCENE), max_tokens=12)
    system = {"role": "system", "content": "Answer in one word, please."}
    told = look(engine, pixels(SCENE), max_tokens=12, before=[system])
    length = len(f"<|system|>{system['content']}<|end|>")
    assert told["usage"]["prompt_tokens"] > plain["usage"]["prompt_tokens"] + length // 4
    assert told["text"] != plain["text"]


def test_too_many_pictures_are_an_overflow(engine: Page) -> None:
    error = look(engine, *[pixels(SCENE)] * (MLP.context // MLP.image_tokens + 1))["error"]
    assert error["code"] == "context-overflow"
    assert "1,024" in error["message"]
    assert look(engine, pixels(SCENE))["error"] is None


def test_a_schema_is_kept_to_with_a_picture(engine: Page) -> None:
    schema = {
        "type": "object",
        "properties": {"shape": {"enum": ["circle", "square"]}, "large": {"type": "boolean"}},
        "required": ["shape", "large"],
        "additionalProperties": False,
    }
    answer = look(
        engine,
        pixels(SCENE),
        max_tokens=400,
        response_format={"type": "json_schema", "json_schema": {"name": "scene", "schema": schema}},
    )
    assert answer["error"] is None
    said = json.loads(answer["text"])
    assert said["shape"] in {"circle", "square"}
    assert isinstance(said["large"], bool)


PAINT = {
    "type": "function",
    "function": {
        "name": "paint",
        "description": "Paints the wall.",
        "parameters": {
            "type": "object",
            "properties": {"colour": {"enum": ["red", "blue"]}},
            "required": ["colour"],
            "additionalProperties": False,
        },
    },
}


def test_a_tool_is_called_of_a_picture(engine: Page) -> None:
    answer = look(engine, pixels(SCENE), max_tokens=400, tools=[PAINT], tool_choice="required")
    assert answer["error"] is None
    assert answer["finish"] == "tool_calls"
    (call,) = answer["calls"]
    assert call["function"]["name"] == "paint"
    assert json.loads(call["function"]["arguments"])["colour"] in {"red", "blue"}


@pytest.mark.parametrize("stop_ms", [0, 5, 30])
def test_a_stop_is_answered_at_once(engine: Page, stop_ms: float) -> None:
    noise = [pixels(Image.effect_noise((SIZE, SIZE), 90)) for _ in range(12)]
    stopped = look(engine, *noise, stop_ms=stop_ms, max_tokens=200)
    assert stopped["finish"] == "cancelled"
    assert stopped["stopMs"] < 1000
    assert look(engine, pixels(SCENE))["error"] is None


def test_an_idefics3_pair_cuts_pictures_into_tiles(
    profile: BrowserContext, site: SiteServer, hub: Hub, tmp_path: Path
) -> None:
    """SmolVLM's kind, with its own chat template."""
    page = profile.new_page()
    start_engine(page, site)
    model = small_model(hub, tmp_path, "smol", SMOL, vision={"size": SMOL.tiles, "fit": "keep"})
    assert load(page, model)["error"] is None
    answer = look(page, pixels(scene(SMOL.tiles, SMOL.tiles)))
    assert answer["error"] is None
    assert answer["usage"]["image_tokens"] == 5 * SMOL.image_tokens
    assert answer["usage"]["image_encode_ms"] > 0
    system = [{"role": "system", "content": "Be brief."}]
    assert look(page, pixels(SCENE), before=system)["error"] is None
    assert look(page, pixels(SCENE), tools=[PAINT], tool_choice="required", max_tokens=400)["calls"]
    page.close()


def wrong_pairs(hub: Hub, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """`files` of models that cannot work."""
    model, projector = publish(hub, write_pair(folder, "good"), "alcove/good")
    other = publish(hub, write_pair(folder, "other", Shape(projection=64)), "alcove/other")[1]
    return {
        "without its projector": [model],
        "two projectors": [projector, other],
        "two language models": [model, model],
        "the wrong way round": [projector, model],
        "another model's projector": [model, other],
    }


@pytest.mark.parametrize(
    ("kind", "code", "word"),
    [
        ("without its projector", "model-invalid", "without its projector"),
        ("two projectors", "unsupported", "vision half"),
        ("two language models", "model-invalid", "no projector"),
        ("the wrong way round", "unsupported", "vision half"),
        ("another model's projector", "model-invalid", "another model"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    engine: Page, hub: Hub, tmp_path: Path, kind: str, code: str, word: str
) -> None:
    files = wrong_pairs(hub, tmp_path)[kind]
    error = load(engine, {**small_model(hub, tmp_path, "wrong"), "id": kind, "files": files})["error"]
    assert error["code"] == code
    assert word in error["message"]
    assert error["action"]
    assert load(engine, small_model(hub, tmp_path, vision=VISION))["error"] is None

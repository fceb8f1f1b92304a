"""What our own vision model says in the browser of pictures that its training never drew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from eyes import looking_page
from looking import encode
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Playwright, expect
from scenes import camera_browser, write_video
from vision_tab import look_at_camera, vision

from build_steps.serve import SiteServer

SIDE = 300
SEEN = "A large red square in the centre."
INK = {"red": (214, 40, 40), "green": (40, 150, 60), "blue": (40, 70, 200), "yellow": (240, 210, 40)}
PLACES = {"on the left": (70, 150), "on the right": (230, 150), "in the centre": (150, 150)}
LIGHT, DARK = (225, 228, 232), (52, 54, 60)
# The caption, what is drawn, and the ground; a small thing has a radius of a tenth of the side.
SCENES = (
    ("A large red circle in the centre.", LIGHT),
    ("A large blue square in the centre.", LIGHT),
    ("A large green triangle in the centre.", LIGHT),
    ("A large yellow circle on the right.", DARK),
    ("A small blue circle on the left.", LIGHT),
    ("A large red square on the left and a large blue circle on the right.", LIGHT),
    ("A large green circle on the left and a small red square on the right.", LIGHT),
    ("A large blue triangle on the left and a large yellow square on the right.", DARK),
    ("I see no shape.", LIGHT),
    ("I see no shape.", DARK),
)


def drawn(caption: str, ground: tuple[int, int, int]) -> Image.Image:
    """A picture of what `caption` says."""
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(image)
    things = caption.rstrip(".").lower().split(" and ") if "shape" not in caption else []
    for thing in things:
        _, size, colour, kind, *place = thing.split()
        x, y = PLACES[" ".join(place)]
        radius = 60 if size == "large" else 30
        half = radius * 0.85
        match kind:
            case "circle":
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK[colour])
            case "square":
                pen.rectangle((x - half, y - half, x + half, y + half), fill=INK[colour])
            case _:
                pen.regular_polygon((x, y, radius), 3, fill=INK[colour])
    return image


def test_captions_are_right_in_every_word(browser: Browser, site: SiteServer) -> None:
    with looking_page(browser, site, []) as page:
        page.evaluate("async () => { window.eye = await alcove.openVision({ model: 'scene-vlm' }); }")
        said = [
            page.evaluate(
                """async (bytes) => {
                  const told = await eye.describe(new Blob([new Uint8Array(bytes)]), "What do you see?",
                    { temperature: 0 });
                  return told.text.trim();
                }""",
                list(encode(drawn(caption, ground))),
            )
            for caption, ground in SCENES
        ]
    wrong = [(caption, text) for (caption, _), text in zip(SCENES, said, strict=True) if caption != text]
    assert len(wrong) <= 1, wrong


def test_a_person_reads_what_the_camera_shows(
    playwright: Playwright, site: SiteServer, tmp_path: Path
) -> None:
    frame = Image.new("RGB", (640, 480), LIGHT)  # as wide as cameras are
    frame.paste(drawn(SEEN, LIGHT).resize((480, 480)), (80, 0))
    video = write_video(tmp_path / "red.y4m", [np.asarray(frame)] * 2)
    with camera_browser(playwright, video) as browser, vision(browser, site) as page:
        look_at_camera(page)
        expect(page.get_by_test_id("caption-text")).to_have_text(SEEN)

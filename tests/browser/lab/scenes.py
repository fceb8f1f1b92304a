"""What the fake camera shows: scenes drawn by the test, as the video that Chromium plays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from browsers import CHROMIUM_FLAGS, chromium_path
from playwright.sync_api import Browser, Playwright

Colour = tuple[int, int, int]
Image = Any  # numpy array, height × width × 3, uint8

GREY: Colour = (128, 128, 128)
RED: Colour = (200, 30, 40)
BLUE: Colour = (20, 60, 190)


def plain(colour: Colour, width: int = 640, height: int = 480) -> Image:
    return np.full((height, width, 3), colour, np.uint8)


def square(colour: Colour, ground: Colour = GREY, width: int = 640, height: int = 480) -> Image:
    """A square of half the picture's height in its middle."""
    image, half = plain(ground, width, height), height // 4
    y, x = height // 2, width // 2
    image[y - half : y + half, x - half : x + half] = colour
    return image


def write_video(path: Path, images: list[Image], rate: int = 20) -> Path:
    """Writes a Y4M video (BT.601, limited range, 4:2:0) that shows `images` one after the other."""
    height, width, _ = images[0].shape
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420mpeg2\n".encode())
        for image in images:
            file.write(b"FRAME\n")
            for plane in _yuv(image):
                file.write(np.clip(np.rint(plane), 0, 255).astype(np.uint8).tobytes())
    return path


def _yuv(image: Image) -> Iterator[Any]:
    red, green, blue = (image[..., channel].astype(np.float64) for channel in range(3))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    yield 16 + luma * 219 / 255
    for channel, scale in ((blue, 1.772), (red, 1.402)):
        chroma = 128 + (channel - luma) / scale * 224 / 255
        yield (chroma[::2, ::2] + chroma[1::2, ::2] + chroma[::2, 1::2] + chroma[1::2, 1::2]) / 4


def camera_flags(video: Path | None, *more: str) -> list[str]:
    """Flags of a Chromium whose camera plays `video`, with the person's leave."""
    flags = [*CHROMIUM_FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", *more]
    return [*flags, f"--use-file-for-fake-video-capture={video}"] if video else flags


@contextmanager
def camera_browser(playwright: Playwright, video: Path | None, *more: str) -> Iterator[Browser]:
    """A Chromium of its own with that camera."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=camera_flags(video, *more))
    try:
        yield browser
    finally:
        browser.close()

"""`build.py vila --native`: the real command, the real model, and an engine that dies."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from relaying import frame, reply
from websockets.asyncio.client import connect

from build_steps.base import BuildError
from build_steps.vila import Options, serve
from relay.__main__ import main
from relay.clients import Client
from relay.looker import LookFailedError
from relay.native import NativeLooker

_ROOT = Path(__file__).resolve().parents[3]
_PAIR = [_ROOT / "models" / "scene_vlm" / name for name in ("scene-vlm.gguf", "scene-vlm-mmproj.gguf")]
_ASKED = "Describe what you see in one sentence."


def red_circle() -> bytes:
    picture = Image.new("RGB", (640, 480), "white")
    ImageDraw.Draw(picture).ellipse((220, 140, 420, 340), fill="red")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file.getvalue()


async def nobody(message: str) -> None:
    del message


@asynccontextmanager
async def command(*arguments: str) -> AsyncIterator[str]:
    """`build.py vila --native` as a person starts it; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("build.py", "vila", "--native", "--port", str(port), *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    assert running.stdout
    try:
        line = ""
        async with asyncio.timeout(90):
            while "ws://" not in line:
                line = (await running.stdout.readline()).decode()
                assert line, "it ended"
        assert "robot-key" not in line
        yield f"ws://127.0.0.1:{port}"
    finally:
        os.kill(running.pid, signal.SIGINT)
        async with asyncio.timeout(30):
            await running.wait()


async def test_the_command_answers_with_the_embedded_model() -> None:
    async with command("--key", "robot-key") as url, connect(f"{url}?api_key=robot-key") as robot:
        await robot.send(frame(red_circle()))
        said = (await reply(robot)).lower()
        assert "red" in said
        assert "circle" in said


@pytest.mark.parametrize(
    "options",
    [
        Options(model=_PAIR[0]),
        Options(native=True, model=_PAIR[0]),
        Options(native=True, projector=_PAIR[1]),
        Options(model=_PAIR[0], projector=_PAIR[1]),
    ],
)
def test_half_a_model_or_one_for_a_tab_is_refused_before_anything_is_built(options: Options) -> None:
    with pytest.raises(BuildError, match="for --native"):
        serve(options)


def test_a_port_that_is_taken_and_a_model_that_is_none_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--native", "--port", port, "--prompt", _ASKED]) == 1
        assert "--port N" in capsys.readouterr().err
    assert main(["--native", "--port", port, "--prompt", _ASKED, "--model", str(_PAIR[1])]) == 1
    assert "cannot be loaded" in capsys.readouterr().err


async def test_an_engine_that_was_killed_is_started_again() -> None:
    looker = NativeLooker(_PAIR[0], _PAIR[1], _ASKED, 48)
    client = Client("a test", nobody)
    try:
        assert "red" in await looker.look(red_circle(), client)
        assert looker.process
        looker.process.kill()
        await looker.process.wait()
        assert "red" in await looker.look(red_circle(), client)
        looker.process.send_signal(signal.SIGSTOP)  # else it may have answered before it is killed
        looking = asyncio.ensure_future(looker.look(red_circle(), client))
        done, _ = await asyncio.wait({looking}, timeout=0.2)
        assert not done
        looker.process.kill()
        with pytest.raises(LookFailedError):
            await looking
        assert "red" in await looker.look(red_circle(), client)
    finally:
        await looker.stop()

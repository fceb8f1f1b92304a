"""Seed 002's own clients, word for word but for the address, in their own runtimes against our endpoint.

The camera is a file here: modules that give one JPEG stand in for `cv2` and npm's `canvas`, so what is tried
is what the examples do with the socket, and not OpenCV.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from relaying import Relay, by_shade, jpeg, relay, soon
from websockets.sync.client import connect

_ROOT = Path(__file__).resolve().parents[3]
_SEED = (_ROOT / "tests" / "browser" / "lab" / "fixtures" / "seed_002_vila.md").read_text()
_VENDOR = "wss://api-vila.openmind.com"
_CV2 = """
from pathlib import Path
CAP_PROP_FRAME_WIDTH, CAP_PROP_FRAME_HEIGHT, IMWRITE_JPEG_QUALITY = 3, 4, 1
class VideoCapture:
    def __init__(self, device): pass
    def set(self, *_): return True
    def read(self): return True, None
    def release(self): print("released", flush=True)
def imencode(kind, frame, options):
    return True, Path(__file__).with_name("frame.jpg").read_bytes()
"""
_CANVAS = """
exports.loadImage = () => undefined;
exports.createCanvas = () => ({
  getContext: () => ({}),
  toBuffer: () => require("node:fs").readFileSync(__dirname + "/frame.jpg"),
});
"""


def example(heading: str, language: str, url: str) -> str:
    """A code block of the seed, with only its address changed."""
    code = _SEED.split(heading, 1)[1].split(f"```{language}\n", 1)[1].split("```", 1)[0]
    assert _VENDOR in code
    return code.replace(_VENDOR, url)


async def _run(command: list[str], folder: Path, robots: Relay, wanted: int, **more: str) -> str:
    """Runs a client until it printed so many replies, then ends it as a person does; what it printed."""
    (folder / "frame.jpg").write_bytes(jpeg(70, (640, 480)))
    client = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=-1, stderr=-2, env={**os.environ, **more, "PYTHONUNBUFFERED": "1"}
    )
    assert client.stdout
    printed = ""
    try:
        async with asyncio.timeout(30):
            while printed.count("shade 70") < wanted:
                line = (await client.stdout.readline()).decode()
                assert line, printed
                printed += line
        client.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            printed += (await client.communicate())[0].decode()
    finally:
        if client.returncode is None:
            client.kill()
    await soon(lambda: not robots.clients, "the client is gone")
    return printed


async def test_the_custom_example_in_python(tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text(_CV2)
    async with relay("om1_live_your_api_key") as robots, robots.tab(by_shade):
        (tmp_path / "custom.py").write_text(example("#### Custom Implementation", "python", robots.url))
        printed = await _run([sys.executable, "custom.py"], tmp_path, robots, 5)
    assert printed.startswith("Connected to VILA VLM\nVLM: shade 70\n")
    assert "released" in printed


async def test_the_example_in_javascript(tmp_path: Path) -> None:
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "ws").symlink_to(_ROOT / "node_modules" / "ws")
    (modules / "canvas.js").write_text(_CANVAS.replace('__dirname + "', 'process.cwd() + "'))
    async with relay("om1_live_your_api_key") as robots, robots.tab(by_shade):
        (tmp_path / "custom.js").write_text(
            example("#### JavaScript/Node.js Example", "javascript", robots.url)
        )
        printed = await _run(["node", "custom.js"], tmp_path, robots, 5)
    assert printed.startswith("Connected to VILA VLM\nVLM Analysis: shade 70\n")


@pytest.mark.parametrize("bare", [False, True], ids=["as JSON", "as bare base64"])
async def test_a_client_that_behaves_as_om1_s_own(bare: bool) -> None:
    """A capture that waits for nobody puts JSON into a queue, and a thread sends what the queue holds."""
    waiting: queue.Queue[str] = queue.Queue()
    got: list[str] = []
    ended = threading.Event()

    def capture() -> None:
        text = base64.b64encode(jpeg(70, (640, 480))).decode()
        while not ended.wait(1 / 30):
            waiting.put(text if bare else json.dumps({"timestamp": time.time(), "frame": text}))

    def client(url: str) -> None:
        with connect(url, compression=None) as socket:

            def hear() -> None:
                got.extend(json.loads(message)["vlm_reply"] for message in socket)

            hearing = threading.Thread(target=hear)
            hearing.start()
            while not ended.is_set():
                try:
                    socket.send(waiting.get(timeout=0.1))
                except queue.Empty:
                    continue
        hearing.join()

    async def slowly(picture: bytes, look: dict[str, object]) -> str:
        await asyncio.sleep(0.15)
        return await by_shade(picture, look)

    async with relay() as robots, robots.tab(slowly):
        threads = [threading.Thread(target=capture), threading.Thread(target=client, args=(robots.url,))]
        for thread in threads:
            thread.start()
        try:
            await soon(lambda: len(got) >= 8)
            assert waiting.qsize() <= 2  # every frame is read, whatever becomes of it
            assert robots.clients[0]["dropped"] > 8
        finally:
            ended.set()
            for thread in threads:
                await asyncio.to_thread(thread.join)
    assert set(got) == {"shade 70"}

"""ViLA both ways: a robot that floods `build.py vila`, and a page that sends its own frames to a server."""

from __future__ import annotations

import fcntl
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lab import ROOT, Figure, SiteServer, at_least, at_most, main_thread, median, told, visit
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

from pictures import disc  # isort: skip
from waiting import wait_ready  # isort: skip

SECONDS = 60
FPS = 30
ROUNDS = 15
STREAM_SECONDS = 10
_PROMPT = "Describe what you see in one sentence."
_JPEG = disc(size=(640, 480), kind="JPEG")
_FRAME = json.dumps({"timestamp": 1.5, "frame": b64encode(_JPEG).decode()})

_OPEN = """async ({ jpeg }) => {
  window.eye = await alcove.openVision();
  await eye.ready();
  window.picture = await (await fetch("data:image/jpeg;base64," + jpeg)).blob();
}"""
_ALONE = """async (prompt) => {
  const began = performance.now();
  await eye.describe(picture, prompt, { maxTokens: 48 });
  return performance.now() - began;
}"""
_STREAM = """async (url) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 480];
  const context = canvas.getContext("2d");
  for (let i = 0; i < 400; i++) {
    context.fillStyle = `hsl(${(i * 37) % 360} 60% 50%)`;
    context.fillRect((i * 97) % 640, (i * 53) % 480, 40, 30);
  }
  setInterval(() => {
    context.fillStyle = `hsl(${performance.now() % 360} 50% 50%)`;
    context.fillRect(0, 0, 200, 200);
  }, 33);
  const capture = document.createElement("video");
  capture.muted = true;
  capture.srcObject = canvas.captureStream(30);
  await capture.play();
  const { VilaStream } = await import("/alcove.js");
  window.stream = new VilaStream({ url, capture, onCaption: () => undefined });
  stream.start();
  while (stream.status.sent < 30) await new Promise((go) => setTimeout(go, 20));
}"""


def vila(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """A minute of 30 frames a second, then frames one at a time, in turns with the eye alone."""
    with _relay() as (process, port), connect(f"ws://127.0.0.1:{port}", compression=None) as robot:
        page = browser.new_context(service_workers="block").new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        wait_ready(page)
        expect(page.get_by_test_id("relay")).to_have_attribute("data-state", "on")
        page.evaluate(_OPEN, {"jpeg": b64encode(_JPEG).decode()})
        yield from _flood(page, process, robot)
        through, alone = [], []
        for _ in range(3 + ROUNDS):
            for side in random.sample(("through", "alone"), 2):
                if side == "alone":
                    alone.append(page.evaluate(_ALONE, _PROMPT))
                    continue
                began = time.perf_counter()
                robot.send(_FRAME)
                robot.recv(timeout=120)
                through.append((time.perf_counter() - began) * 1000)
        page.context.close()
    each = median(through[3:]), median(alone[3:])
    yield at_most("ViLA: reply to a frame ÷ eye.describe alone", each[0] / each[1], "ratio", 1.1)
    yield told("ViLA: reply to a frame", each[0], "ms")
    yield from _stream(browser, site)


def _flood(page: Page, process: subprocess.Popen[str], robot: ClientConnection) -> Iterator[Figure]:
    """Runs while the page's own clock goes on: the browser is asked nothing meanwhile."""
    replies = 0
    ended = threading.Event()

    def hear() -> None:
        nonlocal replies
        while not ended.is_set():
            with suppress(TimeoutError):
                robot.recv(timeout=0.5)
                replies += 1

    hearing = threading.Thread(target=hear)
    hearing.start()
    began = time.perf_counter()
    sent, slowest, memory = 0, 0.0, 0.0
    while (now := time.perf_counter() - began) < SECONDS:
        time.sleep(max(0.0, sent / FPS - now))
        before = time.perf_counter()
        robot.send(_FRAME)  # waits where the endpoint does not read
        slowest = max(slowest, time.perf_counter() - before)
        sent += 1
        if sent == FPS * 10:
            memory = _megabytes(process)
    grown = _megabytes(process) - memory
    queued = _unread(robot)
    time.sleep(3)
    ended.set()
    hearing.join()
    words = page.get_by_test_id("relay-clients").inner_text().replace(",", "")
    frames = int(re.search(r"(\d+) frames", words)[1])  # type: ignore[index]
    yield at_least("ViLA: frames that were read ÷ sent, 30 a second for a minute", frames / sent, "ratio", 1)
    yield at_most("ViLA: bytes that wait in the client after a minute", queued, "bytes", 0)
    yield at_most("ViLA: memory of the relay, second 60 − second 10", grown, "MB", 8)
    yield told("ViLA: the longest send", slowest * 1000, "ms")
    yield told("ViLA: replies in a minute", replies, "")


def _stream(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """A page that sends 640 × 480: how many frames a second, and what its thread pays."""

    def take(socket: ServerConnection) -> None:
        for _ in socket:
            pass

    with serve(take, "127.0.0.1", 0, compression=None) as server, visit(browser, site) as page:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.evaluate(_STREAM, f"ws://127.0.0.1:{server.socket.getsockname()[1]}")
        before, began = page.evaluate("[stream.status.sent, performance.now()]")
        with main_thread(browser, page) as tasks:
            page.evaluate(f"() => new Promise((go) => setTimeout(go, {STREAM_SECONDS * 1000}))")
        after, ended = page.evaluate("[stream.status.sent, performance.now()]")
        page.evaluate("stream.stop()")
        server.shutdown()
    yield at_least(
        "VilaStream: frames a second, 640 × 480", 1000 * (after - before) / (ended - began), "1/s", 27
    )
    yield at_most("VilaStream: the longest task of the page's thread", tasks[0], "ms", 50)


@contextmanager
def _relay() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """What `build.py vila` starts, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "relay", "--port", str(port), "--prompt", _PROMPT]
    environment = {**os.environ, "ALCOVE_VILA_KEY": ""}
    with subprocess.Popen(command, cwd=ROOT, stdout=-1, text=True, env=environment) as running:
        assert running.stdout
        running.stdout.readline()
        yield running, port
        running.terminate()


def _megabytes(process: subprocess.Popen[str]) -> float:
    """Memory of a process, as Linux tells it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def _unread(robot: ClientConnection) -> int:
    """Bytes that the kernel has for the endpoint and that it did not read, after half a second at most."""
    for _ in range(10):
        (waiting,) = struct.unpack("i", fcntl.ioctl(robot.socket, termios.TIOCOUTQ, b"\0" * 4))
        if not waiting:
            return 0
        time.sleep(0.05)
    return waiting

"""`build.py vila` with a real tab: it connects by itself, answers while nobody looks at it, and ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator

import pytest
from browsers import ROOT, visitor
from hidden import hide
from pictures import disc
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import ClientConnection, connect

KEY = "om1_live_of_this_test"
FRAME = json.dumps({"timestamp": 1.5, "frame": b64encode(disc(size=(640, 480), kind="JPEG")).decode()})


@pytest.fixture(scope="module")
def relay() -> Iterator[int]:
    """What `build.py vila` starts; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "relay", "--port", str(port), "--prompt", "Describe what you see."]
    environment = {**os.environ, "ALCOVE_VILA_KEY": KEY}
    with subprocess.Popen(command, cwd=ROOT, stdout=-1, text=True, env=environment) as running:
        assert running.stdout
        assert "ws://" in running.stdout.readline()
        yield port
        running.terminate()


@pytest.fixture
def page(browser: Browser, relay: int) -> Iterator[Page]:
    """The page of somebody who opened the endpoint's address."""
    context = visitor(browser)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{relay}/")
    yield page
    context.close()


@pytest.fixture
def robot(relay: int) -> Iterator[ClientConnection]:
    address = f"ws://127.0.0.1:{relay}?api_key={KEY}"
    with connect(address, compression=None, user_agent_header="Robot/7") as robot:
        yield robot


def ask(robot: ClientConnection, frames: int = 1) -> str:
    """Sends frames, and answers the next reply."""
    for _ in range(frames):
        robot.send(FRAME)
    return json.loads(robot.recv(timeout=120))["vlm_reply"]


@pytest.mark.journey
def test_a_robot_is_answered_by_the_tab_until_the_person_ends_it(page: Page, robot: ClientConnection) -> None:
    panel = page.get_by_test_id("relay")
    expect(panel).to_have_attribute("data-state", "on")
    said = ask(robot, frames=5)
    assert "red" in said
    expect(page.get_by_test_id("relay-reply")).to_have_text(said)
    expect(page.get_by_test_id("relay-clients")).to_contain_text("Robot/7")
    expect(page.get_by_test_id("relay-clients")).to_contain_text("dropped")
    assert (
        page.get_by_test_id("relay-frame").evaluate("image => image.decode().then(() => image.naturalWidth)")
        == 640
    )
    assert KEY not in page.content()

    page.get_by_test_id("go-chat").click()
    hide(page)
    while True:  # the last of the five may be answered still
        try:
            robot.recv(timeout=1)
        except TimeoutError:
            break
    assert "red" in ask(robot)

    page.get_by_test_id("go-vision").click()
    page.get_by_test_id("relay-end").click()
    expect(panel).to_have_attribute("data-state", "ended")
    robot.send(FRAME)
    with pytest.raises(TimeoutError):
        robot.recv(timeout=0.5)
    page.get_by_test_id("relay-start").click()
    expect(panel).to_have_attribute("data-state", "on")
    assert "red" in ask(robot)


def test_a_second_tab_takes_over_and_a_reload_connects_again(page: Page, robot: ClientConnection) -> None:
    panel = page.get_by_test_id("relay")
    expect(panel).to_have_attribute("data-state", "on")
    other = page.context.new_page()
    other.goto(page.url)
    expect(panel).to_have_attribute("data-state", "taken")
    assert "red" in ask(robot)
    other.close()
    page.reload()
    expect(panel).to_have_attribute("data-state", "on")
    assert "red" in ask(robot)

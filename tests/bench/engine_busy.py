"""llama.cpp as we compile it beside a program that keeps one core busy: two threads against one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from engine_measure import PROMPT, end_sides, engine_files, start_sides
from lab import Figure, SiteServer, at_least, median, peer_page, told
from playwright.sync_api import Browser

from llamacpp import model_file  # isort: skip

ROUNDS = 3
TOKENS = 64


def engine_busy(browser: Browser, site: SiteServer) -> Iterator[Figure]:
    """Tokens a second of SmolLM2 on a crowded machine; without care for it, two threads do one or two."""
    speed: dict[int, float] = {}
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        try:
            for threads in (1, 2):
                with peer_page(browser, site, engine_files()) as page:
                    start_sides(page, [model_file()], threads, ["ours"])
                    ask = "([prompt, tokens]) => sides.ours.time(prompt, tokens)"
                    times = [
                        page.evaluate(ask, [f"{number} {PROMPT}", TOKENS]) for number in range(1 + ROUNDS)
                    ]
                    end_sides(page)
                speed[threads] = median([one["decode"] for one in times[1:]])
        finally:
            other.kill()
    name = "llama.cpp: decode beside a busy program, Q4_1, 2 threads"
    yield at_least(f"{name} ÷ 1 thread", speed[2] / speed[1], "ratio", 0.5)
    yield told(name, speed[2], "tokens/s")

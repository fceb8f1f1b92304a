"""
Tabs that are killed, closed and reloaded in the middle of a download and of an import: afterwards the model
is whole, or it is not there and nothing of it is left over.

`ALCOVE_KILLS=100` runs all of it; the suite runs a part.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from browsers import end
from embedding_models import write_encoder
from playwright.sync_api import Page
from stored_models import LOOK, SHIPPED, choose, own_models, wait_shipped
from waiting import wait_for, wait_until

KILLS = int(os.environ.get("ALCOVE_KILLS", "4"))
WHOLE = "(id) => alcove.models.verify(id).then(() => 'whole', ({ code }) => code)"
LEFT = "alcove.storage.report().then(({ kinds }) => kinds.halves.items)"


@pytest.mark.parametrize("seed", range(-(-KILLS // 2)))
def test_in_a_download(open_tab: Callable[[], Page], seed: int) -> None:
    chance = random.Random(seed)
    page = open_tab()
    wait_shipped(page)
    before = page.evaluate(LOOK)
    page.evaluate("(id) => alcove.models.remove(id)", SHIPPED)
    page.evaluate("(id) => { alcove.models.queue([id]); }", SHIPPED)
    share = chance.random()
    part = f"alcove.models.downloads.find(({{ id }}) => id === '{SHIPPED}')"
    come = f"({part}?.total > 0 && {part}.bytes >= {share} * {part}.total)"
    wait_until(page, f"{part}?.state === 'done' || {come}")
    end(page, chance)
    page = open_tab()
    # Who needs it asks for it again; what had come is not lost.
    page.evaluate("(id) => { alcove.models.queue([id]); }", SHIPPED)
    wait_shipped(page)
    assert page.evaluate(WHOLE, SHIPPED) == "whole"
    wait_for(page, lambda: page.evaluate(LOOK) == before, "nothing else is left")
    assert page.evaluate(LEFT) == []


@pytest.mark.parametrize("seed", range(-(-KILLS // 2)))
def test_in_an_import(open_tab: Callable[[], Page], tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = write_encoder(tmp_path / "large.gguf")
    with path.open("ab") as file:
        file.truncate(200_000_000)
    page = open_tab()
    wait_shipped(page)
    before = page.evaluate(LOOK)
    choose(page, path)
    page.evaluate(
        """() => {
          window.told = 0;
          const onProgress = ({ bytes }) => { window.told = bytes; };
          const [file] = document.querySelector("#chosen").files;
          const whole = alcove.models.importFile(file, { onProgress });
          whole.then(() => { window.told = Infinity; }, () => undefined);
        }"""
    )
    wait_until(page, f"told >= {int(chance.random() * 200_000_000)}")
    end(page, chance)
    page = open_tab()
    page.evaluate("alcove.models.list()")  # the engine's worker sweeps when it starts

    def settled() -> bool:
        own = own_models(page)
        return len(own) == 1 if set(page.evaluate(LOOK)) - set(before) else not own

    wait_for(page, settled, "it is whole or nothing of it is left")
    for model in own_models(page):
        assert page.evaluate(WHOLE, model) == "whole"
    assert page.evaluate(LEFT) == []

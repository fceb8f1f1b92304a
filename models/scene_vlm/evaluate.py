"""`python -m models.scene_vlm.evaluate FOLDER [--each N]`: figures of its checkpoint on held-out pictures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import torch

from .answering import answer_all
from .backgrounds import KINDS
from .captions import Attributes, attributes, caption, read_caption, text_in
from .held_out import held_out, scene_of, stack
from .network import SceneVlm
from .prompts import Layout
from .scenes import Scene
from .tokens import tokeniser

# What is measured: name, scene by number.
_GROUPS: dict[str, Callable[[int], Scene]] = {
    "one": lambda number: scene_of(number, 1),
    "two": lambda number: scene_of(number, 2),
    "three": lambda number: scene_of(number, 3),
    "empty": lambda _: (),
    "known word": lambda number: scene_of(number, 1, word=True),
    "other word": lambda number: scene_of(number, 1, word=True, known=False),
}
_PARTS = ("size", "colour", "kind", "place")
_AT_ONCE = 50
Figures = dict[str, dict[str, float]]


def quick_figures(model: SceneVlm, each: int = 100) -> str:
    """The share of captions that are right in everything, by group."""
    return json.dumps({name: values["all"] for name, values in figures(model, each).items()})


def figures(model: SceneVlm, each: int, ground: str = "", question: str = "What do you see?") -> Figures:
    """
    For each group the share of captions that are right in everything ("all"), in how many things there are
    ("count") and in each attribute of all things; for words also of the reading.
    """
    model.eval()
    found: Figures = {}
    for group, (name, scene) in enumerate(_GROUPS.items()):
        right: dict[str, list[bool]] = {}
        for start in range(0, each, _AT_ONCE):
            numbers = range(start, min(each, start + _AT_ONCE))
            pictures = [held_out(group * 100_000 + number, scene(number), ground)[1] for number in numbers]
            # Both ways in which the runtime may write a message.
            layout = Layout() if start % (2 * _AT_ONCE) else Layout(lines=True)
            captions = answer_all(model, stack(pictures), question, layout)
            for picture, said in zip(pictures, captions, strict=True):
                for part, good in judge(picture.scene, said).items():
                    right.setdefault(part, []).append(good)
            if "word" in name:
                readings = answer_all(model, stack(pictures), "Read the text.", layout)
                pairs = zip(readings, pictures, strict=True)
                right.setdefault("reading", []).extend(
                    said == text_in(picture.scene) for said, picture in pairs
                )
        found[name] = {part: sum(values) / len(values) for part, values in right.items()}
    model.train()
    return found


def judge(scene: Scene, said: str) -> dict[str, bool]:
    """What a caption has right."""
    wanted = [attributes(thing) for thing in scene]
    got = read_caption(said)
    right = {"all": said == caption(scene), "count": got is not None and len(got) == len(wanted)}
    for column, part in enumerate(_PARTS if wanted else ()):
        right[part] = _column(got or [], column) == _column(wanted, column)
    return right


def load(folder: Path) -> SceneVlm:
    model = SceneVlm(tokeniser().get_vocab_size())
    model.load_state_dict(torch.load(folder / "checkpoint.pt", weights_only=True)["model"])
    return model


def _column(found: list[Attributes], column: int) -> list[str]:
    return [values[column] for values in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=500, help="pictures of each group")
    parser.add_argument("--ground", choices=KINDS, default="", help="only on such backgrounds")
    options = parser.parse_args()
    torch.set_num_threads(2)
    print(json.dumps(figures(load(options.folder), options.each, options.ground), indent=2))


if __name__ == "__main__":
    main()

"""scene-vlm's world: the same for a seed, never in doubt, and told in captions that can be read back."""

from __future__ import annotations

import random
import re

import pytest

from models.scene_vlm import captions, mirror, outlines, paint, questions
from models.scene_vlm.scenes import BANDS, COLOURS, RADII, SHAPES, Scene, any_scene, arrange


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    chance = random.Random(3)
    return [any_scene(chance) for _ in range(600)]


def test_a_seed_gives_the_same_scenes() -> None:
    first, again, other = (any_scene(random.Random(f"{seed} 7")) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_all_kinds_of_scenes_happen(scenes: list[Scene]) -> None:
    assert {len(scene) for scene in scenes} == {0, 1, 2, 3}
    things = [thing for scene in scenes for thing in scene]
    assert {thing.kind for thing in things} >= {*SHAPES, *"0123456789"}
    assert {thing.colour for thing in things} == set(COLOURS)
    assert {thing.cell for thing in things} == set(captions.PLACES)
    assert any(thing.is_word for thing in things)


def test_attributes_keep_clear_of_their_borders(scenes: list[Scene]) -> None:
    for thing in (thing for scene in scenes for thing in scene):
        for value in (thing.x, thing.y):
            assert not any(start < value < end for start, end in BANDS), thing
        if thing.size:
            low, high = RADII[thing.size]
            assert low <= thing.radius <= high
            assert min(thing.x, thing.y) >= thing.radius
            assert max(thing.x, thing.y) <= 1 - thing.radius
    assert RADII["small"][1] < RADII["large"][0]


def test_things_have_an_order_and_do_not_share_a_cell(scenes: list[Scene]) -> None:
    for scene in scenes:
        cells = [thing.cell for thing in scene]
        assert cells == sorted(set(cells))


def test_things_do_not_touch(scenes: list[Scene]) -> None:
    for scene in scenes:
        plain = [thing for thing in scene if not thing.is_word]
        for index, one in enumerate(plain):
            for other in plain[index + 1 :]:
                distance = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
                assert distance > one.radius + other.radius


def test_a_caption_reads_back_to_the_attributes(scenes: list[Scene]) -> None:
    for scene in scenes:
        said = captions.caption(scene)
        assert re.fullmatch(r"[A-Z].*\.", said)
        assert captions.read_caption(said) == [captions.attributes(thing) for thing in scene]


@pytest.mark.parametrize(
    "text", ["", "A red circle.", "A large red circle", "A huge red circle on the left.", "I see a shape."]
)
def test_other_sentences_are_no_captions(text: str) -> None:
    assert captions.read_caption(text) is None


def test_an_empty_scene_is_refused_whatever_is_asked() -> None:
    chance = random.Random(1)
    answers = {questions.other_exchange(chance, ())[1] for _ in range(200)}
    answers |= {questions.caption_exchange(chance, ())[1] for _ in range(50)}
    assert answers == {captions.NO_SHAPE, captions.NO_TEXT}


def test_questions_have_the_answers_of_their_scene() -> None:
    scene = arrange(random.Random(2), 2)
    first, second = scene
    assert captions.count(scene) == "Two."
    assert captions.colours(scene) == f"{first.colour.capitalize()} and {second.colour}."
    assert captions.is_there(scene, first.colour, first.kind) == "Yes."
    absent = next(name for name in COLOURS if name not in {first.colour, second.colour})
    assert captions.is_there(scene, absent, first.kind) == "No."
    assert captions.text_in(arrange(random.Random(2), 1, word=True)) != captions.NO_TEXT


def test_a_mirrored_scene_stays_in_order(scenes: list[Scene]) -> None:
    for scene in scenes:
        turned, order = mirror.mirrored_scene(scene, True, False, True)
        assert [scene[index].kind for index in order] == [thing.kind for thing in turned]
        cells = [thing.cell for thing in turned]
        assert cells == sorted(cells)
        assert {(2 - x, y) for x, y in (thing.cell for thing in scene)} == {(y, x) for x, y in cells}


def test_a_thing_that_would_not_be_seen_gets_another_colour() -> None:
    chance = random.Random(4)
    assert paint.visible(chance, "red", (0, 0, 0))[0] == "red"
    assert paint.visible(chance, "black", (5, 5, 5))[0] != "black"


@pytest.mark.parametrize("shape", SHAPES)
def test_outlines_fill_the_radius_they_are_given(shape: str) -> None:
    reach = max((x * x + y * y) ** 0.5 for points in outlines.outline(shape) for x, y in points)
    assert 0.85 < reach <= 1.12

"""A batch once more, each picture turned or mirrored: half the work of drawing."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .drawing import Map
from .scenes import Scene, Thing


def mirrored_scene(scene: Scene, flip_x: bool, flip_y: bool, swap: bool) -> tuple[Scene, list[int]]:
    """
    The scene mirrored left to right, then top to bottom, then along the diagonal, in its new order, and the
    old index of each thing. A thing's turn is not followed: nothing is ever said of it.
    """
    moved = [_moved(thing, flip_x, flip_y, swap) for thing in scene]
    order = sorted(range(len(moved)), key=lambda index: moved[index].cell)
    return tuple(moved[index] for index in order), order


def mirrored(
    chance: random.Random, scenes: list[Scene], arrays: list[NDArray[np.uint8]], owner: Map, whole: Map
) -> tuple[list[Scene], list[NDArray[np.uint8]], Map, Map]:
    """
    Scenes, arrays [n, rows, columns, ...], owners of patches and outlines of things. Pictures with text stay
    as they are.
    """
    arrays = [array.copy() for array in arrays]
    owner, whole = owner.copy(), whole.copy()
    found = list(scenes)
    for index, scene in enumerate(scenes):
        flips = [chance.random() < 0.5 for _ in range(3)]
        if any(thing.is_text for thing in scene):
            continue
        found[index], order = mirrored_scene(scene, *flips)
        for array in [*arrays, owner]:
            array[index] = _turned(array[index], *flips)
        renamed = np.zeros(len(scene) + 1, np.uint8)
        renamed[np.array(order, int) + 1] = np.arange(1, len(scene) + 1)
        owner[index] = renamed[owner[index]]
        outlines = [_turned(whole[index, old], *flips) for old in order]
        whole[index, : len(order)] = outlines or 0
    return found, arrays, owner, whole


def _turned(array: NDArray[np.uint8], flip_x: bool, flip_y: bool, swap: bool) -> NDArray[np.uint8]:
    turned = array[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    return (turned.swapaxes(0, 1) if swap else turned).copy()


def _moved(thing: Thing, flip_x: bool, flip_y: bool, swap: bool) -> Thing:
    x = 1 - thing.x if flip_x else thing.x
    y = 1 - thing.y if flip_y else thing.y
    return replace(thing, x=y, y=x) if swap else replace(thing, x=x, y=y)

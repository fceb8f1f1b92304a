"""What a person may ask, and the right answer to it."""

from __future__ import annotations

import random

from . import captions
from .scenes import COLOURS, DIGITS, SHAPES, Scene

CAPTION = (
    "What do you see?",
    "Describe the image.",
    "Describe what you see briefly.",
    "Describe what you see in one sentence.",
    "Describe this image.",
    "Describe the picture.",
    "Describe this picture in one sentence.",
    "What is in the picture?",
    "What is in this image?",
    "What's in the image?",
    "What is shown here?",
    "What is this?",
    "What can you see?",
    "What do you see now?",
    "Tell me what you see.",
    "Please describe the image.",
    "Caption this image.",
    "Write a caption for this picture.",
    "Look at the camera picture and say what you see.",
    "",
)
COUNT = (
    "How many shapes are there?",
    "How many shapes do you see?",
    "How many things are there?",
    "Count the shapes.",
)
COLOUR = (
    "What colour is it?",
    "What color is it?",
    "What colour is the shape?",
    "What color is the shape?",
    "Which colours do you see?",
    "What colors are there?",
)
SHAPE = ("What shape is it?", "Which shape is it?", "What shapes are there?", "Name the shapes.")
PLACE = ("Where is it?", "Where is the shape?", "Where are they?", "Where are the shapes?")
READ = (
    "Read the text.",
    "What does it say?",
    "What is written there?",
    "Read the word.",
    "Which digit is it?",
    "What text do you see?",
)
# What a program may put before a person's words. Nothing in them changes the answer.
SYSTEMS = (
    "You are a helpful assistant.",
    "You are a helpful assistant. Answer briefly.",
    "You are a careful assistant that looks at pictures from a camera.",
    "Answer in plain English.",
    "You see through the person's camera. Describe what changes.",
    "You are a vision model. Be short and precise.",
    "You are an AI agent in a browser tab. Use the tools when they help.",
    "Today is Monday. The person is called Ann.",
    "Never make things up. Say so when you do not know.",
)
STRAYS = (
    "Hello!",
    "Look at this.",
    "Here is a frame from my webcam.",
    "Is everything all right?",
    "Give me the details, please.",
    "Use one sentence.",
    "Answer with a few words only.",
    "Think step by step.",
    "I am showing you something.",
    "Can you help me with this?",
    "What would a painter say about it?",
    "Summarise the scene for a blind person.",
    "Respond in English.",
    "This is frame 12 of a video.",
    "Be honest.",
    "You are looking at a picture taken with a phone.",
)
Exchange = tuple[str, str]


def caption_exchange(chance: random.Random, scene: Scene) -> Exchange:
    """A request for the caption, often with words round it that mean nothing."""
    question = chance.choice(CAPTION[:4]) if chance.random() < 0.4 else chance.choice(CAPTION)
    if chance.random() < 0.25:
        parts = [*chance.sample(STRAYS, chance.randint(1, 2)), question]
        if chance.random() < 0.3:
            parts.pop()
        chance.shuffle(parts)
        question = " ".join(filter(None, parts))
    return _careless(chance, question), captions.caption(scene)


def other_exchange(chance: random.Random, scene: Scene) -> Exchange:
    """Any other question."""
    reading = 3 if any(thing.is_text for thing in scene) else 1
    match chance.choices(range(6), (2, 2, 2, 2, reading, 2))[0]:
        case 0:
            question, answer = chance.choice(COUNT), captions.count(scene)
        case 1:
            question, answer = chance.choice(COLOUR), captions.colours(scene)
        case 2:
            question, answer = chance.choice(SHAPE), captions.shapes(scene)
        case 3:
            question, answer = chance.choice(PLACE), captions.places(scene)
        case 4:
            question, answer = chance.choice(READ), captions.text_in(scene)
        case _:
            question, answer = _is_there(chance, scene)
    return _careless(chance, question), answer


def _is_there(chance: random.Random, scene: Scene) -> Exchange:
    colour, kind = chance.choice(COLOURS), chance.choice((*SHAPES, chance.choice(DIGITS)))
    plain = [thing for thing in scene if not thing.is_word]
    if plain:
        thing = chance.choice(plain)
        draw = chance.random()
        if draw < 0.75:
            kind = thing.kind
        if draw < 0.5 or draw > 0.9:
            colour = thing.colour
    noun = f"digit {kind}" if kind in DIGITS else kind
    start = chance.choice(("Is there", "Do you see", "Can you see"))
    return f"{start} a {colour} {noun}?", captions.is_there(scene, colour, kind)


def _careless(chance: random.Random, question: str) -> str:
    """People leave out capitals and full stops."""
    draw = chance.random()
    if draw < 0.1:
        return question.lower().rstrip("?.")
    if draw < 0.15:
        return question.rstrip("?.")
    return question

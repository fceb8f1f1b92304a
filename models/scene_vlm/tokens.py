"""The tokeniser: byte-level BPE learned from what is said here, and the marks of turns."""

from __future__ import annotations

import random
from functools import cache

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from .questions import STRAYS, SYSTEMS, caption_exchange, other_exchange
from .scenes import any_scene

SPECIAL = ("<pad>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
PAD, END, SYSTEM, USER, ASSISTANT = range(5)
_VOCABULARY = 720
_SEED = 7


@cache
def tokeniser() -> Tokenizer:
    """Learned anew from a fixed seed. Words in capitals stay single letters, so that each has to be read."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = decoders.ByteLevel()
    chance = random.Random(_SEED)
    corpus = [*SYSTEMS, *STRAYS] * 20
    for _ in range(6000):
        # The odds are fixed here: other ones would make another vocabulary, and a trained network worthless.
        scene = any_scene(chance, words=0, empty=0.14)
        corpus += [text for ask in (caption_exchange, other_exchange) for text in ask(chance, scene)]
    corpus += ["the word", "a red word", "Read the word."] * 50
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(corpus, trainer)
    return made


@cache
def encode(text: str) -> tuple[int, ...]:
    return tuple(tokeniser().encode(text).ids)


def decode(ids: list[int]) -> str:
    return tokeniser().decode(ids)

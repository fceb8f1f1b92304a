"""Byte-level BPE with single digits, as tokenizer.json describes it to WebLLM: training, and encoding."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

# GPT-2's pattern. Python's `re` lacks \p{L}: [^\W\d_] is near enough for the texts that we tokenise.
_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")
_DIGITS = re.compile(r"(\d)")


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable stand-in for each of the 256 bytes."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(others)}


_ALPHABET = byte_alphabet()


def split(text: str) -> list[str]:
    """The pieces that merges do not cross, in the alphabet of bytes. Digits stand alone."""
    pieces: list[str] = []
    for part in _DIGITS.split(text):
        pieces += [part] if part.isdigit() else _WORDS.findall(part)
    return ["".join(_ALPHABET[byte] for byte in piece.encode()) for piece in pieces]


def train(texts: Iterable[str], size: int, special: Iterable[str]) -> tuple[list[str], list[str]]:
    """Tokens (special ones first, then bytes, then merged ones) and merges of a vocabulary of `size`."""
    words = Counter(piece for text in texts for piece in split(text))
    tokens = [*special, *(_ALPHABET[byte] for byte in range(256))]
    merges: list[str] = []
    parts = {word: list(word) for word in words}
    while len(tokens) < size:
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            for pair in itertools.pairwise(parts[word]):
                pairs[pair] += count
        if not pairs:
            raise ValueError(f"the text gives only {len(tokens)} tokens")
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(" ".join(best))
        tokens.append("".join(best))
        parts = {word: _merged(part, best) for word, part in parts.items()}
    return tokens, merges


class Tokenizer:
    """Encodes as tokenizer.json says."""

    def __init__(self, path: Path) -> None:
        content = json.loads(path.read_text())
        self.ids: dict[str, int] = content["model"]["vocab"]
        self.tokens = {index: token for token, index in self.ids.items()}
        self.special: dict[str, int] = {added["content"]: added["id"] for added in content["added_tokens"]}
        self._ranks = {tuple(merge.split(" ")): i for i, merge in enumerate(content["model"]["merges"])}
        self._splitter = re.compile("(" + "|".join(map(re.escape, self.special)) + ")")
        self._bytes = {char: byte for byte, char in _ALPHABET.items()}

    def encode(self, text: str) -> list[int]:
        """Token ids; special tokens may stand in the text."""
        ids: list[int] = []
        for part in self._splitter.split(text):
            if part in self.special:
                ids.append(self.special[part])
                continue
            for piece in split(part):
                ids += [self.ids[token] for token in self._merge(piece)]
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text of tokens, special ones left out."""
        special = set(self.special.values())
        parts = [self.token_bytes(index) for index in ids if index not in special]
        return b"".join(parts).decode(errors="replace")

    def token_bytes(self, index: int) -> bytes:
        """What an ordinary token stands for; it may be part of a character."""
        return bytes(self._bytes[char] for char in self.tokens[index])

    def _merge(self, piece: str) -> list[str]:
        part = list(piece)
        while len(part) > 1:
            pairs = list(itertools.pairwise(part))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, 1 << 30))
            if best not in self._ranks:
                break
            part = _merged(part, best)
        return part


def _merged(part: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    index = 0
    while index < len(part):
        if tuple(part[index : index + 2]) == pair:
            out.append(part[index] + part[index + 1])
            index += 2
        else:
            out.append(part[index])
            index += 1
    return out

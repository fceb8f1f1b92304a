"""
Two sets of questions with known answers, made of documentation on this machine: a function's summary line
asks for the rest of what is said of it, which stands there without that line.
"""

from __future__ import annotations

import importlib
import inspect
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

MOST_QUESTIONS = 300
# Less is no answer, but a line like the question.
_LEAST_ANSWER = 120
_SEED = 20

_PYTHON = (
    *(
        "argparse",
        "array",
        "ast",
        "asyncio",
        "base64",
        "bisect",
        "calendar",
        "cmath",
        "codecs",
        "collections",
    ),
    *("configparser", "contextlib", "copy", "csv", "datetime", "decimal", "difflib", "email.message", "enum"),
    *(
        "fractions",
        "ftplib",
        "functools",
        "gettext",
        "glob",
        "hashlib",
        "heapq",
        "html.parser",
        "http.client",
    ),
    *(
        "imaplib",
        "inspect",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "locale",
        "logging",
        "mailbox",
        "mimetypes",
    ),
    *(
        "multiprocessing.pool",
        "operator",
        "optparse",
        "os",
        "pathlib",
        "pickle",
        "plistlib",
        "queue",
        "random",
    ),
    *("re", "selectors", "shelve", "shutil", "smtplib", "socket", "sqlite3", "ssl", "statistics", "string"),
    *(
        "subprocess",
        "tarfile",
        "tempfile",
        "textwrap",
        "threading",
        "timeit",
        "tokenize",
        "traceback",
        "typing",
    ),
    *(
        "unicodedata",
        "unittest.mock",
        "urllib.parse",
        "urllib.request",
        "uuid",
        "warnings",
        "weakref",
        "zipfile",
    ),
)
_NUMPY = ("numpy.fft", "numpy.linalg", "numpy.polynomial.polynomial", "numpy.random", "numpy.strings")


@dataclass
class RetrievalSet:
    """`documents`: a Markdown text by its name. `questions`: (text, document, heading of the answer)."""

    name: str
    documents: dict[str, str] = field(default_factory=dict[str, str])
    questions: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])


def retrieval_sets() -> list[RetrievalSet]:
    """Both, always with the same questions for the same versions of the libraries."""
    return [_of("Python's library", _PYTHON), _of("NumPy", _NUMPY)]


def _of(name: str, modules: tuple[str, ...]) -> RetrievalSet:
    made = RetrievalSet(name)
    seen: set[str] = set()
    for module in modules:
        parts: list[str] = []
        for title, summary, rest in _described(importlib.import_module(module)):
            if summary in seen:
                continue
            seen.add(summary)
            heading = f"{module}.{title}"
            parts.append(f"## {heading}\n\n{rest}")
            if len(rest) >= _LEAST_ANSWER and len(summary.split()) >= 4:
                made.questions.append((summary, f"{module}.md", heading))
        if parts:
            made.documents[f"{module}.md"] = f"# {module}\n\n" + "\n\n".join(parts)
    random.Random(_SEED).shuffle(made.questions)
    del made.questions[MOST_QUESTIONS:]
    return made


def _described(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Name, summary and the rest of what is said, of functions, classes and their methods."""
    for name, thing in sorted(vars(module).items()):
        if name.startswith("_") or not callable(thing):
            continue
        yield from _one(name, thing)
        if inspect.isclass(thing):
            for part, method in sorted(vars(thing).items()):
                if not part.startswith("_") and callable(method):
                    yield from _one(f"{name}.{part}", method)


def _one(name: str, thing: Any) -> Iterator[tuple[str, str, str]]:
    blocks = (inspect.getdoc(thing) or "").split("\n\n")
    # Functions in C begin with how they are called.
    if blocks and "(" in blocks[0].split("\n")[0] and blocks[0].rstrip().endswith((")", "\\")):
        blocks = blocks[1:]
    summary = " ".join(blocks[0].split()) if blocks else ""
    rest = "\n\n".join(blocks[1:]).strip()
    if summary and rest:
        yield name, summary, rest

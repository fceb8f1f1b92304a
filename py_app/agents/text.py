"""A bundle's texts: decoded, YAML that is bounded, and markdown with YAML in front of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import cast

import yaml
from yaml.constructor import ConstructorError

from providers.json_types import Json
from py_app.agents.errors import bad_bundle

MOST_CHARACTERS = 1_000_000
_MOST_NODES = 50_000
_MOST_DEPTH = 60
_MERGE = "tag:yaml.org,2002:merge"
_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?)\n?^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes, where: str) -> str:
    """The text of a file, in UTF-8 or as its byte order mark says; `where` names it in errors.

    Raises AlcoveError (bad-request) for any other encoding, and for a text that is too long.
    """
    if len(content) > 4 * MOST_CHARACTERS:
        raise bad_bundle(
            f"{where} is too long: a text of a bundle has {MOST_CHARACTERS:,} characters at most."
        )
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise bad_bundle(f"{where} is no UTF-8 text (line {line}).", "Save it as UTF-8.") from None
    if "\0" in text:
        raise bad_bundle(f"{where} is no text.")
    if len(text) > MOST_CHARACTERS:
        raise bad_bundle(
            f"{where} is too long: a text of a bundle has {MOST_CHARACTERS:,} characters at most."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_markdown(text: str, where: str) -> tuple[Json, str]:
    """What stands in the front matter of a markdown text ({} for none), and the text after it.

    Raises AlcoveError (bad-request), naming the line.
    """
    found = _FRONT.match(text)
    if found is None:
        if text.startswith("---\n"):
            raise bad_bundle(f'{where}: the front matter that begins in line 1 is not ended by "---".')
        return {}, text
    return read_yaml(found["yaml"], where, first_line=2), text[found.end() :]


def read_yaml(text: str, where: str, *, first_line: int = 1) -> Json:
    """A YAML table of plain values. `first_line` is the line of the file in which `text` begins.

    Raises AlcoveError (bad-request) naming the line: for what is no YAML, for tags, for anything but a table,
    and for one that aliases make larger than it looks.
    """
    try:
        read: object = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise bad_bundle(f"{where}, line {line}: {error.problem or error.context}.") from None
    except yaml.YAMLError as error:
        line = first_line + text.count("\n", 0, getattr(error, "position", 0))
        raise bad_bundle(f"{where}, line {line}: this is no YAML.") from error
    except RecursionError:
        raise bad_bundle(f"{where} is nested too deeply.") from None
    except ValueError as error:  # a date that is none
        raise bad_bundle(f"{where}: {error}.") from None
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise bad_bundle(f"{where}, line {first_line}: a bundle is a table of names and values.")
    return cast(Json, _plain(cast(object, read), where))


class _Loader(yaml.SafeLoader):
    """The safe one. What is merged into tables ("<<") counts before it is copied: a few lines can make
    millions of it."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._room = _MOST_NODES

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if key.tag != _MERGE:
                continue
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for each in cast("list[yaml.Node]", merged):
                if isinstance(each, yaml.MappingNode):
                    self.flatten_mapping(each)
                    self._room -= 1 + len(each.value)
                if self._room < 0:
                    problem = "it holds too much: its aliases repeat it"
                    raise ConstructorError(None, None, problem, node.start_mark)
        super().flatten_mapping(node)


def _plain(read: object, where: str) -> object:
    """`read` as JSON would hold it, each alias a copy of its own."""
    left = iter(range(_MOST_NODES))
    return _copied(read, where, left, 0)


def _copied(value: object, where: str, left: Iterator[int], depth: int) -> object:
    if next(left, None) is None or depth > _MOST_DEPTH:
        raise bad_bundle(f"{where} holds too much: its aliases repeat it, or it is nested too deeply.")
    if isinstance(value, dict):
        items = cast("dict[object, object]", value).items()
        return {str(key): _copied(item, where, left, depth + 1) for key, item in items}
    if isinstance(value, list | tuple | set):
        return [_copied(item, where, left, depth + 1) for item in cast("list[object]", value)]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)  # a date


def write_markdown(front: Json, body: str) -> str:
    """The inverse of `read_markdown`."""
    front_text = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{front_text}---\n\n{body.strip()}\n"


def write_yaml(table: Json) -> str:
    """The inverse of `read_yaml`."""
    return yaml.safe_dump(table, sort_keys=False, allow_unicode=True, width=100)

"""Changes in a bundle's own file: what is not named stays as it is, but for comments in its YAML."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import cast

from providers.json_types import Json
from py_app.agents.archive import Files
from py_app.agents.bundle import table_of
from py_app.agents.entry import entry_of
from py_app.agents.errors import bad_bundle
from py_app.agents.text import decode, read_markdown, read_yaml, write_markdown, write_yaml
from py_app.tools.built_in import MODULES, add_modules

_TEXTS = ("name", "description", "instruction")


def changed(files: Files, changes: Json) -> Files:
    """`files` with `changes` in the bundle's file.

    {"name"?, "description"?, "instruction"?: texts, "tools"?: names of tools of ours, in place of those that
    it has, "model"?: {"provider", "model"} or null for what the person uses, "text"?: the whole file anew}.
    Raises AlcoveError (bad-request).
    """
    for key in changes.keys() & {*_TEXTS, "text"}:
        if not isinstance(changes[key], str):
            raise bad_bundle(f'"{key}" must be a text.')
    if "name" in changes and not changes["name"].strip():
        raise bad_bundle("An agent needs a name.", "Give it one.")
    entry = entry_of(files)
    if "text" in changes:
        return {**files, entry: changes["text"].encode()}
    text = decode(files[entry], entry)
    is_yaml = Path(entry).suffix.lower() in (".yaml", ".yml")
    table, body = (read_yaml(text, entry), "") if is_yaml else read_markdown(text, entry)
    _describe(table, changes)
    if "tools" in changes:
        _give_tools(table, cast("list[str]", changes["tools"]))
    if "model" in changes:
        _give_model(table, cast("Json | None", changes["model"]))
    body = changes.get("instruction", body)
    if is_yaml and not body.strip():
        return {**files, entry: write_yaml(table).encode()}
    # Only markdown has room for instructions.
    left = {path: content for path, content in files.items() if path != entry}
    return {**left, str(PurePosixPath(entry).with_suffix(".md")): write_markdown(table, body).encode()}


def _describe(table: Json, changes: Json) -> None:
    about = table_of(table.get("bundle") or table.get("meta") or {}, "bundle", "The bundle")
    about |= {key: changes[key].strip() for key in ("name", "description") if key in changes}
    if "meta" in table and "bundle" not in table:
        table["meta"] = about
        return
    rest = {key: value for key, value in table.items() if key != "bundle"}
    table.clear()
    table |= {"bundle": about, **rest}


def _give_tools(table: Json, names: list[str]) -> None:
    ours = set(MODULES.values())
    listed = cast("list[Json]", table.get("tools") or [])
    kept = [spec for spec in listed if spec["module"] not in ours]
    before = {spec["module"]: spec for spec in listed}
    given: list[Json] = []
    add_modules(given, names)
    given = [before.get(spec["module"], spec) for spec in given]
    _put(table, "tools", [*given, *kept])


def _give_model(table: Json, model: Json | None) -> None:
    if model is None:
        _put(table, "providers", [])
        return
    spec: Json = {"module": f"provider-{model['provider']}"}
    _put(table, "providers", [{**spec, "config": {"model": model["model"]}} if model.get("model") else spec])


def _put(table: Json, section: str, modules: list[Json]) -> None:
    if modules:
        table[section] = modules
    else:
        table.pop(section, None)

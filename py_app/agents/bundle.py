"""A bundle: what one file says, and how several become one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from providers.json_types import Json
from py_app.agents.errors import Refusal, bad_bundle

_LISTS = ("providers", "tools", "hooks")
_TABLES = ("session", "spawn")


@dataclass
class Bundle:
    """`agents` are Amplifier's `config["agents"]`; `context` are files by the name under which they are told;
    `bases` is the folder that each namespace (`@name:path`) means."""

    name: str
    version: str = "1.0.0"
    description: str = ""
    plan: Json = field(default_factory=Json)
    """The sections of the mount plan that it has: session, spawn, providers, tools, hooks."""
    agents: dict[str, Json] = field(default_factory=dict[str, Json])
    context: dict[str, Path] = field(default_factory=dict[str, Path])
    instruction: str = ""
    bases: dict[str, Path] = field(default_factory=dict[str, Path])
    module_bases: dict[str, Path] = field(default_factory=dict[str, Path])
    """The folder of the file that names a module, by the module's name."""
    refused: list[Refusal] = field(default_factory=list[Refusal])

    def over(self, earlier: Bundle) -> Bundle:
        """This bundle upon `earlier`: tables merge, modules merge by name, else this one's counts."""
        plan = copy.deepcopy(earlier.plan)
        for section in _TABLES:
            if section in self.plan:
                plan[section] = _merged(plan.get(section, {}), self.plan[section])
        for section in _LISTS:
            if section in self.plan:
                plan[section] = _merged_modules(plan.get(section, []), self.plan[section])
        return Bundle(
            name=self.name,
            version=self.version,
            description=self.description or earlier.description,
            plan=plan,
            agents={**earlier.agents, **self.agents},
            context={**earlier.context, **self.context},
            instruction=self.instruction or earlier.instruction,
            bases={**earlier.bases, **self.bases},
            module_bases={**earlier.module_bases, **self.module_bases},
            refused=[*earlier.refused, *(each for each in self.refused if each not in earlier.refused)],
        )


def bundle_of(table: Json, instruction: str, path: Path) -> Bundle:
    """The bundle that one file says, less its includes, agents and context, which name other files.

    `table` is its YAML; an agent's file, which says `meta` for `bundle`, is a bundle too. Raises AlcoveError
    (bad-request) naming what has another shape than Amplifier's.
    """
    where = path.name
    about = table_of(table.get("bundle") or table.get("meta") or {}, "bundle", where)
    name = about.get("name") or (path.parent.name if path.stem == "bundle" else path.stem)
    for key, value in {"name": name, "description": about.get("description") or ""}.items():
        if not isinstance(value, str):
            raise bad_bundle(f'{where}: "{key}" must be a text.')
    plan: Json = {}
    for section in _TABLES:
        if table.get(section):
            plan[section] = table_of(table[section], section, where)
    for section in _LISTS:
        if table.get(section):
            plan[section] = _modules(table[section], section, where)
    for part in ("orchestrator", "context"):
        spec = plan.get("session", {}).get(part)
        if isinstance(spec, str):
            plan["session"][part] = {"module": spec}
        elif spec is not None:
            _modules([spec], f"session.{part}", where)
    modules = [*_named(plan), *(spec["module"] for section in _LISTS for spec in plan.get(section, []))]
    return Bundle(
        name=str(name).strip() or "agent",
        version=str(about.get("version") or "1.0.0"),
        description=str(about.get("description") or "").strip(),
        plan=plan,
        instruction=instruction.strip(),
        bases={str(name): path.parent},
        module_bases=dict.fromkeys(modules, path.parent),
    )


def _named(plan: Json) -> list[str]:
    session: Json = plan.get("session", {})
    return [session[part]["module"] for part in ("orchestrator", "context") if session.get(part)]


def table_of(value: object, section: str, where: str) -> Json:
    """`value`, which stands as `section` in a file. Raises AlcoveError (bad-request) if it is no table."""
    if not isinstance(value, dict):
        raise bad_bundle(f'{where}: "{section}" must be a table.')
    return cast(Json, value)


def _modules(value: object, section: str, where: str) -> list[Json]:
    if not isinstance(value, list):
        raise bad_bundle(f'{where}: "{section}" must be a list of modules.')
    for spec in cast("list[object]", value):
        module = cast(Json, spec).get("module") if isinstance(spec, dict) else None
        if not isinstance(module, str) or not module:
            raise bad_bundle(
                f'{where}: each entry of "{section}" is a table with a module\'s name as "module".'
            )
        config: object = cast(Json, spec).get("config")
        if config is not None and not isinstance(config, dict):
            raise bad_bundle(f'{where}: the "config" of {module} must be a table.')
    return cast("list[Json]", value)


def _merged(earlier: Mapping[str, object], later: Mapping[str, object]) -> Json:
    result: Json = dict(earlier)
    for key, value in later.items():
        before = result.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        result[key] = _merged(cast(Json, before), cast(Json, value)) if both else value
    return result


def _merged_modules(earlier: list[Json], later: list[Json]) -> list[Json]:
    result = list(earlier)
    for spec in later:
        same = next((i for i, each in enumerate(result) if _id(each) == _id(spec)), None)
        if same is None:
            result.append(spec)
        else:
            result[same] = _merged(result[same], spec)
    return result


def _id(spec: Json) -> str:
    return str(spec.get("instance_id") or spec.get("id") or spec["module"])

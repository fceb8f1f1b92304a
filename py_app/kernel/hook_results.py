"""What a hook handler returned: checked field by field, and several injections made into one."""

import contextlib
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from .jsondata import Json, canonical

if TYPE_CHECKING:
    from amplifier_core.models import HookResult

_log = logging.getLogger("_engine.bridges")

Fields = Json
"""The fields of a HookResult, all present."""

_DEFAULTS: Fields = {
    "action": "continue",
    "data": None,
    "reason": None,
    "context_injection": None,
    "context_injection_role": "system",
    "ephemeral": False,
    "approval_prompt": None,
    "approval_options": None,
    "approval_timeout": 300.0,
    "approval_default": "deny",
    "suppress_output": False,
    "user_message": None,
    "user_message_level": "info",
    "user_message_source": None,
    "append_to_last_tool_result": False,
    "context_injections": [],
}
_INJECTION_DEFAULTS: Fields = {
    "role": "system",
    "ephemeral": False,
    "append_to_last_tool_result": False,
    "hook_name": "unknown",
    "event": "",
}
INVALID = "Hook handler returned invalid response"

_model: "type[HookResult] | None" = None


def model() -> "type[HookResult]":
    """amplifier_core's HookResult; imported late, because its package imports the engine first."""
    global _model
    if _model is None:
        from amplifier_core.models import HookResult

        _model = HookResult
    return _model


def make(**fields: Any) -> "HookResult":
    """A HookResult with every field set, as the engine makes them."""
    return model().model_validate({**_DEFAULTS, **fields})


def parse(returned: object) -> Fields | None:
    """The fields of what a handler returned; None for a plain "continue".

    Anything that is not a well-formed HookResult fails closed: it becomes a deny.
    """
    if returned is None:
        return None
    if type(returned) is (_model or model()) and vars(returned) == _DEFAULTS:
        return None
    value = dump(returned)
    try:
        value = canonical(value)
    except TypeError as error:
        _log.warning("Hook result ignored, it has no JSON form: %s", error)
        return None
    except (RuntimeError, ValueError) as error:
        return _denied(str(error).removeprefix("Invalid JSON: "), value)
    if not _is_dict(value):
        return _denied(f"invalid type: {_kind(value)}, expected struct HookResult", value)
    fields = {name: value.get(name, default) for name, default in _DEFAULTS.items()}
    problem = _problem(fields, _CHECKS)
    if problem:
        return _denied(problem, value)
    fields["approval_timeout"] = float(fields["approval_timeout"])
    fields["context_injections"] = [{**_INJECTION_DEFAULTS, **item} for item in fields["context_injections"]]
    return fields


def dump(value: Any) -> Any:
    """A pydantic model as plain data; anything else, or a model that cannot be dumped, as it is."""
    if not hasattr(value, "model_dump"):
        return value
    for options in ({"mode": "json"}, {}):
        with contextlib.suppress(Exception):
            return value.model_dump(**options)
    return value


def injections(fields: Fields, event: str, handler: str) -> list[Fields]:
    """The context injections that a result carries, marked with where they came from."""
    items = cast("list[Fields]", fields["context_injections"])
    if not items and fields["context_injection"] is not None:
        items = [
            {
                "content": fields["context_injection"],
                "role": fields["context_injection_role"],
                "ephemeral": fields["ephemeral"],
                "append_to_last_tool_result": fields["append_to_last_tool_result"],
            }
        ]
    return [{**item, "hook_name": handler, "event": event} for item in items]


def merge(results: list[tuple[Fields, list[Fields]]]) -> Fields:
    """One inject_context result out of one or more, each given with its injections, in order.

    A lone result keeps its other fields; of several only the first one's `suppress_output` stays.
    """
    items = [item for _, own in results for item in own]
    base = first = results[0][0]
    if len(results) > 1:
        base = {**_DEFAULTS, "action": "inject_context", "suppress_output": first["suppress_output"]}
    return {**base, **projected(items)}


def without_injections(result: "HookResult", left: list[Fields]) -> "HookResult":
    """`result` once its injections are dealt with, but for those in `left`."""
    fields = {name: getattr(result, name) for name in _DEFAULTS}
    for name in ("context_injection", "context_injection_role", "ephemeral", "append_to_last_tool_result"):
        fields[name] = _DEFAULTS[name]
    fields |= {"action": "inject_context", **projected(left)} if left else {"action": "continue"}
    return make(**{**fields, "context_injections": left})


def projected(items: list[Fields]) -> Fields:
    """The scalar injection fields that stand for a list of injections, and the list itself."""
    return {
        "context_injection": "\n\n".join(item["content"] for item in items),
        "context_injection_role": items[0]["role"],
        "ephemeral": any(item["ephemeral"] for item in items),
        "append_to_last_tool_result": any(item["append_to_last_tool_result"] for item in items),
        "context_injections": items,
    }


def _denied(problem: str, value: object) -> Fields:
    text = json.dumps(value, default=str)
    _log.error(
        "SECURITY: Hook handler returned unparseable result — failing closed (Deny): %s — json: %s",
        problem,
        text,
    )
    return {**_DEFAULTS, "action": "deny", "reason": INVALID}


def _is_dict(value: object) -> TypeGuard[Json]:
    return isinstance(value, dict)


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"string {json.dumps(value)}"
    if isinstance(value, list):
        return "sequence"
    return f"{type(value).__name__} `{json.dumps(value)}`"


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _optional_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _optional_texts(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(_text, cast("list[object]", value))))


def _one_of(*words: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in words


_role = _one_of("system", "user", "assistant")

_INJECTION_CHECKS: dict[str, Callable[[object], bool]] = {
    "content": _text,
    "role": _role,
    "ephemeral": _flag,
    "append_to_last_tool_result": _flag,
    "hook_name": _text,
    "event": _text,
}


def _injection_list(value: object) -> bool:
    if not isinstance(value, list):
        return False
    blank: Fields = {"content": None, **_INJECTION_DEFAULTS}
    return all(
        _is_dict(item) and _problem({**blank, **item}, _INJECTION_CHECKS) is None
        for item in cast("list[object]", value)
    )


_CHECKS: dict[str, Callable[[object], bool]] = {
    "action": _one_of("continue", "deny", "modify", "inject_context", "ask_user"),
    "data": lambda value: value is None or isinstance(value, dict),
    "reason": _optional_text,
    "context_injection": _optional_text,
    "context_injection_role": _role,
    "ephemeral": _flag,
    "approval_prompt": _optional_text,
    "approval_options": _optional_texts,
    "approval_timeout": _number,
    "approval_default": _one_of("allow", "deny"),
    "suppress_output": _flag,
    "user_message": _optional_text,
    "user_message_level": _one_of("info", "warning", "error"),
    "user_message_source": _optional_text,
    "append_to_last_tool_result": _flag,
    "context_injections": _injection_list,
}


def _problem(fields: Fields, checks: dict[str, Callable[[object], bool]]) -> str | None:
    for name, ok in checks.items():
        if not ok(fields[name]):
            return f"field `{name}` cannot be {json.dumps(fields[name])}"
    return None

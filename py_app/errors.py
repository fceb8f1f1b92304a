"""Every exception as one error of the closed set."""

from __future__ import annotations

import asyncio
import re

from amplifier_core import llm_errors
from amplifier_core.llm_errors import LLMError

from providers.errors import ErrorCode, ErrorData, error_data, from_llm_error, read_error
from providers.json_types import Json
from providers.wire import clean_text


class AlcoveError(Exception):
    """An error of the closed set that Alcove's own Python raises; `data` is what crosses to the page."""

    def __init__(
        self, code: ErrorCode, message: str, *, action: str | None = None, detail: str | None = None
    ) -> None:
        super().__init__(message)
        self.data: ErrorData = error_data(code, message, action=action, detail=detail)

    @classmethod
    def read(cls, raw: Json) -> AlcoveError:
        """The error that crossed from JavaScript as `raw`."""
        data = read_error(raw)
        return cls(data["code"], data["message"], action=data["action"], detail=data.get("detail"))


class TurnCancelledError(Exception):
    """The turn was stopped at once, while something was being waited for."""


def to_error_data(error: BaseException) -> ErrorData:
    """The closed-set error of any exception. Raw words of others end up in `detail`, never in `message`."""
    if isinstance(error, AlcoveError):
        return error.data
    if isinstance(error, LLMError):
        return from_llm_error(error)
    if isinstance(error, asyncio.CancelledError | TurnCancelledError):
        return error_data("cancelled", "Stopped.")
    detail = clean_text(f"{type(error).__name__}: {error}")[:1000]
    if isinstance(error, TimeoutError):
        return error_data("timeout", "No answer came in time.", detail=detail)
    if isinstance(error, MemoryError):
        return error_data("out-of-memory", "There is not enough memory.", detail=detail)
    if (named := _execution_failure(error)) is not None:
        return named
    return error_data(
        "engine-crashed", "Something went wrong inside Alcove.", action="Try again.", detail=detail
    )


# The kernel hands on an orchestrator's exception as text only.
_EXECUTION_FAILED = re.compile(r"^Execution failed: (\w+)(?:: (.*))?$", re.DOTALL)


def _execution_failure(error: BaseException) -> ErrorData | None:
    """The error behind the kernel's wrapping; the last resort for orchestrators that record nothing."""
    match = _EXECUTION_FAILED.match(str(error)) if isinstance(error, RuntimeError) else None
    if match is None:
        return None
    if isinstance(error.__cause__, LLMError | AlcoveError):  # our kernel keeps it
        return to_error_data(error.__cause__)
    error_type = getattr(llm_errors, match[1], None)
    if isinstance(error_type, type) and issubclass(error_type, LLMError):
        return from_llm_error(error_type(match[2] or ""))
    return None

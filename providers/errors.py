"""The closed set of errors, the Python twin of `workers/wire/errors.ts`, and its place in
amplifier_core.llm_errors."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict, get_args

from amplifier_core import llm_errors
from amplifier_core.llm_errors import LLMError

from providers.json_types import Json

ErrorCode = Literal[
    "unsupported",
    "out-of-memory",
    "device-lost",
    "model-not-found",
    "model-invalid",
    "download-failed",
    "integrity",
    "quota",
    "context-overflow",
    "cancelled",
    "busy",
    "engine-crashed",
    "timeout",
    "bad-request",
]
ERROR_CODES: tuple[ErrorCode, ...] = get_args(ErrorCode)

_DEFAULT_ACTION: dict[ErrorCode, str] = {
    "unsupported": "Try another browser or another engine.",
    "out-of-memory": "Close other tabs or choose a smaller model.",
    "device-lost": "Try again; the engine is being restarted.",
    "model-not-found": "Choose a model from the list.",
    "model-invalid": "Remove the model and download it again, or choose another file.",
    "download-failed": "Check the connection and try again.",
    "integrity": "Remove the file and download it again.",
    "quota": "Free some disk space or remove a model.",
    "context-overflow": "Shorten the message or start a new conversation.",
    "cancelled": "Send again when you like.",
    "busy": "Wait for the current answer or stop it.",
    "engine-crashed": "Try again; the engine is being restarted.",
    "timeout": "Try again.",
    "bad-request": "Correct the request and send it again.",
}


class ErrorData(TypedDict):
    """What crosses a boundary. `detail` is for a log, never for a person."""

    code: ErrorCode
    message: str
    action: str
    detail: NotRequired[str]


def error_data(
    code: ErrorCode, message: str, *, action: str | None = None, detail: str | None = None
) -> ErrorData:
    """Build one error; `action` defaults to what a person can usually do about `code`."""
    data: ErrorData = {"code": code, "message": message, "action": action or _DEFAULT_ACTION[code]}
    if detail is not None:
        data["detail"] = detail
    return data


def read_error(raw: Json) -> ErrorData:
    """Rebuild an error that crossed from JavaScript; an unknown code becomes `engine-crashed`."""
    given = raw.get("code")
    code = given if given in ERROR_CODES else "engine-crashed"
    detail = raw.get("detail")
    return error_data(
        code,
        str(raw.get("message") or "Something went wrong."),
        action=str(raw["action"]) if raw.get("action") else None,
        detail=None if detail is None else str(detail),
    )


class NoSightError(llm_errors.ConfigurationError):
    """A model was sent a picture and cannot see."""


# code -> (type, retryable). What a restart or a second try can mend is retryable.
_TYPE_OF_CODE: dict[ErrorCode, tuple[type[LLMError], bool]] = {
    "unsupported": (llm_errors.ConfigurationError, False),
    "out-of-memory": (llm_errors.ProviderUnavailableError, False),
    "device-lost": (llm_errors.ProviderUnavailableError, True),
    "model-not-found": (llm_errors.NotFoundError, False),
    "model-invalid": (llm_errors.ConfigurationError, False),
    "download-failed": (llm_errors.NetworkError, True),
    "integrity": (llm_errors.ConfigurationError, False),
    "quota": (llm_errors.QuotaExceededError, False),
    "context-overflow": (llm_errors.ContextLengthError, False),
    "cancelled": (llm_errors.AbortError, False),
    "busy": (llm_errors.RateLimitError, True),
    "engine-crashed": (llm_errors.ProviderUnavailableError, True),
    "timeout": (llm_errors.LLMTimeoutError, True),
    "bad-request": (llm_errors.InvalidRequestError, False),
}

# For errors that other providers raise. First match wins, so subclasses stand before their parents.
_CODE_OF_TYPE: tuple[tuple[type[LLMError], ErrorCode], ...] = (
    (llm_errors.AbortError, "cancelled"),
    (llm_errors.ContextLengthError, "context-overflow"),
    (llm_errors.NotFoundError, "model-not-found"),
    (llm_errors.LLMTimeoutError, "timeout"),
    (llm_errors.QuotaExceededError, "quota"),
    (llm_errors.RateLimitError, "busy"),
    (llm_errors.NetworkError, "download-failed"),
    (llm_errors.ConfigurationError, "unsupported"),
    (llm_errors.AuthenticationError, "unsupported"),
    (llm_errors.InvalidRequestError, "bad-request"),
    (llm_errors.InvalidToolCallError, "bad-request"),
    (llm_errors.ContentFilterError, "bad-request"),
    (llm_errors.LLMError, "engine-crashed"),
)


def to_llm_error(
    data: ErrorData,
    *,
    provider: str | None = None,
    model: str | None = None,
    error_type: type[LLMError] | None = None,
    status_code: int | None = None,
    retryable: bool | None = None,
    retry_after: float | None = None,
) -> LLMError:
    """The Amplifier error for `data`; `data` itself stays reachable for `from_llm_error`.

    Who knows more than the code says gives a narrower `error_type`, whether to try again, and when (seconds).
    """
    usual_type, usually_retryable = _TYPE_OF_CODE[data["code"]]
    error = (error_type or usual_type)(
        data["message"],
        provider=provider,
        model=model,
        status_code=status_code,
        retryable=usually_retryable if retryable is None else retryable,
    )
    error.retry_after = retry_after
    error.alcove = data  # type: ignore[attr-defined]
    return error


def from_llm_error(error: LLMError) -> ErrorData:
    """The closed-set error for any LLMError, exact for ours and by type for other providers'."""
    data: ErrorData | None = getattr(error, "alcove", None)
    if data is not None:
        return data
    code: ErrorCode = next(code for error_type, code in _CODE_OF_TYPE if isinstance(error, error_type))
    return error_data(code, _PLAIN_WORDS.get(code, "The model could not answer."), detail=repr(error))


# A foreign provider's own words may be an engine's raw string: they go into `detail` instead.
_PLAIN_WORDS: dict[ErrorCode, str] = {
    "cancelled": "Stopped.",
    "context-overflow": "The conversation does not fit into the model's window.",
    "model-not-found": "The model was not found.",
    "timeout": "No answer came in time.",
    "quota": "The provider's quota is used up.",
    "busy": "The provider is busy.",
    "download-failed": "The provider could not be reached.",
    "unsupported": "The provider is not set up for this.",
    "bad-request": "The provider refused the request.",
}

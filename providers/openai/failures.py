"""What a server or the way to it did wrong, as an LLMError with words for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urlsplit

from amplifier_core import llm_errors
from amplifier_core.llm_errors import LLMError

from providers.errors import ErrorCode, NoSightError, error_data, to_llm_error
from providers.json_types import Json
from providers.openai.response import TransportError, Trouble
from providers.openai.settings import ServerSettings
from providers.wire import clean_text

LONGEST_WAIT = 60.0
"""Seconds. A server that wants a longer pause than this is not asked again by itself."""

_DETAIL_CHARS = 500
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OVERFLOW = re.compile(
    r"context.?(length|size|window)|maximum context|exceeds? the (available )?context|prompt is too long",
    re.I,
)

_NO_SIGHT = re.compile(
    r"image input is not supported|does(n't| not) support (image|vision|multimodal)|not a multimodal model"
    r"|image_url.{0,40}(not supported|unsupported|only supported)|missing data required for image input",
    re.I,
)


class Failures:
    """Makes the errors of one server. No key is ever in them."""

    def __init__(self, server: ServerSettings) -> None:
        self._server = server

    def response(self, status: int, headers: Mapping[str, str], body: str, *, model: str | None) -> LLMError:
        """For a response that is no answer."""
        kinds, words = _read(body)
        host, detail = self._server.host, f"{status}: {body}"
        if status in (401, 403):
            return self._key(status)
        if status == 413 or (status in (400, 422) and _OVERFLOW.search(f"{kinds} {words}")):
            message = "The conversation does not fit into the model's window."
            return self._error("context-overflow", message, detail=detail, status=status, model=model)
        if _NO_SIGHT.search(words):
            message, action = (
                f"The model at {host} cannot see pictures.",
                "Choose a model that can see, or send text only.",
            )
            return self._error(
                "unsupported",
                message,
                action,
                detail=detail,
                error_type=NoSightError,
                status=status,
                model=model,
            )
        if status == 404 and ("model_not_found" in kinds or "model" in words.lower()):
            return self.no_model(model or "", detail=detail)
        if status in (404, 405):
            return self.no_api(detail, status)
        if status == 429 and "insufficient_quota" in kinds:
            message, action = f"The account at {host} has used up its quota.", "Look at its plan and billing."
            return self._error("quota", message, action, detail=detail, status=status)
        if status in (429, 503, 529):
            return self._busy(status, retry_after(headers), detail)
        if status >= 500 or status in (408, 409, 425):
            message, action = f"The server at {host} failed.", "Try again, or look into the server's log."
            after = retry_after(headers)
            return self._error("engine-crashed", message, action, detail=detail, status=status, after=after)
        message, action = f"The server at {host} refused the request.", "Change the model or its settings."
        return self._error("bad-request", message, action, detail=detail, status=status, model=model)

    def no_model(self, model: str, *, detail: str = "GET /models does not list it") -> LLMError:
        message = f'The server at {self._server.host} has no model called "{model}".'
        return self._error("model-not-found", message, detail=detail, status=404, model=model)

    def no_api(self, detail: str, status: int | None = None) -> LLMError:
        """For something that answers and speaks another language."""
        message = f"There is no OpenAI-compatible API at {self._server.base}."
        action = "Check the server's address; for most servers it ends with /v1."
        return self._error("unsupported", message, action, detail=detail, status=status)

    def _key(self, status: int) -> LLMError:
        host, denied = self._server.host, status == 403
        message = f"The server at {host} did not accept the API key."
        if denied:
            message = f"The server at {host} does not allow this."
        elif not self._server.key:
            message = f"The server at {host} asks for an API key."
        return self._error(
            "unsupported",
            message,
            "Check the API key in the settings.",
            detail=str(status),  # not what the server said: servers repeat a part of the key
            error_type=llm_errors.AccessDeniedError if denied else llm_errors.AuthenticationError,
            status=status,
        )

    def _busy(self, status: int, after: float | None, detail: str) -> LLMError:
        soon = after is None or after <= LONGEST_WAIT
        return self._error(
            "busy",
            f"The server at {self._server.host} is busy.",
            "Try again in a moment." if soon else f"Try again in {_duration(after or 0)}.",
            detail=detail,
            error_type=None if status == 429 else llm_errors.ProviderUnavailableError,
            status=status,
            retryable=soon,
            after=after,
        )

    def streamed(self, error: object, *, model: str | None) -> LLMError:
        """For an error that came in the middle of a stream, which began with status 200."""
        fields = cast(Json, error if isinstance(error, dict) else {"message": str(error)})
        code = fields.get("code")
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return self.response(status, {}, json.dumps({"error": fields}), model=model)

    def transport(self, error: TransportError) -> LLMError:
        """For a connection that could not be made, or that broke."""
        message, action = _TROUBLE[error.trouble]
        return self._error(
            "unsupported" if error.trouble == "redirect" else "download-failed",
            message.format(host=self._server.host),
            self._unblock(error.page) if error.trouble == "blocked" else action,
            detail=f"{error.trouble}: {error}",
            error_type=llm_errors.StreamError if error.trouble == "lost" else None,
            retryable=error.trouble in ("refused", "slow", "blocked", "lost"),
        )

    def cut_off(self) -> LLMError:
        """For a stream that ended before the answer did."""
        return self.transport(TransportError("lost", "the stream ended before the answer"))

    def _unblock(self, page: str) -> str:
        if (
            page.startswith("https:")
            and self._server.base.startswith("http:")
            and not self._server.on_this_device
        ):
            return "A page that came over https may not ask an http server in the network: give it https."
        nearby = (
            ""
            if urlsplit(page).hostname in ("localhost", "127.0.0.1")
            else " A server in your own network needs the browser's leave: see this site's permissions."
        )
        return (
            f"Check that it runs and lets pages of {page} in: Ollama is started with "
            f"OLLAMA_ORIGINS={page}, vLLM with --allowed-origins '[\"{page}\"]', llama-server lets every "
            f"page in. With https, its certificate must be one that this browser trusts.{nearby}"
        )

    def _error(
        self,
        code: ErrorCode,
        message: str,
        action: str | None = None,
        *,
        detail: str,
        error_type: type[LLMError] | None = None,
        status: int | None = None,
        retryable: bool | None = None,
        after: float | None = None,
        model: str | None = None,
    ) -> LLMError:
        detail = self._server.redact(clean_text(detail))[:_DETAIL_CHARS]
        return to_llm_error(
            error_data(code, message, action=action, detail=detail),
            provider="openai",
            model=model,
            error_type=error_type,
            status_code=status,
            retryable=retryable,
            retry_after=after,
        )


_TROUBLE: dict[Trouble, tuple[str, str]] = {
    "refused": ("Nothing answers at {host}.", "Check that the server runs, and its address."),
    "name": ("There is no computer called {host}.", "Check the server's address and the connection."),
    "tls": (
        "The server at {host} has a certificate that is not trusted.",
        "Install a trusted certificate on the server, or its authority's on this device.",
    ),
    "plain": ("The server at {host} does not speak https.", "Write http:// instead of https://."),
    "slow": ("The server at {host} does not answer.", "Check the server's address and the connection."),
    "blocked": ("This page cannot reach the server at {host}.", ""),
    "redirect": (
        "The server at {host} sends us to another address.",
        "Enter the address that it sends to; a key is not taken there by itself.",
    ),
    "lost": ("The connection to {host} broke off.", "Check the server and try again."),
}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server wants to be left alone, at least 0; None if it does not say."""
    for name, seconds in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        if _NUMBER.fullmatch(value := headers.get(name, "").strip()):
            return max(0.0, float(value) * seconds)
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (then - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without a time zone
        return None


def _read(body: str) -> tuple[str, str]:
    """The kinds and the message of an error body, {"error": {code, type, message}} or one like it."""
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return "", body
    fields = error_in(parsed)
    if fields is None:
        fields = parsed
    if not isinstance(fields, dict):
        return "", str(fields)
    given = cast(Json, fields)
    return f"{given.get('code')} {given.get('type')}", str(given.get("message") or given.get("detail") or "")


def error_in(answer: object) -> object:
    """The error in an answer, {"error": …}, or a list that holds one (Gemini's); None where there is none."""
    if isinstance(answer, list):
        found = (error_in(inner) for inner in cast(list[Json], answer))
        return next((error for error in found if error), None)
    return cast(Json, answer).get("error") if isinstance(answer, dict) else None


def _duration(seconds: float) -> str:
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{round(seconds / 3600)} hours"

"""Retry settings, delays, the retry loop, classification, provider errors."""

import math
import warnings
from typing import Any

from amplifier_core import LLMError, RateLimitError, RetryConfig, retry_with_backoff
from amplifier_core._engine import ProviderError, classify_error_message, compute_delay
from tracing import Trace


def _fields(config: Any) -> list[Any]:
    return [
        config.max_retries,
        config.initial_delay,
        config.max_delay,
        config.backoff_factor,
        config.jitter,
        config.honor_retry_after,
    ]


async def settings(t: Trace) -> None:
    make: Any = RetryConfig
    for options in (
        {},
        {"jitter": True},
        {"jitter": False},
        {"jitter": 0.3},
        {"jitter": 0.0},
        {"jitter": 0},
        {"jitter": -1.0},
        {"jitter": math.nan},
        {"jitter": "x"},
        {"min_delay": 3.0},
        {"initial_delay": 1.0, "min_delay": 3.0},
        {"initial_delay": 2.0, "min_delay": 3.0},
        {"backoff_multiplier": 5.0},
        {"backoff_factor": 3.0, "backoff_multiplier": 5.0},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"max_retries": 2**40},
        {"max_retries": True},
        {"initial_delay": -1},
        {"initial_delay": math.nan},
        {"initial_delay": "x"},
        {"max_delay": None},
        {"honor_retry_after": 1},
        {"min_delay": "x"},
        {"initial_delay": 2.0, "min_delay": "x"},
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            await t.attempt(repr(options), lambda options=options: _fields(make(**options)))
            t.add("warned", [[w.category.__name__, str(w.message)] for w in caught])


async def old_names(t: Trace) -> None:
    config = RetryConfig(initial_delay=2.5, backoff_factor=1.5)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        t.add("values", [config.min_delay, config.backoff_multiplier])
        t.add("warned", [[w.category.__name__, str(w.message)] for w in caught])
    await t.attempt("read only", lambda: setattr(config, "max_retries", 1), message=False)


async def delays(t: Trace) -> None:
    config = RetryConfig(jitter=False)
    for attempt in (0, 1, 2, 5, 6, 10, 100, 10000, -1, 1.5, "x"):
        await t.attempt(f"attempt {attempt}", lambda attempt=attempt: compute_delay(config, attempt))  # type: ignore[arg-type]
    for after in (0, 0.5, 1, 2, 100, -1, math.nan, math.inf, "x"):
        await t.attempt(f"after {after}", lambda after=after: compute_delay(config, 0, after))  # type: ignore[arg-type]
    for by in (0, 1, 2, 0.5, 1e6, -1, math.nan, math.inf):
        await t.attempt(f"times {by}", lambda by=by: compute_delay(config, 10, None, by))
        await t.attempt(
            f"times {by} after", lambda by=by: compute_delay(config, 0, retry_after=5.0, delay_multiplier=by)
        )
    await t.attempt("not a config", lambda: compute_delay(3, 1))  # type: ignore[arg-type]
    t.add("not honoured", compute_delay(RetryConfig(jitter=False, honor_retry_after=False), 0, 50.0))


async def odd_delays(t: Trace) -> None:
    for options in (
        {"max_delay": 0.5},
        {"backoff_factor": 0.5},
        {"backoff_factor": 0},
        {"backoff_factor": -2},
        {"initial_delay": -1},
        {"initial_delay": math.nan},
        {"max_delay": -5},
        {"max_delay": math.inf},
        {"max_delay": math.nan},
        {"initial_delay": 0},
        {"backoff_factor": math.nan},
        {"backoff_factor": math.inf},
    ):
        config = RetryConfig(jitter=False, **options)  # type: ignore[arg-type]
        t.add(repr(options), [compute_delay(config, n) for n in (0, 1, 2, 400)])


async def attempts_past_31_bits(t: Trace) -> None:
    t.add("delay", compute_delay(RetryConfig(jitter=False), 2**31))


async def jitter_bounds(t: Trace) -> None:
    config = RetryConfig(initial_delay=10)
    for options in ({}, {"retry_after": 30.0}, {"delay_multiplier": 3.0}, {"retry_after": 12.0}):
        found = [compute_delay(config, 0, **options) for _ in range(2000)]  # type: ignore[arg-type]
        t.add(repr(options), [round(min(found)), round(max(found))])


async def retry_loop(t: Trace) -> None:
    config = RetryConfig(max_retries=2, initial_delay=0.001, jitter=False)
    for label, errors in {
        "recovers": [RateLimitError("slow", retry_after=0.002)],
        "gives up": [RateLimitError("slow")] * 5,
        "not retryable": [LLMError("no", retryable=False)],
        "other": [ValueError("v")],
    }.items():
        left = list(errors)

        async def operation(left: list[Any] = left) -> str:
            if left:
                raise left.pop()
            return "done"

        async def notice(attempt: int, delay: float, error: LLMError) -> None:
            t.add("retry", [attempt, delay, str(error)])

        await t.attempt(label, lambda op=operation: retry_with_backoff(op, config, on_retry=notice))


async def classification(t: Trace) -> None:
    for message in (
        "Context Length exceeded",
        "too many tokens",
        "token limit",
        "rate_limit",
        "429",
        "TIMED OUT",
        "invalid api key",
        "401",
        "403",
        "blocked",
        "safety",
        "404 not found",
        "overloaded",
        "502",
        "500",
        "",
        "timeout rate limit",
        "context length 429",
        "404 401",
        "not found blocked",
        "401 timeout",
        "unavailable 404",
    ):
        t.add(message, classify_error_message(message))
    await t.attempt("type", lambda: classify_error_message(3))  # type: ignore[arg-type]


async def provider_errors(t: Trace) -> None:
    make: Any = ProviderError
    for options in (
        {},
        {"provider": "a'b", "model": "x", "retry_after": 1.5, "delay_multiplier": 2, "retryable": True},
        {"error_type": "RateLimit"},
        {"error_type": "Zap"},
        {"retry_after": 1e20},
        {"retry_after": 1e-7},
        {"retry_after": "x"},
        {"provider": 3},
        {"retryable": 1},
    ):
        error = await t.attempt(f"make {options!r}", lambda options=options: make('it\'s "q"\n', **options))
        if error is not None:
            t.add(
                "text",
                [repr(error), str(error), error.message, error.provider, error.model, error.retry_after],
            )
            t.add("more", [error.delay_multiplier, error.retryable, error.error_type])
    await t.attempt("message", lambda: make(3))
    t.add("exception", isinstance(make("m"), Exception))

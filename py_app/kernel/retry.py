"""Retry settings, the delay before an attempt, and a guess at what an error message means."""

import math
import random
import warnings

from .checks import Sealed, expect, ranged, real

_JITTER = 0.5  # A delay varies by this share either way.
_REPORTED_JITTER = 0.2  # What `RetryConfig.jitter` says when jitter is on, for older callers.


def _deprecated(message: str) -> None:
    warnings.warn(message, DeprecationWarning, stacklevel=3)


class RetryConfig(Sealed):
    """How often and how long to wait before trying again. Delays are in seconds."""

    __slots__ = ("_backoff", "_honor", "_initial", "_jitter", "_max", "_retries")

    def __init__(
        self,
        max_retries: int = 3,
        initial_delay: float = 1.0,
        max_delay: float = 60.0,
        backoff_factor: float = 2.0,
        jitter: bool | float | None = None,
        honor_retry_after: bool = True,
        min_delay: float | None = None,
        backoff_multiplier: float | None = None,
    ) -> None:
        self._retries = ranged(max_retries, 0, 2**32 - 1)
        self._initial = real(initial_delay)
        self._max = real(max_delay)
        self._backoff = real(backoff_factor)
        expect(honor_retry_after, bool)
        self._honor = honor_retry_after
        # An old name counts only where the new one was left at its default.
        old_initial = None if min_delay is None else real(min_delay)
        old_backoff = None if backoff_multiplier is None else real(backoff_multiplier)
        if old_initial is not None and self._initial == 1.0:
            _deprecated("min_delay is deprecated, use initial_delay")
            self._initial = old_initial
        if old_backoff is not None and self._backoff == 2.0:
            _deprecated("backoff_multiplier is deprecated, use backoff_factor")
            self._backoff = old_backoff
        self._jitter = True
        if isinstance(jitter, bool):
            self._jitter = jitter
        elif isinstance(jitter, (int, float)):
            _deprecated("passing a float for jitter is deprecated, use a bool")
            self._jitter = jitter != 0
        elif jitter is not None:
            warnings.warn("jitter received an unexpected type; defaulting to True", UserWarning, stacklevel=2)

    @property
    def max_retries(self) -> int:
        """How many times to try again after the first failure."""
        return self._retries

    @property
    def initial_delay(self) -> float:
        """Seconds before the first retry."""
        return self._initial

    @property
    def max_delay(self) -> float:
        """The most seconds that backing off can come to."""
        return self._max

    @property
    def backoff_factor(self) -> float:
        """What each further delay is multiplied by."""
        return self._backoff

    @property
    def jitter(self) -> float:
        """0.2 when delays vary at random, 0.0 when they do not."""
        return _REPORTED_JITTER if self._jitter else 0.0

    @property
    def honor_retry_after(self) -> bool:
        """Whether a provider's retry_after is a lower bound."""
        return self._honor

    @property
    def min_delay(self) -> float:
        """Deprecated: use `initial_delay`."""
        _deprecated("min_delay is deprecated, use initial_delay")
        return self._initial

    @property
    def backoff_multiplier(self) -> float:
        """Deprecated: use `backoff_factor`."""
        _deprecated("backoff_multiplier is deprecated, use backoff_factor")
        return self._backoff


def compute_delay(
    config: RetryConfig,
    attempt: int,
    retry_after: float | None = None,
    delay_multiplier: float | None = None,
) -> float:
    """Seconds to wait before retry number `attempt` (from 0).

    The exponential delay, capped at `max_delay`, then multiplied by `delay_multiplier` (ignored unless
    finite and above 0), then at least `retry_after`, then varied by up to half if jitter is on.
    """
    expect(config, RetryConfig)
    attempt = ranged(attempt, 0, 2**32 - 1)
    delay = _least(config.initial_delay * _power(config.backoff_factor, attempt), config.max_delay)
    if delay_multiplier is not None:
        multiplier = real(delay_multiplier)
        if math.isfinite(multiplier) and multiplier > 0:
            delay *= multiplier
    if retry_after is not None and config.honor_retry_after:
        floor = real(retry_after)
        if floor > delay:
            delay = floor
    if config.jitter:
        delay *= 1 + random.uniform(-_JITTER, _JITTER)
    return delay


def _power(base: float, exponent: int) -> float:
    try:
        return base**exponent
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 else math.inf


def _least(a: float, b: float) -> float:
    if math.isnan(a):
        return b
    if math.isnan(b):
        return a
    return min(a, b)


_CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("context_length", ("context length", "too many tokens", "maximum context", "token limit")),
    ("rate_limit", ("rate limit", "rate_limit", "too many requests", "429")),
    ("timeout", ("timeout", "timed out")),
    ("authentication", ("authentication", "api key", "unauthorized", "401")),
    ("content_filter", ("content filter", "safety", "blocked")),
    ("not_found", ("not found", "404")),
    ("provider_unavailable", ("overloaded", "503", "502", "unavailable")),
)


def classify_error_message(message: str) -> str:
    """The kind of failure that an error message speaks of: a word such as `rate_limit`, or `unknown`."""
    expect(message, str)
    lowered = message.lower()
    for name, needles in _CLASSES:
        if any(needle in lowered for needle in needles):
            return name
    return "unknown"

"""A provider's failure as plain data (it is no exception)."""

import json
from decimal import Decimal

from .checks import Sealed, expect, expect_optional, real


class ProviderError(Sealed):
    """Message, where it came from, and whether and when to try again (seconds)."""

    __slots__ = (
        "_error_type",
        "_message",
        "_model",
        "_multiplier",
        "_provider",
        "_retry_after",
        "_retryable",
    )

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        retry_after: float | None = None,
        delay_multiplier: float | None = None,
        retryable: bool = False,
        error_type: str = "Other",
    ) -> None:
        expect(message, str)
        expect_optional(provider, str)
        expect_optional(model, str)
        expect(retryable, bool)
        expect(error_type, str)
        self._message = message
        self._provider = provider
        self._model = model
        self._retry_after = _seconds(retry_after)
        self._multiplier = _seconds(delay_multiplier)
        self._retryable = retryable
        self._error_type = error_type

    @property
    def message(self) -> str:
        """What went wrong."""
        return self._message

    @property
    def provider(self) -> str | None:
        """The provider's name, if known."""
        return self._provider

    @property
    def model(self) -> str | None:
        """The model's id, if known."""
        return self._model

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, if the provider said so."""
        return self._retry_after

    @property
    def delay_multiplier(self) -> float | None:
        """What to multiply a computed delay by, if given."""
        return self._multiplier

    @property
    def retryable(self) -> bool:
        """Whether trying again may help."""
        return self._retryable

    @property
    def error_type(self) -> str:
        """The kind of error, such as `RateLimit`; `Other` if not given."""
        return self._error_type

    def __str__(self) -> str:
        return self._message

    def __repr__(self) -> str:
        parts = [json.dumps(self._message, ensure_ascii=False)]
        if self._provider is not None:
            parts.append(f"provider={json.dumps(self._provider, ensure_ascii=False)}")
        if self._model is not None:
            parts.append(f"model={json.dumps(self._model, ensure_ascii=False)}")
        if self._retry_after is not None:
            parts.append(f"retry_after={_plain(self._retry_after)}")
        if self._multiplier is not None:
            parts.append(f"delay_multiplier={_plain(self._multiplier)}")
        if self._retryable:
            parts.append("retryable=True")
        return f"ProviderError({', '.join(parts)})"


def _seconds(value: float | None) -> float | None:
    return None if value is None else real(value)


def _plain(number: float) -> str:
    """Digits without an exponent, and without a fraction that is nothing."""
    return f"{Decimal(repr(number)):f}".removesuffix(".0")

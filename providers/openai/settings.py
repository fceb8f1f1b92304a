"""Where the server is and how it knows us, from a provider's config."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from providers.errors import error_data, to_llm_error
from providers.json_types import Json

_ENDPOINT = re.compile(r"/(chat/completions|completions|models)/*$")


@dataclass(frozen=True)
class ServerSettings:
    """`base` is an URL without a slash at its end, such as http://localhost:8080/v1."""

    base: str
    key: str = field(default="", repr=False)
    model: str | None = None
    context_window: int = 0

    @classmethod
    def read(cls, config: Json) -> ServerSettings | None:
        """None without a `base_url`. Raises ConfigurationError, which never holds the key."""
        if not config.get("base_url"):
            return None
        return cls(
            base=_base(str(config["base_url"])),
            key=_key(str(config.get("api_key") or "")),
            model=config.get("model"),
            context_window=int(config.get("context_window") or 0),
        )

    @property
    def host(self) -> str:
        """For a person, such as localhost:8080."""
        return urlsplit(self.base).netloc

    @property
    def is_openai(self) -> bool:
        return urlsplit(self.base).hostname == "api.openai.com"

    @property
    def on_this_device(self) -> bool:
        name = urlsplit(self.base).hostname or ""
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return name == "localhost" or name.endswith(".localhost")

    @property
    def headers(self) -> dict[str, str]:
        common = {"Accept": "text/event-stream, application/json", "Content-Type": "application/json"}
        return {**common, "Authorization": f"Bearer {self.key}"} if self.key else common

    def redact(self, text: str) -> str:
        """`text` without the key: some servers repeat it in what they say."""
        return text.replace(self.key, "[key]") if self.key else text


def _base(given: str) -> str:
    """`web/sdk/models/server-setup.ts` refuses what is refused here before it is kept."""
    try:
        parts = urlsplit(given.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        raise _wrong("is no URL") from None
    if not usable:
        raise _wrong("does not begin with http:// or https:// and a host")
    if "@" in parts.netloc:
        raise _wrong("holds a user name or a password; a key belongs in api_key")
    if parts.query or parts.fragment:
        raise _wrong("holds a ? or a #")
    path = _ENDPOINT.sub("", parts.path).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


def _key(key: str) -> str:
    key = key.strip()
    if not (key.isascii() and (key.isprintable())) or " " in key:
        data = error_data(
            "unsupported", "The API key holds a character that no key has.", action="Copy the key again."
        )
        raise to_llm_error(data, provider="openai")
    return key


def _wrong(what: str) -> Exception:
    data = error_data(
        "unsupported",
        f"The server's address (base_url) {what}.",
        action="Write it like http://localhost:8080/v1.",
    )
    return to_llm_error(data, provider="openai")

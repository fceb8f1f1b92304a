"""Who may connect: the origin, the key, the number of clients, and the tab's one-time tokens."""

from __future__ import annotations

import hmac
import secrets
import urllib.parse
from collections.abc import Iterable

TAB, TOKEN = "/alcove", "/alcove/token"
"""Where the tab's own socket is, and where it gets what opens that."""
_MOST_TOKENS = 32


class Gatekeeper:
    """`pages` are the origins of Alcove's own page, `origins` those of other pages that may send frames."""

    def __init__(self, key: str, pages: Iterable[str], origins: Iterable[str] = ()) -> None:
        self._key = key.encode()
        self._pages = frozenset(pages)
        self._origins = self._pages | frozenset(origins)
        self._tokens: list[str] = []

    def welcomes(self, origins: list[str]) -> bool:
        """Whether who sent these Origin headers may connect. Programs send none; pages must be listed."""
        return not origins or (len(origins) == 1 and origins[0] in self._origins)

    def is_page(self, origins: list[str]) -> bool:
        return len(origins) == 1 and origins[0] in self._pages

    def has_key(self, path: str) -> bool:
        """Whether the address holds the key, once; every address does where there is none."""
        if not self._key:
            return True
        given = _query(path, "api_key")
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self._key)

    def token(self) -> str:
        """A token that opens the tab's socket once."""
        token = secrets.token_urlsafe(24)
        self._tokens = [*self._tokens[1 - _MOST_TOKENS :], token]
        return token

    def takes(self, path: str) -> bool:
        """Whether the address holds a token; it is used up then."""
        given = _query(path, "token")
        if len(given) != 1 or not given[0].isascii():
            return False
        for token in self._tokens:
            if hmac.compare_digest(token, given[0]):
                self._tokens.remove(token)
                return True
        return False


def _query(path: str, name: str) -> list[str]:
    query = urllib.parse.urlsplit(path).query
    try:
        return urllib.parse.parse_qs(query, keep_blank_values=True, max_num_fields=32).get(name, [])
    except ValueError:
        return []

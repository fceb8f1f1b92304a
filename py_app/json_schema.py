"""JSON Schema: whether a value fits, by the library fastjsonschema (drafts 4, 6 and 7, `$defs` too)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from providers.json_types import Json
from py_app.errors import AlcoveError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Schema:
    """A checked schema; `source` is the schema itself."""

    def __init__(self, source: Json) -> None:
        """Raises AlcoveError (bad-request) if `source` is no schema, or one that lies elsewhere."""
        # Imported when the first schema comes: few conversations have one.
        import fastjsonschema

        self.source = source
        self._misfit: type[Exception] = fastjsonschema.JsonSchemaValueException
        elsewhere: Mapping[str, Callable[[str], Json]] = dict.fromkeys(
            ("http", "https", "ftp", "file"), _refuse
        )
        try:
            self._validate: Callable[[object], object] = fastjsonschema.compile(
                source, handlers=elsewhere, use_default=False
            )
        except Exception as error:  # whatever a schema can be made to raise, it is the schema's fault
            raise AlcoveError(
                "bad-request",
                f"The schema cannot be used: {error or type(error).__name__}",
                action="Correct the JSON Schema (draft 7).",
            ) from error

    def problem(self, value: object, name: str = "data") -> str | None:
        """The first way in which `value` (parsed JSON), called `name`, breaks the schema; None if it fits."""
        try:
            self._validate(value)
        except self._misfit as error:
            return str(error).replace("data", name, 1)
        except RecursionError:
            return f"{name} is nested too deeply"
        return None


def _refuse(uri: str) -> Json:
    raise ValueError(f"it refers to {uri}; put that part into the schema itself")

"""The global scope of JavaScript, in Pyodide."""

from typing import Any

def __getattr__(name: str) -> Any: ...

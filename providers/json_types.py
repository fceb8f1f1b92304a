"""JSON, as it crosses to JavaScript and to servers."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
"""A JSON object, which is amplifier_core's own type for messages, event data and arguments.

Its values are whatever was sent: whoever reads one that crossed a border checks it.
"""

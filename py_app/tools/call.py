"""The id of the tool call that is running, for tools that need it.

Tool.execute is given the arguments only.
"""

from contextvars import ContextVar

CALL_ID: ContextVar[str] = ContextVar("alcove_tool_call_id", default="")

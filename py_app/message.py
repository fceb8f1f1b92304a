"""A message of a conversation, as the context holds it and as the transcript keeps it:

    {"role": "user" | "assistant" | "tool" | "system", "content": str | [block, ...]}
    assistant, with calls:  "tool_calls": [{"id", "name", "arguments": {…}}]
    assistant, cut short:   "metadata": {"finish_reason": "cancelled" | "length" | "error" | "max_iterations"
                            | "no_answer"}
    as it is kept:          "metadata": {"time": ISO 8601 in UTC}; of an answer also "usage":
                            {"completionTokens", "ttftMs", "tokensPerSecond"}, the last two may be null
    user, with a schema:    "metadata": {"schema": what the answer has to fit}
    user, of documents:     "metadata": {"documents": [id, …]}: what it is answered from, where the model does
                            not search by itself
    user, while a turn ran: "metadata": {"steered": True}; it is a part of that turn
    tool:                   "tool_call_id", "name"
    tool, asked for:        "metadata": {"approval": what the person chose, or "No answer"}
    tool, of documents:     "metadata": {"sources": [what it found, as `py_app/documents/passages.py` has it]}
    tool, of agents:        "metadata": {"agents": [{"id", "name", "parent", "status", "from", "messages",
                            "options"?, "error"?}]}: what each said and did for this call; "from" is the place
                            of the first of these messages among all of this agent, who may have worked before
    system, from a hook:    "metadata" as the kernel wrote it

A block is one of amplifier_core.message_models: {"type": "text", "text"}, {"type": "image", "source"}, …
A thinking block, {"type": "thinking", "thinking", "ms"}, is kept to be shown; no model is sent it.
A picture is kept whole, as base64 (see `py_app/pictures.py`); a message's pictures stand before its text.
So do the passages that it is answered from, {"type": "text", "text", "sources"} (see
`py_app/documents/passages.py`), and files, {"type": "text", "text", "file"} (see
`py_app/documents/text_files.py`): they are no part of what the person said.
"""

from __future__ import annotations

from providers.json_types import Json

Message = Json
Block = Json


def text_of(message: Message) -> str:
    """The text of a message, whatever else it holds."""
    content: str | list[Block] = message.get("content") or ""
    if isinstance(content, str):
        return content
    said = (block for block in content if block.get("type") == "text" and not is_given(block))
    return "".join(block.get("text", "") for block in said)


def is_passages(block: Block) -> bool:
    """Whether it is what documents say, and not the person."""
    return "sources" in block


def is_file(block: Block) -> bool:
    """Whether it is what stands in a file, and not what the person said."""
    return block.get("type") == "text" and isinstance(block.get("file"), dict)


def is_given(block: Block) -> bool:
    """Whether a block of text is something that the person was not the one to say."""
    return is_passages(block) or is_file(block)


def is_steered(message: Message) -> bool:
    """Whether the person said it while a turn ran."""
    metadata: Message = message.get("metadata") or {}
    return bool(metadata.get("steered"))

"""The events by which a provider tells an answer while it comes, as Amplifier's provider streaming contract
says: all with one `request_id`, blocks numbered in one sequence.

    BLOCK_START    {"block_index", "block_type": "text" | "thinking" | "tool_use", "name" of a tool}
    BLOCK_DELTA    {"block_index", "block_type", "sequence" within the block, "text"}
    BLOCK_END      {"block_index", "block_type"}; ours says "ms" of thinking, and "recast", the whole text,
                   where the block was told as text and turned out to have been thinking
    ABORTED        {"error": {"type", "msg"}}, when it broke off in what was told already
"""

from __future__ import annotations

BLOCK_START = "llm:stream_block_start"
BLOCK_DELTA = "llm:stream_block_delta"
BLOCK_END = "llm:stream_block_end"
ABORTED = "llm:stream_aborted"

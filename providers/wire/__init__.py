"""Amplifier's messages to the JSON of OpenAI's chat completions, and answers back."""

from providers.wire.calls import parse_arguments
from providers.wire.chunks import ChunkAccumulator
from providers.wire.messages import has_pictures, messages_json
from providers.wire.request import SAMPLING, chat_request
from providers.wire.said import first_choice, said
from providers.wire.text import clean_text
from providers.wire.thinking import Piece
from providers.wire.usage import count

__all__ = [
    "SAMPLING",
    "ChunkAccumulator",
    "Piece",
    "chat_request",
    "clean_text",
    "count",
    "first_choice",
    "has_pictures",
    "messages_json",
    "parse_arguments",
    "said",
]

"""SmolLM2's own answers to questions, so that it goes on answering them so: `rehearsal.json`."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from models.smollm2_tools.native import NativeServer
from models.smollm2_tools.questions import SYSTEMS, questions

KEPT = Path(__file__).with_name("rehearsal.json")
_COUNT, _SEED, _MOST_TOKENS, _AT_ONCE = 240, 7, 44, 8


def main(model: Path) -> None:
    """Asks the untouched model; an answer that was cut is kept without its end."""
    asked = questions(_SEED, _COUNT)
    with NativeServer(model, slots=_AT_ONCE) as server, ThreadPoolExecutor(_AT_ONCE) as pool:

        def answer(place: int) -> dict[str, object]:
            system = SYSTEMS[place % 3]
            messages = [
                {"role": "system", "content": system},
                {"role": "user", "content": asked[place]},
            ]
            reply = server.chat(messages, max_tokens=_MOST_TOKENS, repeat_penalty=1.1)
            return {"question": asked[place], "answer": reply["text"], "whole": reply["finish"] == "stop"}

        kept: list[dict[str, object]] = []
        for one in pool.map(answer, range(len(asked))):
            kept.append(one)
            KEPT.write_text(json.dumps(kept, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

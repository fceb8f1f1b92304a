"""The provider class of seed 003 runs, unmodified, in our Python worker on our two bridge functions."""

from __future__ import annotations

from browsers import FIXTURES
from playwright.sync_api import Page

SEED = (FIXTURES / "seed_003_provider.md").read_text().split("```")[1]

DRIVER = """
request = {
    "messages": [
        {"role": "system", "content": "You answer questions in plain English."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
    "max_tokens": 12,
    "temperature": 0,
}
pieces = []
provider = WebLLMProvider()
# Both answers start from a kept prompt: one that is computed anew differs in the last bits of its sums.
await provider.complete(request)
whole = await provider.complete(request)
streamed = await provider.complete_streaming(request, pieces.append)
{"name": provider.name, "whole": whole, "streamed": streamed, "pieces": pieces}
"""


def test_the_provider_of_the_seed(shared: Page) -> None:
    code = SEED.removeprefix("python\n") + DRIVER
    result = shared.evaluate("(code) => alcove.python.run(code)", code)
    assert result["name"] == "webllm"
    whole = result["whole"]["choices"][0]
    assert "Paris" in whole["message"]["content"]
    assert whole["finish_reason"] in {"stop", "length"}
    assert result["whole"]["object"] == "chat.completion"
    assert 0 < result["whole"]["usage"]["completion_tokens"] <= 12
    assert len(result["pieces"]) > 1
    assert "".join(result["pieces"]) == result["streamed"]["choices"][0]["message"]["content"]
    assert result["streamed"]["choices"][0]["message"]["content"] == whole["message"]["content"]


def test_a_failure_reaches_the_seeds_code_as_an_exception(shared: Page) -> None:
    code = SEED.removeprefix("python\n") + (
        "from pyodide.ffi import JsException\n"
        "try:\n"
        "    await WebLLMProvider().complete({'messages': [], 'model': 'no-such-model'})\n"
        "    said = ''\n"
        "except JsException as error:\n"
        "    said = str(error)\n"
        "said\n"
    )
    assert "no-such-model" in shared.evaluate("(code) => alcove.python.run(code)", code)

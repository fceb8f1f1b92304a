"""`listen` and `say` over what the page hears and says, and the same for Python code."""

from __future__ import annotations

import base64
import json

import pytest
from fakes import Client, FakeHost, answer, call, calls, result_of

from py_app.errors import AlcoveError
from py_app.voice import speak, transcribe


async def test_listen_tells_what_the_person_said() -> None:
    host = FakeHost(calls(call("listen", {})), answer("Hello."))
    await (await Client.open(host, tools=["listen"], approvals="allow")).send("Listen")
    assert "audio" not in host.heard[-1]
    assert json.loads(result_of(host)) == {"heard": "Good morning."}


async def test_say_speaks_aloud() -> None:
    host = FakeHost(calls(call("say", {"text": " It is noon. "})), answer("Done."))
    await (await Client.open(host, tools=["say"], approvals="allow")).send("Say it")
    assert (host.said[-1]["text"], host.said[-1]["aloud"]) == ("It is noon.", True)
    assert json.loads(result_of(host)) == {"said": True, "seconds": 2.0}


async def test_a_text_that_is_none_or_too_long_is_told_to_the_model() -> None:
    for text in ("  ", "a" * 4_001):
        host = FakeHost(calls(call("say", {"text": text})), answer("No."))
        await (await Client.open(host, tools=["say"], approvals="allow")).send("Say it")
        assert host.said == []
        assert "1 to 4000" in result_of(host)


@pytest.mark.parametrize("name", ["listen", "say"])
async def test_the_person_is_asked_first(name: str) -> None:
    host = FakeHost(calls(call(name, {"text": "Hello"} if name == "say" else {})), answer("No."))
    await (await Client.open(host, tools=[name], approvals={name: "deny"})).send("Go")
    assert host.heard == host.said == []
    assert "not allowed" in result_of(host)


async def test_python_hears_a_file_and_speaks_one(tmp_path) -> None:
    host = FakeHost()
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    assert await transcribe(path, language="en", host=host) == "Good morning."
    assert host.heard[-1]["language"] == "en"
    assert base64.b64decode(host.heard[-1]["audio"]) == b"sound"
    assert await speak("Hello.", rate=1.5, host=host) == b"RIFF"
    assert (host.said[-1]["rate"], host.said[-1]["aloud"]) == (1.5, False)


async def test_what_python_cannot_hear(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AlcoveError) as gone:
        await transcribe("nowhere.wav", host=FakeHost())
    assert gone.value.data["code"] == "bad-request"
    monkeypatch.setattr("py_app.session._default_host", None)
    with pytest.raises(AlcoveError) as alone:
        await speak("Hello.")
    assert alone.value.data["code"] == "unsupported"

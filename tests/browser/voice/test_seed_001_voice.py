"""Seed 001's Quick Start, blocks 3 to 5, on `alcove.js` with only the import changed."""

from __future__ import annotations

import base64
import re
import subprocess

from browsers import FIXTURES, ROOT
from playwright.sync_api import Page
from speakers import CLIP
from waiting import wait_until

_SEED = (FIXTURES / "seed_001_runanywhere.md").read_text()


def block(title: str, url: str) -> str:
    """The block below `title` in JavaScript; a name that it forgets to import comes from there too."""
    code = _SEED.split(title)[1].split("```")[1].split("\n", 1)[1]
    code = code.replace("import { STT }", "import { STT, STTModelType }")
    code = re.sub(r"from '@runanywhere/web'", f"from '{url}'", code)
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--loader=ts", "--format=esm", "--target=es2022"]
    return subprocess.run(
        list(map(str, esbuild)), input=code, capture_output=True, text=True, check=True
    ).stdout


def test_it_hears_speaks_and_notices_speech(own_page: Page) -> None:
    page = own_page
    url = page.evaluate("location.origin + '/alcove.js'")
    # What the blocks leave to their reader: a recording, and where its words are read.
    page.evaluate(
        """async ({ url, hearing, speaking, noticing, clip }) => {
            window.logged = [];
            console.log = (...words) => logged.push(words.join(" "));
            const run = (code) => import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
            const { AudioFileLoader, AudioPlayback } = await import(url);
            const bytes = Uint8Array.from(atob(clip), (letter) => letter.charCodeAt(0));
            const { samples, durationSeconds } = await AudioFileLoader.toFloat32Array(new Blob([bytes]));
            window.lasts = durationSeconds;
            window.audioFloat32Array = samples;
            window.audioChunk = new Float32Array(samples.length + 32000);
            audioChunk.set(samples, 8000);
            await run(hearing);
            const { result } = await run(speaking + "\\nexport { result };");
            window.said = { seconds: result.audioData.length / result.sampleRate, rate: result.sampleRate };
            const playback = new AudioPlayback({ volume: 0 });
            await playback.play(result.audioData.slice(0, 2000), result.sampleRate);
            playback.dispose();
            await run(noticing);
        }""",
        {
            "url": url,
            "hearing": block("## Speech-to-Text (STT)", url),
            "speaking": block("## Text-to-Speech (TTS)", url),
            "noticing": block("## Voice Activity Detection (VAD)", url),
            "clip": base64.b64encode(CLIP.read_bytes()).decode(),
        },
    )
    wait_until(page, "logged.length > 1")
    words, speech = page.evaluate("logged")
    assert "best of times" in words.lower()
    assert re.fullmatch(r"Speech: \d+ samples", speech)
    assert page.evaluate("lasts") == 4
    # "Hello from RunAnywhere!"
    assert 0.8 < page.evaluate("said.seconds") < 5

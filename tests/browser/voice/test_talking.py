"""A person talks with the page: what they say is heard, answered and spoken, and they stop it."""

from __future__ import annotations

from pathlib import Path

from browsers import chromium_path, visitor
from capture import empty_page
from playwright.sync_api import Browser, Playwright, expect
from speakers import microphone_flags, write_speech
from waiting import wait_for, wait_ready, wait_until

from build_steps.serve import SiteServer


def test_a_conversation_by_voice(speaker: Browser, site: SiteServer) -> None:
    context = visitor(speaker)
    page = context.new_page()
    page.goto(site.url + "#voice")
    wait_ready(page)
    stage = page.get_by_test_id("voice")
    page.get_by_test_id("voice-button").click()
    expect(page.get_by_test_id("voice-heard")).to_contain_text("best of times")
    expect(stage).to_have_attribute("data-state", "speaking")
    answer = page.get_by_test_id("voice-answer")
    expect(answer.locator("mark")).to_be_visible()
    # Longer than one look at it: some of it is heard.
    wait_for(page, lambda: len(answer.inner_text()) > 20, "an answer")
    page.get_by_test_id("voice-interrupt").click()
    expect(stage).to_have_attribute("data-state", "listening")
    said = answer.inner_text()
    page.get_by_test_id("voice-button").click()
    expect(stage).to_have_attribute("data-state", "idle")
    wait_until(page, "document.querySelector('[data-testid=conversation-item]')")
    (messages,) = page.evaluate(
        """async () => {
            const { openAlcove } = await import("./alcove.js");
            const alcove = await openAlcove();
            const heads = await alcove.conversations.list();
            const kept = await Promise.all(heads.map(({ id }) => alcove.conversations.get(id)));
            await alcove.close();
            return kept.map(({ messages }) => messages.map(({ role, content }) => [role, content]));
        }"""
    )
    assert messages[0][0] == "user"
    assert "best of times" in str(messages[0][1])
    # What was not heard is not kept.
    assert len(messages) == 1 or len(str(messages[1][1])) <= len(said) + 80
    context.close()


def test_speaking_over_an_answer_stops_it(playwright: Playwright, site: SiteServer, tmp_path: Path) -> None:
    """The microphone and the loudspeaker are real, what hears, answers and speaks is the test."""
    path = tmp_path / "twice.wav"
    # What is said just as the answer begins to be spoken may be taken for its echo: then the next one counts.
    write_speech(path, (1, 12, 12))
    args = microphone_flags(path)
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=args)
    with empty_page(browser, site) as page:
        told = page.evaluate(
            """async () => {
                const [states, kept, heard] = [[], [], []];
                const stuck = (no) => no(new Error(`stuck: ${states}`));
                const late = new Promise((_, no) => setTimeout(stuck, 60_000, no));
                return Promise.race([late, (async () => {
                const alcove = await A.openAlcove();
                alcove.transcribe = async ({ samples, sampleRate }) => {
                    heard.push(samples.length / sampleRate);
                    return { text: sent ? "Stop." : "Tell me a story." };
                };
                let made = 0;
                alcove.speak = async function* (text, { signal }) {
                    for await (const piece of text) {
                        for (let second = 0; second < 60 && !signal.aborted; second++, made++) {
                            const samples = new Float32Array(16000).map((_, at) => Math.sin(at / 8) / 10);
                            yield { samples, sampleRate: 16000, text: piece, from: 0 };
                        }
                    }
                };
                let [running, loud, stopped, tokens, sent] = [0, 0, 0, 0, 0];
                const chat = {
                    send: async function* (text, { signal }) {
                        running++;
                        sent++;
                        tokens = 0;
                        yield { type: "text", text: "Once upon a time there was a very long story. " };
                        while (!signal.aborted && text !== "Stop.") {
                            tokens++;
                            await new Promise((go) => setTimeout(go, 20));
                        }
                        running--;
                        yield { type: "end", text: "", finishReason: "cancelled" };
                    },
                    shorten: async (text) => kept.push(text),
                    takeBack: async () => kept.push(null),
                };
                const voice = await alcove.openVoice({ chat });
                voice.addEventListener("level", ({ detail }) => {
                    if (voice.state === "speaking" && detail > 0.02) loud ||= performance.now();
                });
                voice.addEventListener("state", ({ detail }) => {
                    if (detail === "hearing" && states.includes("speaking")) stopped ||= performance.now();
                    states.push(detail);
                });
                const second = await A.openAlcove().then((other) => other.openVoice({ chat }));
                await voice.start();
                const busy = (await attempt(() => second.start())).code;
                await until(() => kept.length > 0);
                const wait = stopped - loud;
                const left = running;
                voice.stop();
                await alcove.close();
                return { states, kept, heard, wait, left, busy, live: live() };
                })()]);
            }"""
        )
    browser.close()
    assert told["busy"] == "busy"
    assert told["states"][:6] == [
        "starting",
        "listening",
        "hearing",
        "transcribing",
        "thinking",
        "speaking",
    ]
    assert told["states"][6] == "hearing"
    # 160 ms of speech have to be heard before it is believed; the rest is the machine's. A sentence lasts a
    # minute, unless it is stopped: how soon it is on a quiet machine, docs/figures.md tells.
    assert 0 < told["wait"] < 30_000
    assert told["left"] == 0
    # Some seconds of a minute that one sentence lasts: not a word of it was whole, or some were.
    assert told["kept"][0] is not None
    assert len(told["kept"][0]) < len("Once upon a time there was a very long story.")
    assert told["live"] == 0

"""Three tabs that do what comes to them, and tabs that are killed: nothing is lost, doubled or brought back.

`ALCOVE_SEEDS=20 ALCOVE_KILLS=100` runs all of it; the suite runs a part.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from browsers import kill
from echo_server import WORDS_A_SECOND, EchoServer, begin_conversation, visitor_without_models
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waiting import wait_for, wait_ready, wait_until

from build_steps.serve import SiteServer

SEEDS = int(os.environ.get("ALCOVE_SEEDS", "1"))
KILLS = int(os.environ.get("ALCOVE_KILLS", "3"))
ACTIONS = 50
SLOW = "slow 2000"
LONGEST_REPORT_MS = 5000


@dataclass
class Tabs:
    context: BrowserContext
    url: str
    server: EchoServer
    pages: list[Page] = field(default_factory=list[Page])
    asked: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The questions of each conversation that is there, in order."""
    titles: dict[str, str] = field(default_factory=dict[str, str])
    deleted: set[str] = field(default_factory=set[str])
    shows: dict[int, str | None] = field(default_factory=dict[int, str | None])
    count: int = 0

    def open(self, place: int, conversation: str | None) -> Page:
        page = self.context.new_page()
        page.goto(self.url + (f"#c={conversation}" if conversation else ""))
        wait_ready(page)
        self.pages[place : place + 1] = [page]
        self.shows[place] = conversation
        return page

    def switch(self, place: int, conversation: str) -> None:
        page = self.pages[place]
        page.evaluate("(id) => { location.hash = `c=${id}`; }", conversation)
        wait_until(
            page, f"document.querySelector('.log')?.textContent.includes({self.asked[conversation][-1]!r})"
        )
        self.shows[place] = conversation

    def begin(self, page: Page) -> str:
        self.count += 1
        question = f"q{self.count}."
        conversation = begin_conversation(page, self.server.url, question)
        self.asked[conversation] = [question]
        return conversation

    def send(self, place: int, question: str) -> None:
        """Sends it; it is kept then, unless another tab answers there."""
        conversation = self.shows[place]
        page = self.pages[place]
        if conversation is None or busy(page):
            return
        page.get_by_test_id("composer").fill(question)
        page.get_by_test_id("send").click()

        def settled() -> str | None:
            if question in kept(page, conversation):
                return "kept"
            error = page.get_by_test_id("error")
            return "refused" if error.count() and "another tab" in error.first.inner_text() else None

        if wait_for(page, settled, f"{question} is kept or refused") == "kept":
            self.asked[conversation].append(question)
            if not question.startswith("slow"):
                wait_for(page, lambda: not busy(page), f"{question} is answered")
        else:
            assert page.get_by_test_id("composer").input_value() == question
            page.get_by_text("Dismiss").first.click()

    def remove(self, page: Page, conversation: str) -> None:
        row = page.locator(f"[data-testid=conversation-item][data-id='{conversation}']")
        row.get_by_test_id("conversation-more").click()
        page.get_by_test_id("conversation-delete").click()
        expect(row).to_have_count(0)
        self.deleted.add(conversation)
        del self.asked[conversation]
        self.titles.pop(conversation, None)
        for place, shown in self.shows.items():
            if shown == conversation:
                self.shows[place] = None
                wait_for(page, lambda place=place: "#c=" not in self.pages[place].url, "the tab lets it go")

    def check(self) -> None:
        for page in self.pages:
            if busy(page):
                page.get_by_test_id("stop").click()
        for place, page in enumerate(self.pages):
            wait_for(page, lambda page=page: not busy(page), "the answer has stopped")
            listed = page.evaluate("alcove.conversations.list()")
            assert {one["id"] for one in listed} == set(self.asked)
            for one in listed:
                if one["id"] in self.titles:
                    assert one["title"] == self.titles[one["id"]]
            for conversation, asked in self.asked.items():
                assert_sound(kept(page, conversation), asked)
            for conversation in self.deleted:
                assert kept(page, conversation) == []
            if conversation := self.shows[place]:
                # Of a long one only what is near what is seen is drawn.
                expect(page.get_by_test_id("message-user").last).to_have_text(self.asked[conversation][-1])


def busy(page: Page) -> bool:
    return page.get_by_test_id("stop").count() > 0


def kept(page: Page, conversation: str) -> list[str]:
    record = page.evaluate("(id) => alcove.conversations.get(id)", conversation)
    return [message["content"] for message in record["messages"]] if record else []


def heard(page: Page) -> int:
    """How many words of a slow answer can be read."""
    answers = page.get_by_test_id("message-assistant").all_inner_texts()
    return answers[1].count("w") if len(answers) > 1 else 0


def assert_sound(texts: list[str], asked: list[str]) -> None:
    """Every question is there once and in order, each followed by its own answer, or the beginning of it."""
    rest = list(asked)
    answered = True
    for text in texts:
        if rest and text == rest[0]:
            answered, question = False, rest.pop(0)
            continue
        assert not answered, f"two answers in a row, or a question too many: {texts}"
        answered = True
        if question.startswith("slow"):
            words = text.split()
            assert words == [f"w{index}" for index in range(len(words))] or text.startswith("You said"), texts
        else:
            assert text == f"You said: {question}", texts
    assert not rest, f"lost: {rest}"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_three_tabs_at_random(
    context: BrowserContext, site: SiteServer, server: EchoServer, seed: int
) -> None:
    chance = random.Random(seed)
    tabs = Tabs(context, site.url, server, pages=[None] * 3)  # pyright: ignore[reportArgumentType]
    first = tabs.open(0, None)
    conversations = [tabs.begin(first) for _ in range(3)]
    tabs.switch(0, conversations[0])
    for place in (1, 2):
        tabs.open(place, chance.choice(conversations))
    for _ in range(ACTIONS):
        place = chance.randrange(3)
        page = tabs.pages[place]
        there = list(tabs.asked)
        action = chance.choices(
            ["send", "slow", "stop", "title", "delete", "switch", "reload", "kill", "new"],
            [8, 4, 3, 2, 1, 4, 1, 1, 1],
        )[0]
        if action == "send":
            tabs.count += 1
            tabs.send(place, f"q{tabs.count}.")
        elif action == "slow":
            tabs.count += 1
            tabs.send(place, f"{SLOW} {tabs.count}.")
        elif action == "stop" and busy(page):
            page.get_by_test_id("stop").click()
            wait_for(page, lambda page=page: not busy(page), "the answer has stopped")
        elif action == "title":
            conversation = chance.choice(there)
            tabs.titles[conversation] = f"title {tabs.count}"
            page.evaluate(
                "([id, title]) => alcove.conversations.rename(id, title)",
                [conversation, tabs.titles[conversation]],
            )
        elif action == "delete" and len(there) > 1:
            tabs.remove(page, chance.choice(there))
        elif action == "switch":
            tabs.switch(place, chance.choice(there))
        elif action in ("reload", "kill"):
            (kill if action == "kill" else Page.close)(page)
            tabs.open(place, chance.choice(there))
        elif action == "new":
            tabs.begin(page)
    tabs.check()


@pytest.fixture(scope="module")
def watched(browser: Browser, site: SiteServer, server: EchoServer) -> Iterator[Tabs]:
    """A person with a tab that stays."""
    with visitor_without_models(browser) as context:
        tabs = Tabs(context, site.url, server, pages=[None] * 2)  # pyright: ignore[reportArgumentType]
        tabs.open(0, None)
        yield tabs


@pytest.mark.parametrize("stage", ["kept", "first words", "many words"])
def test_a_tab_killed_in_a_send(watched: Tabs, stage: str) -> None:
    tabs = watched
    watching = tabs.pages[0]
    for round_ in range(-(-KILLS // 3)):
        conversation = tabs.begin(watching)
        page = tabs.open(1, conversation)
        tabs.send(1, f"{SLOW} {round_}")
        least = {"kept": 0, "first words": 1, "many words": 30}[stage]
        wait_for(page, lambda page=page, least=least: heard(page) >= least, "it has begun")
        seen = heard(page)
        kill(page)
        texts = kept(watching, conversation)
        assert texts[:3] == [
            *tabs.asked[conversation][:1],
            f"You said: {tabs.asked[conversation][0]}",
            texts[2],
        ]
        assert texts[2] == f"{SLOW} {round_}"
        words = texts[3].split() if len(texts) > 3 else []
        assert words == [f"w{index}" for index in range(len(words))]
        assert len(words) >= seen - WORDS_A_SECOND, f"{seen} words were seen, {len(words)} are kept"
        # The browser holds a killed tab's locks until it has written its crash report.
        wait_until(watching, f"!(await alcove.conversations.busy('{conversation}'))", LONGEST_REPORT_MS)

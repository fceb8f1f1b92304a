"""What a model writes, as it grows: in the end it is drawn as if it had come at once, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

LINE = "for number in range(9): total += number  # some words\n"
TEXTS = {
    "a mixture": "# Title\n\nSome *words* and `code`, a [link](https://example.org).\n\n"
    "1. one\n2. two\n   - inner\n\n"
    "```python\nprint(1)\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> said\n\nEnd.",
    "a long code block": f"Before.\n\n```python\n{LINE * 400}```\n\nAfter **it**.",
    "a code block without an end": f"````\n{LINE * 200}```\n{LINE * 5}the last li",
    "a long list": "".join(f"{number}. item **{number}** of many\n" for number in range(1, 401)),
    "a long table": "Before.\n\n| a | b |\n|---|--:|\n"
    + "".join(f"| row **{number}** of many | {number} |\n" for number in range(400))
    + "1.5 | no bar before it\n\nAfter *it*.",
    "a long table without an end": "| a | b |\n|---|--:|\n"
    + "| some words | more of them |\n" * 200
    + "| the la",
    "a long table and a title": "| a | b |\n|---|--:|\n" + "| some words | more |\n" * 220 + "# Title",
    "code in colours, and without an end": "```python\n"
    + "def f(x):  # words\n    return 'y' + str(x)\n\n" * 150,
    "maths": "Inline $x_1 + y*2*z$ and \\(a_1\\).\n\n$$\n\\frac{a}{b}\n$$\n\n"
    "Costs $5 to $10.\n\n\\[ a \\\\ b \\]",
    "a link that is named at the end": "See [docs][1].\n\n"
    + ("More of it, in many words. " * 40 + "\n\n") * 5
    + "[1]: https://example.com/d\n\nAgain [docs][1].",
    "a model in a loop": "Fine.\n\n" + ">" * 3000 + "\n\n" + "a_" * 3000 + "\n\nThe **end**.",
    "a long paragraph": "A sentence with *some* words in it, and more of them. " * 300,
}

DRAW = """async ([text, step]) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  // What the drawing still has before it: frames and timers that it asked for, and those that these did.
  const names = ["requestAnimationFrame", "setTimeout"];
  const originals = names.map((name) => window[name]);
  let before = 0, drawing = false;
  const within = (work) => {
    drawing = true;
    try { work(); } finally { drawing = false; }
  };
  const witness = (original) => (work, ...rest) => {
    if (!drawing) return original(work, ...rest);
    before++;
    return original((...given) => { before--; within(() => work(...given)); }, ...rest);
  };
  const draw = async (pieces) => {
    const view = document.createElement("markdown-view");
    view.className = "prose";
    within(() => document.querySelector(".column").append(view));
    for (const piece of pieces) {
      within(() => { view.text = piece; });
      await frame();
    }
    while (before) await frame();
    const count = (selector) => view.querySelectorAll(selector).length;
    const words = view.textContent.split(/\\s+/).filter(Boolean).join(" ");
    const items = count("ol > li");
    // However many lists it is drawn as, a person reads one.
    const lists = [...view.querySelectorAll("ol")];
    const numbers = lists.flatMap(({ children, start }) => [...children].map((_, index) => start + index));
    const code = [...view.querySelectorAll("code")].map((each) => each.textContent);
    view.remove();
    const names = ["pre", "strong", "a", "tr", "td[align=right]", "h1", "math"];
    const counted = names.map((name) => [name, count(name)]);
    return { words, items, numbers, code, ...Object.fromEntries(counted) };
  };
  const grown = [];
  for (let end = step; end < text.length + step; end += step) grown.push(text.slice(0, end));
  try {
    for (const [at, name] of names.entries()) window[name] = witness(originals[at]);
    return [await draw(grown), await draw([text])];
  } finally {
    for (const [at, name] of names.entries()) window[name] = originals[at];
  }
}"""


@pytest.fixture
def drawn(shared: Page) -> Page:
    """A page that has fetched the renderer."""
    shared.evaluate("""async () => {
        const view = document.createElement("markdown-view");
        document.querySelector(".column").append(view);
        view.text = "**here** $x$\\n\\n```python\\nx = 'y'\\n```";
        while (!view.querySelector("math") || !view.querySelector(".code-string"))
          await new Promise((resolve) => setTimeout(resolve, 20));
        view.remove();
    }""")
    return shared


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_drawn_alike_in_pieces_and_at_once(drawn: Page, name: str) -> None:
    text = TEXTS[name]
    grown, at_once = drawn.evaluate(DRAW, [text, max(7, len(text) // 150)])
    assert grown == at_once
    check: Any = {
        "a mixture": lambda: (
            grown["a"] == 1 and grown["tr"] == 2 and grown["td[align=right]"] == 1 and grown["items"] == 2
        ),
        "a long code block": lambda: grown["code"] == [LINE * 400] and "After it." in grown["words"],
        "a code block without an end": lambda: grown["code"] == [f"{LINE * 200}```\n{LINE * 5}the last li"],
        "a long list": lambda: grown["numbers"] == list(range(1, 401)) and grown["strong"] == 400,
        # A second head after 250 rows.
        "a long table": lambda: (
            (grown["tr"], grown["strong"], grown["td[align=right]"]) == (403, 400, 401)
            and grown["words"].endswith("1.5 no bar before it After it.")
        ),
        "a long table without an end": lambda: grown["tr"] == 202 and grown["words"].endswith("the la"),
        "a long table and a title": lambda: grown["tr"] == 221 and grown["h1"] == 1,
        "code in colours, and without an end": lambda: (
            grown["code"] == ["def f(x):  # words\n    return 'y' + str(x)\n\n" * 150]
        ),
        "maths": lambda: grown["math"] == 4 and "Costs $5 to $10." in grown["words"] and not grown["code"],
        "a link that is named at the end": lambda: grown["a"] == 2,
        "a model in a loop": lambda: (
            grown["words"].startswith("Fine. >>>")
            and grown["words"].count(">") == 3000
            and grown["words"].count("a_") == 3000
            and grown["words"].endswith("The end.")
        ),
        "a long paragraph": lambda: grown["words"].count("sentence") == 300 and not grown["pre"],
    }[name]
    assert check(), grown


GROWS = """async (text) => {
  const view = document.createElement("markdown-view");
  view.className = "prose";
  document.querySelector(".column").append(view);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const shown = async (words) => {
    while (!view.textContent.includes(words)) await frame();
  };
  const heights = [];
  // A line of code is long enough to scroll then.
  let end = text.indexOf("MARK") + (text.startsWith("`") ? 250 : 4);
  view.text = text.slice(0, end);
  await shown("MARK");
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (!node.data.includes("MARK")) node = walker.nextNode();
  const at = node.data.indexOf("MARK");
  const pre = view.querySelector("pre");
  if (pre) { pre.focus(); pre.scrollLeft = 40; }
  getSelection().setBaseAndExtent(node, at, node, at + 4);
  const step = Math.max(9, Math.round(text.length / 200));
  for (; end < text.length + step; end += step) {
    view.text = text.slice(0, end);
    await frame();
    // A line of backticks is a line of the code until it is known to end it.
    if (!/\\n`+$/.test(view.text)) heights.push(view.offsetHeight);
  }
  await shown("THE END");
  const kept = {
    selected: getSelection().toString(),
    focus: !pre || (pre.isConnected && document.activeElement === pre),
    scroll: pre ? pre.scrollLeft : 40,
    shrinks: heights.filter((height, i) => i && height < heights[i - 1] - 1).length,
  };
  view.remove();
  return kept;
}"""


@pytest.mark.parametrize(
    "text",
    [
        "Some words MARK and more. " + "It goes on, *and* on. " * 30 + "\n\nNext one.\n\nTHE END",
        "```python\nMARK = 'a line that is so long that it has to scroll to the side' "
        + "#" * 200
        + "\n"
        + "x = 1  # words\n" * 400
        + "```\n\nTHE END",
        "| a | b |\n|---|---|\n| MARK | 1 |\n" + "| row | 2 |\n" * 500 + "\nTHE END",
    ],
    ids=["words", "code", "a table"],
)
def test_what_a_person_holds_stays_while_it_grows(drawn: Page, text: str) -> None:
    kept = drawn.evaluate(GROWS, text)
    assert kept == {"selected": "MARK", "focus": True, "scroll": 40, "shrinks": 0}

"""The history of somebody who has talked a lot."""

from __future__ import annotations

from playwright.sync_api import Page

from build_steps.serve import SiteServer

# As an Alcove of before has kept them. Three in four messages are prose, the others a list, code or a table.
_FILL = """async ({ conversations, messages }) => {
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("alcove", 2);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("conversations", { keyPath: "id" });
      asked.result.createObjectStore("settings");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const sentence = (i) => `Sentence ${i} says **something** about \\`thing${i}\\` and goes on for a while. `;
  const prose = (i) => [0, 1, 2].map((p) => sentence(i + p).repeat(4)).join("\\n\\n");
  const other = [
    (i) => "```python\\n" + `for x in range(${i}):\\n    print(x)\\n`.repeat(8) + "```",
    (i) => Array.from({ length: 12 }, (_, n) => `- point ${n} of *${i}*`).join("\\n"),
    (i) => "| a | b | c |\\n|---|---|---|\\n" + `| ${i} | two | three |\\n`.repeat(12),
  ];
  const said = (i) => (i % 8 < 6 ? prose(i) : `Look:\\n\\n${other[i % 3](i)}\\n\\n${sentence(i)}`);
  const message = (i) => i % 2 ? { role: "assistant", content: said(i) }
    : { role: "user", content: `Question ${i}? ` + "Please tell me more. ".repeat(1 + (i % 5)) };
  const store = db.transaction("conversations", "readwrite").objectStore("conversations");
  for (let i = 0; i < conversations; i++) {
    const day = new Date(Date.now() - i * 3_600_000).toISOString();
    const count = i === 0 ? messages : 4;
    store.put({ id: `c${i}`, version: 1, title: `Conversation number ${i}`, created: day, updated: day,
      messages: Array.from({ length: count }, (_, n) => message(n)) });
  }
  await new Promise((resolve, reject) => {
    store.transaction.oncomplete = resolve;
    store.transaction.onerror = () => reject(store.transaction.error);
  });
  db.close();
}"""


def fill(page: Page, site: SiteServer, *, conversations: int, messages: int) -> None:
    """
    Puts conversations into the store of a visitor to `site`, before Alcove opens it. The newest, `c0`, has
    `messages` messages, those of the person begin with "Question 0?", "Question 2?" and so on; the others, an
    hour older each, have four.
    """
    page.route("**/fill.html", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(site.url + "fill.html")
    page.evaluate(_FILL, {"conversations": conversations, "messages": messages})

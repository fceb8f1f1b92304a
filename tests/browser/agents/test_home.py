"""Python's home and the folders of conversations: through reloads, restarts, other tabs and a full disk."""

from __future__ import annotations

import base64
import io
import json
import zipfile

from echo_server import EchoServer
from page_checks import accessibility_problems
from playwright.sync_api import BrowserContext, Page, expect
from waiting import wait_for, wait_until

from build_steps.serve import SiteServer

WRITE = """
import os
from pathlib import Path
home = Path.home()
(home / "notes" / "deep").mkdir(parents=True, exist_ok=True)
(home / "notes" / "deep" / "a.txt").write_text("first\\n")
with open(home / "notes" / "deep" / "a.txt", "a") as file: file.write("second\\n")
(home / "Übung 日本.bin").write_bytes(bytes(range(256)) * 1000)
with open(home / "Übung 日本.bin", "r+b") as file:
    file.seek(1000); file.write(b"middle"); file.truncate(2000)
(home / "old").write_text("moved"); os.replace(home / "old", home / "notes" / "new")
(home / "gone").write_text("x"); (home / "gone").unlink()
(home / "empty").mkdir()
str(home)
"""

READ = """
from pathlib import Path
home = Path.home()
data = (home / "Übung 日本.bin").read_bytes()
[
  sorted(str(p.relative_to(home)) for p in home.rglob("*") if ".amplifier" not in p.parts),
  (home / "notes/deep/a.txt").read_text(), (home / "notes/new").read_text(),
  len(data), data[1000:1006].decode(), sum(data),
]
"""

FULL = """
import js
prototype = js.FileSystemFileHandle.prototype
original = prototype.createWritable
full = js.DOMException.new("No room.", "QuotaExceededError")
prototype.createWritable = js.Promise.reject.bind(js.Promise, full)
"""

_OWN = "from pathlib import Path; [path.name for path in Path.home().glob('files-*/*')]"

# What lies on the disk: each file's path with its size.
ON_DISK = """async (under) => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const entry of folder.values()) {
      const at = `${path}${entry.name}`;
      if (entry.kind === "directory") await walk(entry, `${at}/`);
      else found[at] = (await entry.getFile()).size;
    }
  };
  const root = await navigator.storage.getDirectory();
  const home = await root.getDirectoryHandle(under).catch(() => null);
  if (home) await walk(home, "");
  return found;
}"""


# The browser's own dialog cannot be answered by a test.
PICK = """window.showDirectoryPicker = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", { create: true });"""


def opened(context: BrowserContext, site: SiteServer) -> Page:
    page = context.new_page()
    page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: print(f"page error: {error}"))
    page.goto(site.url)
    wait_until(page, "window.alcove")
    page.evaluate("alcove.ready")
    return page


def run(page: Page, code: str) -> object:
    return page.evaluate("(code) => alcove.python.run(code)", code)


def test_the_home_survives_a_reload_and_a_restart_of_python(
    context: BrowserContext, site: SiteServer
) -> None:
    page = opened(context, site)
    assert run(page, WRITE) == "/home/pyodide"
    before = run(page, READ)
    assert before[1:] == ["first\nsecond\n", "moved", 2000, "middle", before[5]]  # type: ignore[index]
    page.reload()
    wait_until(page, "window.alcove")
    assert run(page, READ) == before
    page.evaluate("alcove.python.run('while True: pass', { timeoutMs: 100 }).catch(() => null)")
    page.evaluate("alcove.ready")
    assert run(page, READ) == before

    # What one tab writes, the others have.
    other = opened(context, site)
    assert run(other, READ) == before
    new = "__import__('pathlib').Path.home().joinpath('notes/new')"
    run(page, f"{new}.write_text('by one tab')")
    wait_for(other, lambda: run(other, f"{new}.read_text()") == "by one tab", "it is there in the other tab")
    run(other, f"{new}.unlink()")
    wait_for(page, lambda: run(page, f"{new}.exists()") is False, "it is gone in the other tab")

    # Where the disk is full, it is said, and kept as soon as there is room.
    run(page, f"{FULL}\n{new}.write_text('waits for room')")
    wait_until(page, "alcove.home.trouble?.code === 'quota'")
    assert "notes/new" not in page.evaluate(ON_DISK, "home")
    assert run(page, f"{new}.read_text()") == "waits for room"
    run(page, "prototype.createWritable = original")
    wait_until(page, "alcove.home.trouble === null")
    assert page.evaluate(ON_DISK, "home")["notes/new"] == len("waits for room")


def test_a_conversation_lies_in_the_home_and_goes_with_it(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page = opened(context, site)
    chat_id = page.evaluate(
        """async (baseUrl) => {
            await alcove.server.set({ baseUrl, model: "talker", apiKey: "sk-very-secret" });
            window.chat = await alcove.openSession({ provider: "openai", system: "Be brief." });
            for await (const event of chat.send("Hello, sk-very-secret")) void event;
            return chat.id;
        }""",
        server.url,
    )
    folder = f".amplifier/projects/-home-pyodide/sessions/{chat_id}"
    three = {f"{folder}/{name}" for name in ("transcript.jsonl", "metadata.json", "events.jsonl")}

    def there(of: Page) -> set[str]:
        return {path for path in of.evaluate(ON_DISK, "home") if chat_id in path}

    wait_for(page, lambda: there(page) == three, "its files are kept")
    kinds = page.evaluate("alcove.storage.report().then(({ kinds }) => kinds)")
    assert kinds["home"]["bytes"] > 0
    encoded = page.evaluate(
        """async (id) => {
            const zip = await alcove.home.export([id], { workingDir: "/home/me/work" });
            return btoa(String.fromCharCode(...new Uint8Array(await zip.arrayBuffer())));
        }""",
        chat_id,
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(encoded))) as archive:
        base = f".amplifier/projects/-home-me-work/sessions/{chat_id}"
        said = [json.loads(line) for line in archive.read(f"{base}/transcript.jsonl").splitlines()]
        assert [message["role"] for message in said] == ["user", "assistant"]
        assert json.loads(archive.read(f"{base}/metadata.json"))["session_id"] == chat_id
        assert b"sk-very-secret" not in archive.read(f"{base}/events.jsonl")

    # Deleted in another tab, while it is open here.
    other = opened(context, site)
    other.evaluate("(id) => alcove.conversations.remove(id)", chat_id)
    wait_for(page, lambda: not there(page), "its files go")
    gone = f"__import__('os').path.exists('/home/pyodide/{folder}')"
    for each in (page, other):
        wait_for(each, lambda of=each: run(of, gone) is False, "Python has them no more")  # type: ignore[misc]
    assert not there(page)


def test_a_session_works_in_a_folder_of_the_persons(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page = opened(context, site)
    page.evaluate(
        """async (baseUrl) => {
            await alcove.server.set({ baseUrl, model: "talker" });
            const root = await navigator.storage.getDirectory();
            window.folder = await root.getDirectoryHandle("my project", { create: true });
            const handle = await folder.getFileHandle("note.md", { create: true });
            const stream = await handle.createWritable();
            await stream.write("a note");
            await stream.close();
            window.chat = await alcove.openSession({ provider: "openai", folder });
        }""",
        server.url,
    )
    assert run(page, "open('/mnt/my project/note.md').read()") == "a note"
    run(page, "import os; os.mkdir('/mnt/my project/sub'); open('/mnt/my project/sub/new', 'w').write('x')")
    assert page.evaluate(ON_DISK, "my project") == {"note.md": 6, "sub/new": 1}
    # Somebody's editor changes it.
    page.evaluate("async () => await folder.removeEntry('note.md')")
    wait_for(page, lambda: run(page, "os.listdir('/mnt/my project')") == ["sub"], "the change is seen")
    standing = page.evaluate("alcove.home.folder(chat.id)")
    assert standing == {"name": "my project", "state": "here"}
    page.evaluate("chat.close()")
    assert run(page, "os.path.exists('/mnt/my project/sub')") is False

    # Resumed, it works there again; one that is gone is said.
    talk = """async () => {
        window.chat = await alcove.openSession({ resume: chat.id, provider: "openai" });
        const notices = [];
        for await (const event of chat.send("Hi")) if (event.type === "notice") notices.push(event.text);
        return notices;
    }"""
    page.evaluate(
        """async () => {
            window.chat = await alcove.openSession({ provider: "openai", folder });
            for await (const event of chat.send("Hi")) void event;
        }"""
    )
    assert page.evaluate(talk) == []
    assert run(page, "os.listdir('/mnt/my project')") == ["sub"]
    page.evaluate(
        """async () => {
            const root = await navigator.storage.getDirectory();
            await root.removeEntry("my project", { recursive: true });
        }"""
    )
    assert page.evaluate(talk) == ["The folder “my project” of this conversation is gone."]

    # Where the browser gives no folder, the files are put into one of the home.
    page.evaluate(
        """() => {
            const below = new File(["dropped"], "b.txt");
            Object.defineProperty(below, "webkitRelativePath", { value: "chosen/in/b.txt" });
            return alcove.home.give("papers", [new File(["dropped"], "a.txt"), below]);
        }"""
    )
    page.evaluate("alcove.openSession({ provider: 'openai', folder: 'papers' }).then(({ id }) => id)")
    listed = "[sorted(os.listdir('/home/pyodide/papers' + at)) for at in ('', '/in')]"
    wait_for(page, lambda: run(page, listed) == [["a.txt", "in"], ["b.txt"]], "the files came")

    # A folder that is a conversation's own goes with it.
    page.evaluate(
        """async () => {
            await alcove.openSession({ resume: chat.id, provider: "openai",
                folder: await alcove.home.giveTo(chat.id, [new File(["own"], "own.txt")]) });
        }"""
    )
    wait_for(page, lambda: "own.txt" in run(page, _OWN), "its file came")
    page.evaluate("alcove.conversations.remove(chat.id)")
    wait_for(page, lambda: run(page, _OWN) == [], "its folder went with it")


def test_a_person_chooses_a_folder_and_packs_for_amplifier(
    context: BrowserContext, site: SiteServer, server: EchoServer
) -> None:
    page = opened(context, site)
    chat_id = page.evaluate(
        """async (baseUrl) => {
            await alcove.server.set({ baseUrl, model: "talker" });
            const chat = await alcove.openSession({ provider: "openai" });
            for await (const event of chat.send("Hi")) void event;
            await chat.close();
            return chat.id;
        }""",
        server.url,
    )
    page.add_init_script(PICK)
    page.goto(f"{site.url}#c={chat_id}")
    page.reload()
    expect(page.get_by_test_id("message-assistant")).to_be_visible()
    page.get_by_test_id("tools").click()
    page.get_by_test_id("folder-choose").click()
    expect(page.get_by_test_id("folder-name")).to_have_text("chosen")
    assert accessibility_problems(page) == []
    assert run(page, "import os; os.listdir('/mnt')") == ["chosen"]
    page.reload()
    page.get_by_test_id("tools").click()
    expect(page.get_by_test_id("folder-name")).to_have_text("chosen")
    page.get_by_test_id("folder-away").click()
    expect(page.get_by_test_id("folder-name")).to_have_count(0)
    page.keyboard.press("Escape")

    page.goto(f"{site.url}#storage")
    with page.expect_download() as download:
        page.get_by_test_id("conversations-pack").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert any(f"/{chat_id}/transcript.jsonl" in name for name in archive.namelist())

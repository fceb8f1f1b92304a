"""The package: its types, which the examples of the documents have to fit, its files, and its Python side."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_steps.base import ROOT
from build_steps.package.make import write_types

_BLOCK = re.compile(r"^```jsx?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HOST = re.compile(r'from "(?:https://your\.host/alcove\.js|alcove)"')
_DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What the examples take as given, where its type matters.
_GIVEN = {
    "alcove": "import('./alcove.js').Alcove",
    "chat": "import('./alcove.js').ChatSession",
    "mcp": "import('./alcove.js').McpServers",
    "port2": "MessagePort",
    "file": "File",
    "clerk": "File",
    "token": "string",
    "signal": "AbortSignal",
    "out": "HTMLElement",
    "frame": "{ contentWindow: Window }",
    "draw": "(what: unknown) => void",
    "use": "(what: unknown) => void",
    "list": "(what: import('./alcove.js').ModelEntry[]) => void",
    "show": "(what: unknown) => void",
}
_PEERS = """
declare module "openai" {
  interface Delta { choices: { delta: { content?: string | null } }[] }
  export default class OpenAI {
    constructor(options: {
      baseURL: string; apiKey: string; dangerouslyAllowBrowser: boolean;
      fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
    });
    chat: { completions: { create(request: object): Promise<AsyncIterable<Delta>> } };
  }
}
declare module "alcove/chat" {}
interface Event { detail: any } // what an event of Alcove's carries, the documents say
declare namespace JSX {
  interface IntrinsicElements { "alcove-chat": Record<string, string> }
}
"""
_CLIENT = 'import { Client } from "@modelcontextprotocol/sdk/client/index.js";\n'
_OPTIONS = [
    *(
        "--ignoreConfig",
        "--strict",
        "--noEmit",
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--jsx",
        "preserve",
    ),
    *("--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable,dom.asynciterable", "--types", ""),
]


def examples() -> Iterator[tuple[str, str]]:
    """Each example as a module of its own, by a file name for it."""
    for document in _DOCUMENTS:
        for number, found in enumerate(_BLOCK.finditer(document.read_text())):
            code = _HOST.sub('from "./alcove.js"', found[1])
            if code.startswith("tools: "):
                code = f"const options: import('./alcove.js').SessionOptions = {{ {code} }};\n"
            declared = re.findall(r"\b(?:const|import) (?:\{([^}]*)\}|(\w+))", code)
            own = {word for names in declared for word in re.findall(r"\w+", " ".join(names))}
            given = [f"declare const {name}: {kind};\n" for name, kind in _GIVEN.items() if name not in own]
            client = _CLIENT if "new Client(" in code else ""
            kind = "tsx" if found[0].startswith("```jsx") else "ts"
            stem = document.stem.lower()
            yield f"{stem}_{number}.{kind}", f"{client}{''.join(given)}{code}\nexport {{}};\n"


@pytest.fixture(scope="module")
def typed() -> Iterator[Path]:
    """A folder with the types, where the project's packages are found."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        write_types(Path(folder))
        yield Path(folder)


def problems(folder: Path, *files: str) -> str:
    """What tsc says of them."""
    tsc = [ROOT / "node_modules" / ".bin" / "tsc", *_OPTIONS]
    done = subprocess.run(
        list(map(str, [*tsc, *files])), cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout


def test_every_example_of_the_documents_fits_the_types(typed: Path) -> None:
    (typed / "peers.d.ts").write_text(_PEERS)
    code = dict(examples())
    assert len(code) > 15
    for name, text in code.items():
        (typed / name).write_text(text)
    said = problems(typed, "peers.d.ts", *code)
    # What else an example takes as given: a page's own elements and functions.
    for name, given in re.findall(
        r"^(\S+)\(.*error TS(?:2304|2552): Cannot find name '(\w+)'", said, re.MULTILINE
    ):
        line = f"declare const {given}: any;\n"
        if line not in code[name]:
            code[name] = line + code[name]
            (typed / name).write_text(code[name])
    assert problems(typed, "peers.d.ts", *code) == ""


def test_what_is_wrong_does_not_fit(typed: Path) -> None:
    (typed / "wrong.ts").write_text(
        """import { openAlcove, TextGeneration, Conversations } from "./alcove.js";
        import { AlcoveChatElement } from "./alcove-chat.js";
        const alcove = await openAlcove({ base: 7 });
        await alcove.complete({ messages: "Hi" });
        for await (const piece of TextGeneration.generateStream("Hi")) piece.toFixed();
        new AlcoveChatElement().options = { approvals: "never" };
        """
    )
    said = problems(typed, "wrong.ts")
    assert re.findall(r"wrong\.ts\((\d)", said) == ["1", "3", "4", "5", "6"], said


def test_the_types_need_no_package_and_tell_nothing_of_the_inside(typed: Path) -> None:
    text = (typed / "alcove.d.ts").read_text()
    assert not re.findall(r"^(?:import|export) .* from ", text, re.MULTILINE)
    for inner in ("Roster", "Database", "Completions"):
        assert f"class {inner}" not in text
    assert '"alcove-chat": AlcoveChatElement' in (typed / "alcove-chat.d.ts").read_text()


def test_versions_agree_and_the_changes_tell_of_this_one() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert json.loads((ROOT / "package.json").read_text())["version"] == version
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_files_are_copied_to_where_a_page_serves_them_and_nothing_of_others_goes(tmp_path: Path) -> None:
    package, public = tmp_path / "package", tmp_path / "public"
    (package / "site" / "assets").mkdir(parents=True)
    program = package / "alcove-files.mjs"
    shutil.copy(ROOT / "build_steps" / "package" / "alcove_files.mjs", program)

    def write(*names: str) -> None:
        for name in names:
            (package / "site" / name).write_text(name)
        (package / "site" / "build.json").write_text(json.dumps({"files": {name: {} for name in names}}))

    def copy(target: Path) -> subprocess.CompletedProcess[str]:
        command = ["node", program, target]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    write("alcove.js", "assets/old.js")
    assert copy(public / "alcove").returncode == 0
    (public / "alcove" / "mine.txt").write_text("mine")
    (package / "site" / "assets" / "old.js").unlink()
    write("alcove.js", "assets/new.js")
    assert copy(public / "alcove").returncode == 0
    here = {path.relative_to(public / "alcove").as_posix() for path in (public / "alcove").rglob("*.*")}
    assert here == {"alcove.js", "assets/new.js", "build.json", "mine.txt"}
    (public / "theirs").mkdir()
    (public / "theirs" / "index.html").write_text("theirs")
    # Others call a file so too; and one that says it is Alcove's may name what is not.
    for list_of_theirs in (
        None,
        "{}",
        '{"files": {"index.html": {}}}',
        '{"files": {"alcove.js": {}, "../x": {}}}',
    ):
        if list_of_theirs:
            (public / "theirs" / "build.json").write_text(list_of_theirs)
        refused = copy(public / "theirs")
        assert refused.returncode == 1
        assert "choose another folder" in refused.stderr
        assert {path.name for path in (public / "theirs").iterdir()} <= {"index.html", "build.json"}
        assert (public / "theirs" / "index.html").read_text() == "theirs"


def test_python_installs_it_with_its_modules(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "installed"
    for name in ("py_app", "providers"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", target, source], check=True, timeout=120)
    code = (
        "import importlib.metadata as m, py_app, providers;"
        "d = m.distribution('alcove');"
        "print(py_app.__file__, d.version, len([e.load() for e in d.entry_points]))"
    )
    command, env = [sys.executable, "-c", code], {"PYTHONPATH": str(target)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    where, version, count = done.stdout.split()
    assert where.startswith(str(target)), done.stderr
    assert (version, int(count) > 15) == ("0.1.0", True)

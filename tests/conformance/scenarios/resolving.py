"""What kind of module a folder holds."""

import pathlib
import tempfile
from typing import Any

from amplifier_core._engine import resolve_module
from tracing import Trace


async def _folder(t: Trace, label: str, files: dict[str, str], *, message: bool = True) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root) / "some_module"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

        def run() -> Any:
            try:
                found = resolve_module(str(folder))
            except Exception as error:
                raise type(error)(str(error).replace(root, "ROOT")) from None
            return {key: value.replace(root, "ROOT") for key, value in found.items()}

        await t.attempt(label, run, message=message)


async def packages(t: Trace) -> None:
    await _folder(t, "empty", {})
    await _folder(t, "a file", {"x.py": ""})
    await _folder(t, "package", {"__init__.py": ""})
    await _folder(t, "package inside", {"pkg/__init__.py": "", "README": ""})
    await _folder(t, "too deep", {"a/b/__init__.py": ""})
    await _folder(t, "project file", {"pyproject.toml": "[project]\nname='x'"})


async def manifests(t: Trace) -> None:
    for text in (
        "[module]\ntransport='python'\n",
        "[module]\ntransport='python'\ntype='tool'\n",
        "[module]\ntype='tool'\n",
        "[module]\ntype='tool'\ntransport='grpc'\n",
        "[module]\ntype='tool'\ntransport='grpc'\n[grpc]\nendpoint='http://x'\n",
        "[module]\ntype='tool'\ntransport='grpc'\n[grpc]\nendpoint=3\n",
        "[module]\ntype='tool'\ntransport='wasm'\n",
        "[module]\ntype='tool'\ntransport='wasm'\nartifact='a.wasm'\n",
        "[module]\ntype='tool'\ntransport='native'\n",
        "[module]\ntype='tool'\ntransport=3\n",
        "[module]\ntype='zap'\n",
        "[module]\ntype=3\n",
        "type='hook'\n",
        "",
    ):
        await _folder(t, repr(text), {"amplifier.toml": text})
    await _folder(t, "no TOML", {"amplifier.toml": "nonsense ["}, message=False)
    await _folder(t, "manifest wins", {"amplifier.toml": "[module]\ntype='hook'\n", "pkg/__init__.py": ""})


async def module_types(t: Trace) -> None:
    names = "tool hook context approval provider orchestrator resolver hooks context-manager Tool"
    for name in names.split():
        await _folder(t, name, {"amplifier.toml": f"[module]\ntype='{name}'\n"})


async def paths(t: Trace) -> None:
    resolve: Any = resolve_module
    await t.attempt("missing", lambda: resolve("/no/such/folder"))
    await t.attempt("empty", lambda: resolve(""))
    await t.attempt("path object", lambda: resolve(pathlib.PurePosixPath("/tmp")))
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        await t.attempt("a file", lambda: resolve(file.name), message=False)


async def webassembly_in_a_folder(t: Trace) -> None:
    await _folder(t, "not WebAssembly", {"a.wasm": "zz"}, message=False)
    await _folder(t, "before package", {"a.wasm": "zz", "__init__.py": ""}, message=False)

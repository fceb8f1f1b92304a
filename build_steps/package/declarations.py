"""
`alcove.d.ts`: the types of everything that alcove.js exports, in one file. tsc writes a declaration for each
source file; here those that the exports need are put together, and nothing else.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..base import ROOT, BuildError, run
from ..toolchain import NODE_MODULES

# A file and a name in it.
Symbol = tuple[str, str]

_COMMENT_OR_TEXT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
_WORD = re.compile(r"(?<![\w$.#])[A-Za-z_$][\w$]*")
_IMPORT = re.compile(r"^import (?:type )?\{(?P<names>[^}]*)\} from \"(?P<path>[^\"]+)\";$")
_EXPORT = re.compile(r"^export (?P<type>type )?\{(?P<names>[^}]*)\}(?: from \"(?P<path>[^\"]+)\")?;$")
_DECLARED = re.compile(
    r"^(?:export )?(?:declare )?(?:abstract )?"
    r"(?:class|interface|type|const|let|function|enum) (?P<name>[\w$]+)"
)
_BLOCK = re.compile(r"(?:export )?(?:declare )?(?:abstract )?(?:class|interface|enum|global)\b")
_INLINE = re.compile(r"import\(\"(?P<path>[^\"]+)\"\)\.(?P<name>[\w$]+)")
_CONSTRUCTOR = re.compile(r"^    constructor\([^\n]*(?:\n(?: {5}[^\n]*\n)* {4}[^\n]*)??\);$", re.MULTILINE)


@dataclass
class _Module:
    """A declaration file: what it declares (with what stands before it), imports and passes on, by name."""

    declared: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    imported: dict[str, Symbol] = field(default_factory=dict[str, Symbol])
    exported: dict[str, Symbol] = field(default_factory=dict[str, Symbol])
    # Of `exported` and `declared`: what is there when the code runs.
    values: set[str] = field(default_factory=set[str])
    ambient: list[str] = field(default_factory=list[str])


class Declarations:
    """Those of the sources that `entries` need, by their paths without suffix."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._modules: dict[str, _Module] = {}
        with tempfile.TemporaryDirectory() as folder:
            _emit(entries, Path(folder))
            for path in Path(folder).rglob("*.d.ts"):
                name = path.relative_to(folder).as_posix().removesuffix(".d.ts")
                self._modules[name] = _read(path.read_text(), name)

    def names(self, entry: str) -> list[str]:
        """What the source `entry` exports."""
        module = self._modules[entry.removesuffix(".ts")]
        return sorted(module.exported)

    def together(self, entries: Sequence[str], known: Sequence[str] = (), known_from: str = "") -> str:
        """
        One declaration file with all that `entries` export. What the sources `known` export is not declared
        again, but imported from `known_from`. Raises BuildError where a type of a package would be needed.
        """
        public = {
            self._origin((entry.removesuffix(".ts"), name)): name
            for entry in entries
            for name in self.names(entry)
        }
        elsewhere = {
            self._origin((entry.removesuffix(".ts"), name)): name
            for entry in known
            for name in self.names(entry)
        }
        values = {
            self._origin((entry.removesuffix(".ts"), name))
            for entry in (*entries, *known)
            for name in self._modules[entry.removesuffix(".ts")].values
        }
        reached: dict[Symbol, set[Symbol]] = {}
        waiting = [*public]
        while waiting:
            symbol = waiting.pop()
            if symbol in reached or symbol in elsewhere:
                continue
            texts = [*self._texts(symbol, values), *self._modules[symbol[0]].ambient]
            reached[symbol] = {need for text in texts for need in self._needs(symbol[0], text)} - {symbol}
            waiting += reached[symbol]
        return self._write(public, elsewhere, values, sorted(reached), known_from)

    def _write(
        self,
        public: dict[Symbol, str],
        elsewhere: dict[Symbol, str],
        values: set[Symbol],
        reached: Sequence[Symbol],
        known_from: str,
    ) -> str:
        names = _distinct(reached, {**elsewhere, **public})
        parts: list[str] = []
        for symbol in reached:
            parts += [self._renamed(symbol[0], text, names) for text in self._texts(symbol, values)]
        for module in sorted({path for path, _ in reached}):
            parts += [self._renamed(module, text, names) for text in self._modules[module].ambient]
        used = {word for part in parts for word in _WORD.findall(_bare(part))}
        imports = sorted(name for name in elsewhere.values() if name in used)
        head = [f'import type {{ {", ".join(imports)} }} from "{known_from}";'] if imports else []
        listed = [f"{'' if symbol in values else 'type '}{name}" for symbol, name in public.items()]
        lines = "".join(f"  {name},\n" for name in sorted(listed, key=lambda name: name.split()[-1]))
        tail = f"export {{\n{lines}}};"
        return "\n".join([*head, *parts, tail, ""])

    def _texts(self, symbol: Symbol, values: set[Symbol]) -> list[str]:
        path, name = symbol
        texts = self._modules[path].declared.get(name)
        if texts is None:
            raise BuildError(f"{name} of {path} is declared nowhere.", "Look at what tsc writes for it.")
        # Nobody else makes one of these: what it is made of is not public.
        return (
            texts
            if symbol in values
            else [_CONSTRUCTOR.sub("    protected constructor();", t) for t in texts]
        )

    def _needs(self, path: str, text: str) -> Iterator[Symbol]:
        module = self._modules[path]
        for found in _INLINE.finditer(text):
            yield self._origin((_resolve(path, found["path"]), found["name"]))
        for word in set(_WORD.findall(_bare(text))):
            if word in module.declared or word in module.imported:
                yield self._origin((path, word))

    def _origin(self, symbol: Symbol) -> Symbol:
        """Where what `symbol` names is declared."""
        path, name = symbol
        module = self._modules.get(path)
        if module is None:
            raise BuildError(
                f"A public type needs {name} of the package {path}.",
                "Declare what is public in its own words.",
            )
        if name in module.declared:
            return symbol
        found = module.exported.get(name) or module.imported.get(name)
        if found is None:
            raise BuildError(f"{path} does not export {name}.", "Look at what tsc writes for it.")
        return self._origin(found)

    def _renamed(self, path: str, text: str, names: dict[Symbol, str]) -> str:
        def inline(found: re.Match[str]) -> str:
            return names[self._origin((_resolve(path, found["path"]), found["name"]))]

        changed = {
            word: names[symbol]
            for word in set(_WORD.findall(_bare(text)))
            if word in self._modules[path].declared or word in self._modules[path].imported
            if (symbol := self._origin((path, word))) in names and names[symbol] != word
        }
        text = _INLINE.sub(inline, text)
        text = re.sub(r"^((?:/\*\*.*?\*/\n)?)export ", r"\1", text, flags=re.DOTALL)
        for word, name in changed.items():
            text = re.sub(rf"(?<![\w$.#]){re.escape(word)}(?![\w$]|\??:)", name, text)
        return text


def _emit(entries: Sequence[str], folder: Path) -> None:
    settings: dict[str, object] = {
        "extends": str(ROOT / "tsconfig.json"),
        "compilerOptions": {
            "noEmit": False,
            "declaration": True,
            "emitDeclarationOnly": True,
            "outDir": str(folder),
            "rootDir": str(ROOT),
            "stripInternal": True,
            "types": [],
        },
        "include": [],
        "files": [str(ROOT / path) for path in (*entries, "workers/texts.d.ts")],
    }
    config = folder / "tsconfig.json"
    config.write_text(json.dumps(settings))
    tsc = NODE_MODULES / ".bin" / "tsc"
    run([tsc, "-p", config], doing="Writing the types", action="Correct what it names.")


def _read(text: str, path: str) -> _Module:
    module = _Module()
    for statement in _statements(text):
        code = _without_comment(statement)
        if found := _IMPORT.match(code):
            source = _resolve(path, found["path"])
            for name, alias in _listed(found["names"]):
                module.imported[alias] = (source, name)
        elif found := _EXPORT.match(code):
            source = _resolve(path, found["path"]) if found["path"] else path
            for name, alias in _listed(found["names"]):
                module.exported[alias] = (source, name)
                if not found["type"] and not re.search(rf"\btype {re.escape(name)}\b", found["names"]):
                    module.values.add(alias)
        elif found := _DECLARED.match(code):
            name = found["name"]
            module.declared.setdefault(name, []).append(statement)
            if code.startswith("export "):
                module.exported[name] = (path, name)
                if not re.match(r"export (?:declare )?(?:interface|type) ", code):
                    module.values.add(name)
        elif code.startswith("declare global"):
            module.ambient.append(statement)
        elif not code.startswith(("import ", "export {}")):
            raise BuildError(
                f"Types of {path} have a statement of a new kind: {code[:60]}", "Adapt declarations.py."
            )
    return module


def _statements(text: str) -> Iterator[str]:
    """Each statement with the comment before it."""
    lines: list[str] = []
    for line in text.splitlines():
        if not lines and not line.strip():
            continue
        lines.append(line)
        whole = "\n".join(lines)
        bare = _bare(whole)
        if not bare.strip() or whole.count("/*") != whole.count("*/"):
            continue
        closed = all(bare.count(a) == bare.count(b) for a, b in ("{}", "()", "[]"))
        ending = "}" if _BLOCK.match(bare.lstrip()) else ";"
        if closed and bare.rstrip().endswith(ending):
            yield _last_comment(whole)
            lines = []


def _last_comment(statement: str) -> str:
    """Without the comment on the file, which stands before that on its first statement."""
    comments = list(re.finditer(r"^/\*\*.*?\*/\n", statement, re.MULTILINE | re.DOTALL))
    starts = [found.start() for found in comments if not _bare(statement[: found.start()]).strip()]
    return statement[starts[-1] :] if len(starts) > 1 else statement


def _without_comment(statement: str) -> str:
    return re.sub(r"\A(?:\s*/\*.*?\*/\s*|\s*//[^\n]*\n)*", "", statement, flags=re.DOTALL)


def _bare(text: str) -> str:
    """Without comments and strings."""
    return _COMMENT_OR_TEXT.sub(" ", text)


def _listed(names: str) -> Iterable[tuple[str, str]]:
    for each in names.split(","):
        words = each.split()
        words = words[1:] if words[:1] == ["type"] else words
        if words:
            yield words[0], words[-1]


def _resolve(path: str, target: str) -> str:
    """The module that `target` means in `path`; a package is its own name."""
    if not target.startswith("."):
        return target
    parts = [*path.split("/")[:-1]]
    for part in target.removesuffix(".ts").split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _distinct(symbols: Iterable[Symbol], public: dict[Symbol, str]) -> dict[Symbol, str]:
    """A name for each: its own, or one with a number where another has that."""
    names = dict(public)
    taken = set(names.values())
    for symbol in symbols:
        if symbol in names:
            continue
        name, number = symbol[1], 2
        while name in taken:
            name, number = f"{symbol[1]}{number}", number + 1
        names[symbol] = name
        taken.add(name)
    return names

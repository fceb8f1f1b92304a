"""The guard can fail: made-up trees with one fault each, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from guard import breaches, circles
from imports import Import, python_imports, typescript_imports
from rules import PYTHON, TYPESCRIPT


def grow(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def typescript(root: Path, **files: str) -> list[Import]:
    return typescript_imports(grow(root, files), ["web", "workers"])


@pytest.mark.parametrize(
    "text",
    [
        'import { icon } from "../page/kit/icons.ts";',
        'import "../page/kit/icons.ts";',
        'import type { Icon } from "../page/kit/icons.ts";',
        'import { type Icon, icon as drawn } from "../page/kit/icons.ts";',
        'import icons, * as all from "../page/kit/icons.ts";',
        'import {\n  // why, with "quotes"\n  icon, /* and { why } */\n} from "../page/kit/icons.ts";',
        "import { icon } from '../page/kit/icons.ts';",
        'export { icon } from "../page/kit/icons.ts";',
        'export * from "../page/kit/icons.ts";',
        'export type { Icon } from "../page/kit/icons.ts";',
        'const { icon } = await import("../page/kit/icons.ts");',
        'const later = () =>\n  import(\n    "../page/kit/icons.ts"\n  );',
        'type Icons = typeof import("../page/kit/icons.ts");',
    ],
)
def test_every_kind_of_import_of_typescript_is_read(text: str, tmp_path: Path) -> None:
    source = f'import {{ x }} from "lit";\nconst a = "b";\n{text}\nexport const c = 1;\n'
    assert typescript(tmp_path, **{"web/sdk/alcove.ts": source}) == [
        Import("web/sdk/alcove.ts", "web/page/kit/icons.ts")
    ]


@pytest.mark.parametrize(
    "text",
    [
        'import { html } from "lit";',
        'new Worker(new URL("../../workers/python/python.worker.ts", import.meta.url));',
        '// import("../page/kit/icons.ts") would be wrong',
        '/**\n * import { icon } from "../page/kit/icons.ts";\n * and import("../page/kit/icons.ts")\n */',
        'const text = "../page/kit/icons.ts";',
        'export const path = "../page/kit/icons.ts";',
        "import(`${folder}pyodide.mjs`);",
    ],
)
def test_what_is_no_import_of_a_file_is_not_taken_for_one(text: str, tmp_path: Path) -> None:
    assert typescript(tmp_path, **{"web/sdk/alcove.ts": f"{text}\n"}) == []


def test_a_folder_of_texts_is_an_import_of_the_folder(tmp_path: Path) -> None:
    files = {"web/page/vision/examples.ts": 'import files from "folder:../../../py_app/hooks";'}
    (found,) = typescript(tmp_path, **files)
    assert found.target == "py_app/hooks"


_BREACHES = [
    ("web/sdk/alcove.ts", "web/page/kit/icons.ts", "the SDK never knows the page", "let the page pass it in"),
    ("web/sdk/store/database.ts", "web/sdk/models/fit.ts", "know nothing above", "let the caller pass it in"),
    ("web/sdk/models/fit.ts", "workers/webllm/gpu.ts", "by its client.ts", "Ask the worker for it"),
    ("web/page/kit/icons.ts", "web/page/state/route.ts", "kit is the ground", "Move what it needs into kit"),
    ("web/page/markdown/view.ts", "web/page/state/route.ts", "knows kit only", "into web/page/kit/"),
    ("web/page/state/route.ts", "web/page/chat/view.ts", "state knows kit only", "or let the tab pass it in"),
    ("web/page/chat/view.ts", "web/page/vision/tab.ts", "tabs never know each other", "web/page/state/"),
    ("web/page/agents/tab.ts", "web/page/chat/view.ts", "tabs never know each other", "web/page/kit/"),
    ("web/page/chat/view.ts", "web/page/shell/app.ts", "shell is the roof", "Let shell pass it in"),
    ("web/page/chat/view.ts", "web/sdk/store/settings.ts", "by web/sdk/index.ts only", "Export it there"),
    ("web/main.ts", "web/sdk/alcove.ts", "by web/sdk/index.ts only", "Export it there"),
    ("web/page/chat/view.ts", "workers/wire/rpc.ts", "the page reaches no worker", "Take it from web/sdk"),
    ("web/sw.ts", "web/page/kit/icons.ts", "web/sw.ts may know web/page/offline/", "pass it in"),
    ("workers/python/host.ts", "web/sdk/alcove.ts", "workers never know web/", "Send it in a message"),
    ("workers/wire/rpc.ts", "workers/engine/contract.ts", "wire knows nothing of ours", "or pass it in"),
    ("workers/engine/serve.ts", "workers/files/opfs.ts", "engine knows wire only", "workers/engine/"),
    ("workers/llamacpp/gguf.ts", "workers/webllm/gpu.ts", "workers never know each other", "workers/wire/"),
    ("workers/build.ts", "workers/files/opfs.ts", "workers/build.ts may know workers/engine/", "pass it in"),
]


@pytest.mark.parametrize(("importer", "target", "rule", "remedy"), _BREACHES)
def test_a_breach_in_typescript_says_what_to_do(importer: str, target: str, rule: str, remedy: str) -> None:
    (line,) = breaches([Import(importer, target)], TYPESCRIPT)
    assert line.startswith(f"{importer} imports {target}: ")
    assert rule in line
    assert remedy in line.partition(rule)[2]


def test_what_is_allowed_is_not_told() -> None:
    allowed = [
        ("web/main.ts", "web/page/shell/app.ts"),
        ("web/page/shell/app.ts", "web/page/vision/tab.ts"),
        ("web/page/vision/tab.ts", "web/page/vision/still.ts"),
        ("web/page/vision/tab.ts", "web/page/state/route.ts"),
        ("web/page/vision/tab.ts", "web/sdk/index.ts"),
        ("web/sdk/index.ts", "web/sdk/capture/camera.ts"),
        ("web/sdk/engines/roster.ts", "workers/llamacpp/client.ts"),
        ("workers/speech/engine.ts", "workers/files/opfs.ts"),
    ]
    assert breaches([Import(*pair) for pair in allowed], TYPESCRIPT) == []


def test_a_file_without_a_room_is_told(tmp_path: Path) -> None:
    files = {"web/helpers.ts": 'import "./page/kit/icons.ts";'}
    (line,) = breaches(typescript(tmp_path, **files), TYPESCRIPT)
    assert line == (
        "web/helpers.ts has no room in tests/unit/house/rules.py: move it into one, or add one there and say"
        " what it may know."
    )


def test_a_circle_names_the_way_round(tmp_path: Path) -> None:
    files = {
        "web/sdk/a.ts": 'import { b } from "./b.ts";',
        "web/sdk/b.ts": 'export const c = () => import("./c.ts");',
        "web/sdk/c.ts": 'import type { A } from "./a.ts";\nimport "./d.ts";',
        "web/sdk/d.ts": 'import "./e.ts";',
    }
    found = typescript(tmp_path, **files)
    (line,) = circles(found)
    assert line.startswith("web/sdk/a.ts → web/sdk/b.ts → web/sdk/c.ts → web/sdk/a.ts: a circle of imports.")
    assert "Move what two of them need into a file that knows neither" in line
    assert circles(found[:2]) == []


_PYTHON_FILES = {
    "providers/__init__.py": "",
    "providers/wire.py": "",
    "providers/errors.py": "",
    "providers/openai/__init__.py": "from .transport import send",
    "providers/openai/transport.py": "send = 1",
    "py_app/__init__.py": "",
    "py_app/pictures.py": "",
    "py_app/kernel/__init__.py": "",
    "build_steps/base.py": "",
    "models/scene_vlm/scenes.py": "",
}


def python(root: Path, **files: str) -> list[Import]:
    found = python_imports(grow(root, {**_PYTHON_FILES, **files}), ["py_app", "providers", "build_steps"])
    return [each for each in found if each.importer in files]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("import providers.openai.transport", "providers/openai/transport.py"),
        ("from providers.openai import transport", "providers/openai/transport.py"),
        ("from providers.openai import send", "providers/openai/__init__.py"),
        ("from providers.openai.transport import send as s", "providers/openai/transport.py"),
        ("def later():\n    from providers import openai", "providers/openai/__init__.py"),
        ("from . import pictures", "py_app/pictures.py"),
        ("from .. import wire", None),
        ("import json\nfrom collections.abc import Mapping", None),
        ('text = "import providers.openai"', None),
    ],
)
def test_every_kind_of_import_of_python_is_read(text: str, target: str | None, tmp_path: Path) -> None:
    found = python(tmp_path, **{"py_app/app.py": text})
    assert [each.target for each in found if each.ours] == ([target] if target else [])


@pytest.mark.parametrize(
    ("importer", "text", "rule", "remedy"),
    [
        (
            "py_app/app.py",
            "import providers.openai",
            "never imports one",
            "files that providers share with it",
        ),
        ("py_app/kernel/engine.py", "from .. import pictures", "nothing else of ours", "into py_app/kernel/"),
        ("providers/webllm.py", "from py_app import pictures", "without py_app", "Ask the coordinator"),
        (
            "providers/webllm/a.py",
            "from ..openai import send",
            "never know each other",
            "beside their folders",
        ),
        ("build_steps/site.py", "import models.scene_vlm.scenes", "on a bare Python", "a program of its own"),
        ("providers/wire.py", "import numpy", "and amplifier_core", "Do without it"),
        ("py_app/store.py", "from pyodide.ffi import JsProxy", "and amplifier_core", "or allow it"),
        ("build_steps/site.py", "import numpy", "uses the standard library.", "Do without it"),
    ],
)
def test_a_breach_in_python_says_what_to_do(
    importer: str, text: str, rule: str, remedy: str, tmp_path: Path
) -> None:
    (line,) = breaches(python(tmp_path, **{importer: f"def later():\n    {text}\n"}), PYTHON)
    assert line.startswith(f"{importer} imports ")
    assert rule in line
    assert remedy in line.partition(rule)[2]


def test_types_tie_no_circle_in_python_but_know_what_they_name(tmp_path: Path) -> None:
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\n"
    files = {
        "py_app/a.py": "from .b import B",
        "py_app/b.py": typed.format("from .a import A"),
        "py_app/c.py": typed.format("from providers.openai import send"),
    }
    found = python(tmp_path, **files)
    assert circles(found) == []
    (line,) = breaches(found, PYTHON)
    assert line.startswith("py_app/c.py imports providers/openai/__init__.py: ")
    (line,) = circles(python(tmp_path, **{**files, "py_app/b.py": "from .a import A"}))
    assert line.startswith("py_app/a.py → py_app/b.py → py_app/a.py: ")

"""The Python runtime of dist/: whole, ours alone, compiled, and open to wheels that a person adds."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from build_steps.runtime.wheels import pack


@pytest.fixture(scope="module")
def lock(runtime_dir: Path) -> dict[str, Any]:
    return json.loads((runtime_dir / "pyodide-lock.json").read_text())


def test_lock_names_local_files_only(lock: dict[str, Any], runtime_dir: Path) -> None:
    for name, package in lock["packages"].items():
        wheel = runtime_dir / package["file_name"]
        assert wheel.parent == runtime_dir
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == package["sha256"], name
    named = {package["file_name"] for package in lock["packages"].values()}
    assert named == {path.name for path in runtime_dir.glob("*.whl")}


def test_lock_knows_imports_and_dependencies(lock: dict[str, Any]) -> None:
    packages = lock["packages"]
    assert packages["amplifier-core"]["imports"] == ["amplifier_core"]
    assert set(packages["alcove"]["imports"]) == {"py_app", "providers"}
    assert set(packages["pydantic"]["depends"]) == {
        "annotated-types",
        "pydantic-core",
        "typing-extensions",
        "typing-inspection",
    }
    for package in packages.values():
        assert package["imports"]
        assert set(package["depends"]) <= packages.keys()


def test_archives_hold_bytecode_only(runtime_dir: Path) -> None:
    for archive in [runtime_dir / "python_stdlib.zip", *runtime_dir.glob("*.whl")]:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
        assert any(name.endswith(".pyc") for name in names), archive.name
        assert not [name for name in names if name.endswith(".py")], archive.name


def test_the_rust_engine_and_what_belongs_to_a_terminal_are_left_out(runtime_dir: Path) -> None:
    (wheel,) = runtime_dir.glob("amplifier_core-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert "amplifier_core/session.pyc" in names
    left_out = ("_engine", "_grpc_gen", "pytest_plugin", "cli.")
    assert not [name for name in names if name.split("/", 1)[-1].startswith(left_out)]


def test_bytecode_is_what_runs(selenium_standalone: Any) -> None:
    files = selenium_standalone.run_async(
        """
        import json, email.message
        import pydantic, typing_extensions
        [module.__file__ for module in (json, email.message, pydantic, typing_extensions)]
        """
    )
    assert all(file.endswith(".pyc") for file in files), files


def test_amplifier_core_and_alcove_load(selenium_standalone: Any) -> None:
    selenium_standalone.load_package(["alcove", "amplifier-core"])
    version, modules, engine = selenium_standalone.run_async(
        """
        import py_app.kernel
        py_app.kernel.install()
        import amplifier_core, importlib.metadata, sys
        [
            importlib.metadata.version("amplifier-core"),
            [point.name for point in importlib.metadata.entry_points(group="amplifier.modules")],
            sys.modules["amplifier_core._engine"].RustSession.__module__,
        ]
        """
    )
    assert version == "2.0.2"
    assert "provider-llamacpp" in modules
    assert engine.startswith("py_app.kernel")


def test_everything_comes_from_the_server(selenium_standalone: Any) -> None:
    selenium_standalone.load_package(["alcove", "amplifier-core", "micropip"])
    urls = selenium_standalone.run_js(
        "return performance.getEntriesByType('resource').map((entry) => entry.name);"
    )
    assert any(url.endswith(".whl") for url in urls)
    here = urlsplit(selenium_standalone.base_url).netloc
    assert {urlsplit(url).netloc for url in urls if not url.startswith(("data:", "blob:"))} == {here}


def test_micropip_installs_a_wheel_that_a_person_adds(selenium_standalone: Any) -> None:
    metadata = "Metadata-Version: 2.1\nName: greeting\nVersion: 1.2.3\nRequires-Dist: PyYAML>=6\n"
    code = b"import yaml\ndef greet(name):\n    return yaml.safe_dump({'Hello': name})\n"
    wheel = pack("greeting-1.2.3", {"greeting.py": code}, metadata)
    selenium_standalone.load_package(["micropip"])
    answer = selenium_standalone.run_async(
        f"""
        import base64, pathlib
        path = pathlib.Path("/tmp/greeting-1.2.3-py3-none-any.whl")
        path.write_bytes(base64.b64decode({base64.b64encode(wheel).decode()!r}))
        import micropip
        await micropip.install(f"emfs:{{path}}")
        import greeting, importlib.metadata
        [greeting.greet("Ada"), importlib.metadata.version("greeting")]
        """
    )
    assert answer == ["Hello: Ada\n", "1.2.3"]

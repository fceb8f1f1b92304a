"""Putting the engine in place, in processes of their own."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(code: str, *paths: Path) -> str:
    """What a fresh interpreter prints; `paths` come before everything else."""
    search = [str(path) for path in (*paths, ROOT)]
    program = f"import sys; sys.path[:0] = {search!r}\n{code}\nsys.stdout.flush(); import os; os._exit(0)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def python_files_alone(folder: Path) -> Path:
    """A copy of amplifier_core without its native engine, as the browser has it."""
    spec = importlib.util.find_spec("amplifier_core")
    assert spec
    assert spec.origin
    left_out = shutil.ignore_patterns("*.so", "*.pyd", "_grpc_gen", "pytest_plugin.py", "__pycache__")
    shutil.copytree(Path(spec.origin).parent, folder / "amplifier_core", ignore=left_out)
    return folder


def test_amplifier_core_runs_on_it() -> None:
    out = run(
        "import py_app.kernel; py_app.kernel.install(); import amplifier_core\n"
        "print(amplifier_core.RustSession.__module__, sys.modules['amplifier_core._engine'].__version__)"
    )
    assert out == "py_app.kernel.session 2.0.2"


def test_without_any_engine_file(tmp_path: Path) -> None:
    folder = python_files_alone(tmp_path)
    out = run(
        "import py_app.kernel; py_app.kernel.install()\n"
        "import amplifier_core, amplifier_core.validation, amplifier_core.testing\n"
        "print(amplifier_core.__file__); print(amplifier_core._engine.RUST_AVAILABLE)",
        folder,
    )
    assert out.splitlines() == [str(folder / "amplifier_core" / "__init__.py"), "True"]


def test_installing_imports_no_amplifier_core() -> None:
    out = run(
        "import py_app.kernel; py_app.kernel.install()\n"
        "print([name for name in sys.modules if name.startswith(('amplifier_core', 'pydantic'))])"
    )
    assert out == "[]"


def test_installing_twice_changes_nothing() -> None:
    out = run(
        "import py_app.kernel as k; k.install(); k.install(); before = len(sys.meta_path)\n"
        "import amplifier_core; k.install(); print(k.installed(), len(sys.meta_path) == before)"
    )
    assert out == "True True"


def test_too_late() -> None:
    out = run(
        "import amplifier_core, py_app.kernel as k\n"
        "try: k.install()\n"
        "except k.EngineAlreadyLoadedError as error: print(error)\n"
        "print(k.installed())"
    )
    message, installed = out.splitlines()
    assert "before the first import of amplifier_core" in message
    assert installed == "False"


def test_it_imports_nothing_else_of_ours() -> None:
    out = run(
        "import py_app.kernel; py_app.kernel.install(); import amplifier_core\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('py_app', 'providers') and 'kernel' not in n])"
    )
    assert out == "['py_app']"


def test_every_name_of_the_native_engine_is_there() -> None:
    names = "import amplifier_core._engine as e; print(sorted(e.__all__))"
    assert run(names) == run("import py_app.kernel; py_app.kernel.install(); " + names)

"""
Writes pyodide-lock.json with pyodide-lock (PyPI). Run by .venv's Python, where pyodide-lock is installed:
`python lockfile.py` reads {"stock", "out", "wheels": {path of a source wheel: path of the compiled one}}.

pyodide-lock gives imports, dependencies (with Pyodide's markers) and hashes. Three things had to be our own:
- its `info` is that of older Pyodides (a `version`, which Pyodide 314 no longer has), so the stock lock
  file's `info` is written as it is;
- it knows the old platform tags only, so while it checks the wheels `info.platform` says what PEP 783
  wheels are tagged with;
- it finds imports by looking for .py files, and the compiled wheels have none: it is shown the source wheels,
  and then the hashes are replaced by those of the compiled ones.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pyodide_lock import PyodideLockSpec
from pyodide_lock.spec import InfoSpec
from pyodide_lock.utils import add_wheels_to_spec, update_package_sha256


def write_lock(stock: Path, out: Path, wheels: dict[Path, Path]) -> None:
    """Writes to `out` a lock that names `wheels` (source → compiled, of the same name) and nothing else."""
    info = json.loads(stock.read_text())["info"]
    tagged: dict[str, Any] = {"version": "", **info, "platform": f"pyemscripten_{info['abi_version']}"}
    spec = PyodideLockSpec(info=InfoSpec(**tagged), packages={})
    for source in wheels:  # one base folder for each, since the source wheels lie in several
        spec.packages |= add_wheels_to_spec(
            spec, [source], base_path=source.parent, ignore_missing_dependencies=True
        ).packages
    for source, compiled in wheels.items():
        (package,) = (package for package in spec.packages.values() if package.file_name == source.name)
        update_package_sha256(package, compiled)
    missing = {name for package in spec.packages.values() for name in package.depends} - set(spec.packages)
    if missing:
        raise SystemExit(
            f"These packages are required by a wheel but not in the lock: {', '.join(sorted(missing))}"
        )
    spec.check_wheel_filenames()
    lock = {"info": info, "packages": spec.model_dump()["packages"]}
    out.write_text(json.dumps(lock, indent=1, sort_keys=True))


if __name__ == "__main__":
    request = json.load(sys.stdin)
    pairs = {Path(source): Path(compiled) for source, compiled in request["wheels"].items()}
    write_lock(Path(request["stock"]), Path(request["out"]), pairs)

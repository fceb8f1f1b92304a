"""What kind of module a folder holds: amplifier.toml, a WebAssembly file, or a Python package."""

import tomllib
from pathlib import Path
from typing import cast

from .checks import expect
from .jsondata import Json

_TYPES = ("tool", "hook", "context", "approval", "provider", "orchestrator", "resolver")


def resolve_module(path: str) -> Json:
    """How the module in a folder is loaded.

    Returns `transport`, `module_type`, `artifact_type` and, by transport, `package_name`,
    `artifact_path` or `endpoint`.

    Raises RuntimeError if there is no such folder, nothing recognisable in it, or a bad amplifier.toml.
    """
    expect(path, str)
    folder = Path(path)
    if not path or not folder.exists():
        raise RuntimeError(f"module path does not exist: {path}")
    if (folder / "amplifier.toml").is_file():
        try:
            return _from_manifest(folder)
        except (ValueError, UnicodeDecodeError) as error:
            raise RuntimeError(f"failed to parse amplifier.toml at {path}: {error}") from None
    wasm = sorted(folder.glob("*.wasm")) if folder.is_dir() else []
    if wasm:
        raise RuntimeError(
            f"failed to load WASM component at {wasm[0]}: WebAssembly modules cannot run in this engine; "
            "use a Python module, or say what the file is in amplifier.toml"
        )
    package = _package(folder)
    if package is None:
        raise RuntimeError(
            f"could not detect module transport at {path}. "
            "Expected: .wasm file, amplifier.toml, or Python package (__init__.py)."
        )
    return _python("tool", package)


def _from_manifest(folder: Path) -> Json:
    manifest = tomllib.loads((folder / "amplifier.toml").read_text("utf-8"))
    module = _table(manifest, "module")
    if module is None:
        raise ValueError("missing [module] section")
    kind = module.get("type")
    if not isinstance(kind, str):
        raise ValueError("missing 'type' field in [module] section")
    if kind not in _TYPES:
        raise ValueError(f"unknown module type: {kind}")
    transport = module.get("transport")
    if transport == "grpc":
        endpoint = (_table(manifest, "grpc") or {}).get("endpoint")
        if not isinstance(endpoint, str):
            raise ValueError("gRPC transport requires [grpc] section with 'endpoint' field")
        return {"transport": "grpc", "module_type": kind, "artifact_type": "grpc", "endpoint": endpoint}
    if transport == "wasm":
        artifact = module.get("artifact")
        name = artifact if isinstance(artifact, str) else "module.wasm"
        return {
            "transport": "wasm",
            "module_type": kind,
            "artifact_type": "wasm",
            "artifact_path": str(folder / name),
        }
    # Every other transport, or none, is loaded as Python.
    return _python(kind, folder.name)


def _table(manifest: Json, name: str) -> Json | None:
    value = manifest.get(name)
    return cast(Json, value) if isinstance(value, dict) else None


def _python(kind: str, package: str) -> Json:
    return {"transport": "python", "module_type": kind, "artifact_type": "python", "package_name": package}


def _package(folder: Path) -> str | None:
    if (folder / "__init__.py").is_file():
        return folder.name
    if not folder.is_dir():
        return None
    return next((child.name for child in sorted(folder.iterdir()) if (child / "__init__.py").is_file()), None)

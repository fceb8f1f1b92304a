"""The steps of the build: set-up that is done once, wheels, dist/ and what names its files."""

from __future__ import annotations

import os
import random
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from build_steps import bundle, headers, parts, site, toolchain
from build_steps.base import ROOT, BuildError, digest, forget_old_results, is_stamped, place, write_atomic
from build_steps.dist import Dist
from build_steps.runtime import folder_name
from build_steps.runtime.wheels import pack_alcove, repack


def test_a_stamp_holds_for_the_same_inputs_only(tmp_path: Path) -> None:
    source, stamp = tmp_path / "lock", tmp_path / "stamp"
    source.write_text("one")
    stamp.write_text(digest([source]))
    assert is_stamped(stamp, digest([source]))
    source.write_text("two")
    assert not is_stamped(stamp, digest([source]))
    source.unlink()
    assert not is_stamped(stamp, digest([source]))


def test_digest_keeps_parts_apart() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    write_atomic(target, b"old")
    with pytest.raises(BuildError, match="Could not write"):
        write_atomic(target, tmp_path / "missing")
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_place_twice_leaves_no_second_name(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    for _ in range(2):
        place(tmp_path / "out" / "target", source)
    assert os.listdir(tmp_path / "out") == ["target"]


def test_old_results_are_forgotten_and_downloads_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALCOVE_CACHE", str(tmp_path))
    for path in ("runtime/old/a.whl", "runtime/new/a.whl", "compressed/old.br", "wheels/old/a.whl"):
        write_atomic(tmp_path / path, b"x")
    for path in ("runtime/old", "compressed/old.br", "wheels/old"):
        os.utime(tmp_path / path, (0, 0))
    forget_old_results()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"runtime/new/a.whl", "wheels/old/a.whl"}


def fake_tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_missing_and_an_old_node_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="node was not found") as caught:
        toolchain.check_node()
    assert "Install Node.js 20" in caught.value.action
    fake_tool(tmp_path, "npm", "exit 0")
    fake_tool(tmp_path, "node", "echo v18.19.0")
    with pytest.raises(BuildError, match=r"v18\.19\.0 is too old"):
        toolchain.check_node()
    fake_tool(tmp_path, "node", "echo v24.1.0")
    toolchain.check_node()


def test_npm_runs_again_only_when_its_lock_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder, modules = tmp_path / "bin", tmp_path / "node_modules"
    bin_folder.mkdir()
    modules.mkdir()
    fake_tool(bin_folder, "npm", f'echo "$@" >> {tmp_path}/calls')
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(toolchain, "NODE_MODULES", modules)
    for _ in range(2):
        toolchain.ensure_node_modules()
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 1
    assert calls[0].startswith("ci ")


def test_a_failed_npm_leaves_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_tool(tmp_path, "npm", "echo 'network is unreachable' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(toolchain, "NODE_MODULES", tmp_path / "node_modules")
    with pytest.raises(BuildError, match="network is unreachable"):
        toolchain.ensure_node_modules()
    assert not (tmp_path / "node_modules").exists()


def test_our_wheel_names_its_modules_and_is_the_same_each_time() -> None:
    name, content = pack_alcove()
    assert pack_alcove() == (name, content)
    with zipfile.ZipFile(BytesIO(content)) as wheel:
        names = wheel.namelist()
        (points,) = (entry for entry in names if entry.endswith("entry_points.txt"))
        assert "provider-llamacpp = providers.llamacpp:mount" in wheel.read(points).decode()
    assert "py_app/__init__.py" in names


def test_amplifier_core_keeps_its_python_files_byte_for_byte(tmp_path: Path) -> None:
    native = tmp_path / "amplifier_core-2.0.2-cp311-abi3-any.whl"
    info = "amplifier_core-2.0.2.dist-info"
    with zipfile.ZipFile(native, "w") as wheel:
        for name in ("session.py", "_engine.abi3.so", "_engine.pyi", "_grpc_gen/a.py", "cli.py", "client.py"):
            wheel.writestr(f"amplifier_core/{name}", f"# {name}\r\n")
        wheel.writestr(
            f"{info}/METADATA",
            "Name: amplifier-core\nRequires-Dist: pyyaml>=6\nRequires-Dist: pydantic>=2\n\nx",
        )
        wheel.writestr(f"{info}/licenses/LICENSE", "MIT")
    name, content = repack(native, "amplifier-core")
    assert name == "amplifier_core-2.0.2-py3-none-any.whl"
    with zipfile.ZipFile(BytesIO(content)) as pure:
        kept = {entry for entry in pure.namelist() if entry.startswith("amplifier_core/")}
        assert kept == {"amplifier_core/session.py", "amplifier_core/client.py"}
        assert pure.read("amplifier_core/session.py") == b"# session.py\r\n"
        assert pure.read(f"{info}/METADATA") == b"Name: amplifier-core\nRequires-Dist: pydantic>=2\n"
        assert f"{info}/licenses/LICENSE" in pure.namelist()


def test_of_pyyaml_nothing_native_is_taken(tmp_path: Path) -> None:
    native = tmp_path / "pyyaml-6.0.4-cp314-cp314-any.whl"
    with zipfile.ZipFile(native, "w") as wheel:
        for path in ("yaml/loader.py", "yaml/_yaml.cpython-314.so", "_yaml/__init__.py"):
            wheel.writestr(path, "#")
        for path in ("METADATA", "licenses/LICENSE"):
            wheel.writestr(f"pyyaml-6.0.4.dist-info/{path}", "Name: PyYAML\n\n")
    name, content = repack(native, "pyyaml")
    assert name == "pyyaml-6.0.4-py3-none-any.whl"
    with zipfile.ZipFile(BytesIO(content)) as pure:
        assert [entry for entry in pure.namelist() if ".dist-info/" not in entry] == ["yaml/loader.py"]


def test_dist_holds_one_build_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "dist"
    first = Dist(root)
    old = first.add_hashed("assets/main", ".js", b"one")
    first.add("index.html", old.encode())
    first.write()
    second = Dist(root)
    new = second.add_hashed("assets/main", ".js", b"two")
    second.add("index.html", new.encode())
    second.write()
    assert (root / old).is_file()  # a page that is loading still finds its files
    second.prune()
    left = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert left == {new, "index.html"}
    assert second.manifest()["index.html"]["bytes"] == len(new)


def test_compressed_twins_are_left_out_and_taken_away_again(tmp_path: Path) -> None:
    for precompressed in (True, False):
        dist = Dist(tmp_path / "dist")
        dist.add("assets/main-ABCD1234.js", b"export const answer = 42;\n" * 100)
        dist.write()
        if precompressed:
            dist.compress()
        dist.prune()
        names = {path.name for path in (tmp_path / "dist" / "assets").iterdir()}
        twins = {"main-ABCD1234.js.br", "main-ABCD1234.js.gz"} if precompressed else set[str]()
        assert names == {"main-ABCD1234.js"} | twins


def test_a_large_file_is_cut_once_and_joined_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALCOVE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(parts, "_PART_BYTES", 1000)
    whole = tmp_path / "model.gguf"
    whole.write_bytes(random.Random(1).randbytes(2500))
    cut = parts.cut(whole, "a" * 64)
    assert [part.stat().st_size for part in cut] == [1000, 1000, 500]
    assert b"".join(part.read_bytes() for part in cut) == whole.read_bytes()
    cut[1].write_bytes(b"cut short")
    times = [cut[0].stat().st_mtime_ns, cut[2].stat().st_mtime_ns]
    assert parts.cut(whole, "a" * 64) == cut
    assert b"".join(part.read_bytes() for part in cut) == whole.read_bytes()
    assert [cut[0].stat().st_mtime_ns, cut[2].stat().st_mtime_ns] == times


def test_the_page_names_its_built_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "web").mkdir()
    page = tmp_path / "web" / "index.html"
    monkeypatch.setattr(site, "ROOT", tmp_path)
    scripts = bundle.Scripts(
        tmp_path, main="main-X.js", style="style-Y.css", first_load=["main-X.js", "a-Z.js"]
    )
    charset = '<meta charset="utf-8">'
    page.write_text(f'<head>{charset}<link href="./style.css"><script src="./main.ts"></script></head>')
    policy = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(headers.POLICY)}">'
    assert site._page(scripts) == (
        f"<head>{charset}\n    {policy}"
        '<link href="./assets/style-Y.css"><script src="./assets/main-X.js"></script>'
        '<link rel="modulepreload" href="./assets/a-Z.js">\n</head>'
    )
    page.write_text("<head></head>")
    with pytest.raises(BuildError, match="exactly once"):
        site._page(scripts)


def test_a_missing_entry_point_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "ROOT", tmp_path)
    with pytest.raises(BuildError, match=r"python\.worker\.ts is missing"):
        bundle.bundle_scripts(tmp_path / "out", {})


def test_hashed_places_are_the_only_immutable_ones() -> None:
    for path in ("assets/main-ABCD1234.js", "pyodide-0123456789/pyodide.mjs", "models/m-0123456789.gguf"):
        assert headers.cache_control(path) == headers.IMMUTABLE
    for path in ("index.html", "alcove.js", "sw.js", "build.json", "icons/alcove.svg"):
        assert headers.cache_control(path) == headers.REVALIDATE


def test_the_runtime_folder_is_named_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"1")
    before = folder_name(tmp_path)
    (tmp_path / "a.whl").write_bytes(b"2")
    assert folder_name(tmp_path) != before


def test_no_host_is_written_into_the_lock_files() -> None:
    for name in (
        "requirements-dev.lock",
        "requirements-pyodide.lock",
        "requirements-models.lock",
        "package-lock.json",
    ):
        text = (ROOT / name).read_text()
        assert "index-url" not in text
        assert '"resolved"' not in text

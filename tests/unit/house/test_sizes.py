"""Files stay short enough to read at one sitting, folders small enough to look over; both can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from sizes import LONGER, MOST_FILES, MOST_LINES, sources, too_full, too_long

_ROOT = Path(__file__).resolve().parents[3]


def test_no_source_file_is_too_long() -> None:
    if found := too_long(_ROOT, sources(_ROOT)):
        pytest.fail("\n".join(found), pytrace=False)


def test_no_folder_is_too_full() -> None:
    if found := too_full(sources(_ROOT)):
        pytest.fail("\n".join(found), pytrace=False)


def test_the_project_s_own_sources_are_counted() -> None:
    found = sources(_ROOT)
    assert {"build.py", "web/main.ts", "web/style.css", *LONGER} <= set(found)
    assert not [path for path in found if path.startswith(("node_modules/", ".venv/", "dist/"))]


def test_a_long_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("x\n" * MOST_LINES)
    assert too_long(tmp_path, ["a.ts"], {}) == []
    (tmp_path / "a.ts").write_text("x\n" * (MOST_LINES + 1))
    assert too_long(tmp_path, ["a.ts"], {}) == [
        "a.ts has 401 lines, 400 at most: give one of its subjects a file of its own."
    ]
    assert too_long(tmp_path, ["a.ts"], {"a.ts": "a reason"}) == []


def test_an_exception_that_is_not_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("x\n")
    for paths in (["a.ts"], []):
        (line,) = too_long(tmp_path, paths, {"a.ts": "a reason"})
        assert "remove it from LONGER" in line


def test_a_full_folder_is_told_with_what_to_do() -> None:
    files = [f"web/sdk/{number}.ts" for number in range(MOST_FILES)]
    assert too_full([*files, "web/sdk/store/1.ts", "web/1.ts"]) == []
    assert too_full([*files, "web/sdk/30.py"]) == [
        "web/sdk holds 31 source files, 30 at most: give those of one subject a folder of their own."
    ]

"""No export without an importer, in the project; and the test of it can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import unused_exports

_ROOT = Path(__file__).resolve().parents[3]


def test_every_export_is_imported_somewhere() -> None:
    """By a test alone is enough. alcove.js's exports are for embedders."""
    if found := unused_exports(_ROOT, ["web", "workers"], "tests", "web/sdk/index.ts"):
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.parametrize(
    "declared",
    [
        "export const used = 1;",
        "export async function used(): Promise<void> {}",
        "export abstract class used {}",
        "export interface used {}",
        "export type used = 1;",
        "const used = 1;\nexport { used };",
        "const own = 1;\nexport { own as used };",
    ],
)
@pytest.mark.parametrize(
    "imported",
    [
        'import { other, used } from "./a.ts";',
        'import { other, used as own } from "./a.ts";',
        'import { other, type used } from "./a.ts";',
        'import type {\n  other, // why\n  used,\n} from "./a.ts";',
        'export { other, used } from "./a.ts";',
        'export * from "./a.ts";',
        'import * as all from "./a.ts";',
        'const { used } = await import("./a.ts");',
    ],
)
def test_an_import_is_use(declared: str, imported: str, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.ts").write_text(f"{declared}\nexport const other = 1;\n")
    for importer in ("web/b.ts", "tests/b.test.ts"):
        (tmp_path / importer).parent.mkdir(exist_ok=True)
        (tmp_path / importer).write_text(imported.replace("./", "../web/"))
        assert unused_exports(tmp_path, ["web"], "tests", "") == []
        (tmp_path / importer).write_text('import "../web/a.ts";\nawait import("../web/a.ts");\n')
        told = unused_exports(tmp_path, ["web"], "tests", "")
        assert [line.partition(",")[0] for line in sorted(told)] == [
            "web/a.ts exports other",
            "web/a.ts exports used",
        ]
        assert "un-export it, or delete it" in told[0]
        assert unused_exports(tmp_path, ["web"], "tests", "web/a.ts") == []

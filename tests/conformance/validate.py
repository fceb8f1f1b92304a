"""Runs amplifier_core's own module suites on one engine (`validate.py native|kernel`); prints JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class Outcomes:
    """A pytest plugin that keeps each test's outcome."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.by_test[report.nodeid] = report.outcome


def main(engine: str) -> None:
    if engine == "kernel":
        # Before pytest starts: amplifier_core's plugin imports the engine as it loads.
        sys.path.insert(0, str(HERE.parent.parent))
        import py_app.kernel

        py_app.kernel.install()
    import pytest

    outcomes = Outcomes()
    files = sorted(map(str, (HERE / "modules").glob("*/check_module.py")))
    options = [
        "-c",
        os.devnull,
        "--rootdir",
        str(HERE / "modules"),
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
    ]
    code = pytest.main([*files, *options, "-o", "asyncio_mode=auto"], plugins=[outcomes])
    import amplifier_core

    print(
        "\n" + json.dumps({"engine": amplifier_core.RustSession.__module__, "outcomes": outcomes.by_test}),
        flush=True,
    )
    # The native engine's threads can crash an interpreter that shuts down in an orderly way.
    os._exit(int(code))


if __name__ == "__main__":
    main(sys.argv[1])

"""`build.py bench`: measures the built site in a real Chromium and prints a table."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import agents_measure
from lab import ROOT, Figure, SiteServer
from measures import MEASURES, ONLY_BY_NAME
from playwright.sync_api import sync_playwright

from browsers import CHROMIUM_FLAGS, chromium_path  # isort: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--every", type=int, default=1, help="agents: every so many prompts only")
    parser.add_argument("names", nargs="*", help="only these measures")
    args = parser.parse_args()
    agents_measure.every = args.every
    site = SiteServer(ROOT / "dist", port=0)
    site.start()
    figures: list[Figure] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for measure in MEASURES:
            named = measure.__name__ in args.names
            if not named and (args.names or measure in ONLY_BY_NAME):
                continue
            for figure in measure(browser, site):
                figures.append(figure)
                mark = {True: "ok", False: "MISSED", None: ""}[figure.ok]
                print(
                    f"{figure.name:<58} {figure.value:>10g} {figure.unit:<9} {figure.bound:<8} {mark}",
                    flush=True,
                )
        browser.close()
    site.stop()
    if args.json:
        rows = {figure.name: figure.row() for figure in figures}
        args.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    return 1 if any(figure.ok is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())

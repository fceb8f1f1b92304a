"""What the tests of models on disk look at and choose."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page
from waiting import wait_for

SHIPPED = "smollm2-135m-instruct"

# Names and sizes of what lies in the folder of the models.
LOOK = """async () => {
  const root = await navigator.storage.getDirectory();
  const found = {};
  try {
    for await (const [name, handle] of (await root.getDirectoryHandle("models")).entries()) {
      found[name] = (await handle.getFile().catch(() => ({ size: -1 }))).size;
    }
  } catch {}
  return found;
}"""


def wait_shipped(page: Page) -> None:
    """Waits until the model of the site is here."""
    here = f"alcove.models.list().then((all) => all.find(({{ id }}) => id === '{SHIPPED}').cached)"
    wait_for(page, lambda: page.evaluate(here), "the model of the site is here")


def choose(page: Page, *files: Path) -> None:
    page.evaluate(
        """() => {
          document.querySelector("#chosen")?.remove();
          const field = document.createElement("input");
          Object.assign(field, { type: "file", multiple: true, id: "chosen" });
          document.body.append(field);
        }"""
    )
    page.set_input_files("#chosen", files)


def own_models(page: Page) -> list[str]:
    return page.evaluate(
        "alcove.models.list().then((all) => all.filter((m) => m.verified === 'own').map((m) => m.id))"
    )

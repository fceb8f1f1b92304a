"""Vision models that a hub holds: a hub on this machine with small pairs at the paths of real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import ROOT
from hub import Hub, hub_path, mirrored
from llamacpp import load, open_engine
from looking import encode, file, look
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from vision_models import MLP, SMOL, Shape, model_entry, write_pair
from waiting import wait_until

from build_steps.serve import SiteServer

LISTED: list[dict[str, Any]] = json.loads((ROOT / "models/catalogue/vision/hub.json").read_text())
SMOLVLM = next(model for model in LISTED if model["id"] == "smolvlm-256m-instruct-q8_0")
# Nobody published its hashes: a small pair may stand in for it on a mirror.
UNPINNED = next(model for model in LISTED if model["id"] == "internvl3-1b-instruct-q8_0")
PICTURE = encode(Image.effect_noise((200, 150), 90))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as running:
        yield running


@pytest.fixture
def page(onlooker: BrowserContext, site: SiteServer) -> Page:
    """A worker of its own, in the browser of somebody who has no files yet."""
    return open_engine(onlooker, site)


def on_hub(hub: Hub, folder: Path, model: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """`model` of the list with a small pair, of which nobody published a hash, in place of its files."""
    paths = [hub_path(entry["url"]) for entry in model["files"]]
    for path, local in zip(paths, write_pair(folder, "pair", shape), strict=True):
        hub.files[path] = local.read_bytes()
    sizes = [entry["bytes"] for entry in model["files"]]
    files = [{"url": hub.address(path), "bytes": size} for path, size in zip(paths, sizes, strict=True)]
    return {**model, "files": files}


def download(page: Page, model: dict[str, Any]) -> str | None:
    """The code of the error, if there was one."""
    return page.evaluate(
        "(model) => engine.call('download', { model, base }).done.then(() => null, (error) => error.code)",
        model,
    )


def cached(page: Page, *models: dict[str, Any]) -> list[str]:
    return page.evaluate("(models) => engine.call('cached', { models, base }).done", list(models))


def test_a_pair_comes_from_a_hub_once_and_sees(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, SMOL)
    result = load(page, model)
    assert result["error"] is None
    assert "downloading" in result["stages"]
    answer = look(page, file(PICTURE))
    assert answer["error"] is None
    assert answer["usage"]["image_tokens"] > SMOL.image_tokens
    assert cached(page, model) == [model["id"]]
    seen = len(hub.seen)
    page.evaluate("() => engine.call('unload', {}).done")
    assert load(page, model)["error"] is None
    assert len(hub.seen) == seen, "it is on this device"
    page.evaluate("(model) => engine.call('remove', { model, base }).done", model)
    assert cached(page, model) == []


def test_tiles_are_as_many_as_the_list_finds_worth_it(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, Shape(kind="idefics3", context=2048, tiles=4 * SMOL.image))
    counts: list[int] = []
    for tiles in (4, 1):
        vision = {"size": tiles * SMOL.image, "fit": "keep"}
        assert load(page, {**model, "id": f"tiles{tiles}", "vision": vision})["error"] is None
        counts.append(look(page, file(PICTURE))["usage"]["image_tokens"] // SMOL.image_tokens)
    assert counts[0] > 10
    assert counts[1] == 2, "one tile, and the whole"


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    ("fault", "code"),
    [("missing", "download-failed"), ("page", "download-failed"), ("short", "model-invalid")],
)
def test_what_a_hub_sends_instead_is_told_and_not_kept(
    page: Page, hub: Hub, tmp_path: Path, which: int, fault: str, code: str
) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, SMOL)
    hub.faults[hub_path(SMOLVLM["files"][which]["url"])] = fault
    assert download(page, model) == code
    assert load(page, model)["error"]["code"] == code
    assert cached(page, model) == []
    hub.faults.clear()
    assert load(page, model)["error"] is None


def test_another_file_than_the_published_one_is_refused(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, SMOL)
    published = SMOLVLM["files"][0]["sha256"]
    first = {
        **model["files"][0],
        "sha256": published,
        "bytes": len(hub.files[hub_path(SMOLVLM["files"][0]["url"])]),
    }
    pinned = {**model, "files": [first, model["files"][1]]}
    assert download(page, pinned) == "integrity"
    assert cached(page, pinned) == []


def test_a_download_that_broke_goes_on(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, SMOL)
    path = hub_path(SMOLVLM["files"][1]["url"])
    hub.faults[path] = "cut"
    assert download(page, model) is None
    half = len(hub.files[path]) // 2
    assert hub.seen[-1] == f"{path} bytes={half}-"
    assert load(page, model)["error"] is None


def test_a_language_model_in_place_of_the_projector_is_told(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = on_hub(hub, tmp_path, SMOLVLM, SMOL)
    hub.files[hub_path(SMOLVLM["files"][1]["url"])] = hub.files[hub_path(SMOLVLM["files"][0]["url"])]
    error = load(page, model)["error"]
    assert error["code"] == "model-invalid"
    assert "projector" in error["message"]
    seen = len(hub.seen)
    assert load(page, model)["error"]["code"] == "model-invalid"
    assert len(hub.seen) == seen, "it would be the same file again"


def test_a_pair_of_the_persons_own_is_imported(page: Page, tmp_path: Path) -> None:
    pair = [list(path.read_bytes()) for path in write_pair(tmp_path, "own")]
    result = page.evaluate(
        """async ([model, projector]) => {
          const file = (bytes, name) => new File([new Uint8Array(bytes)], name);
          const call = (args) => engine.call("import", args).done.catch((error) => ({ error }));
          const alone = await call({ files: [file(projector, "p.gguf")] });
          const swapped = await call({ files: [file(model, "m.gguf")], projector: file(model, "m.gguf") });
          const spec = await call({ files: [file(model, "m.gguf")], projector: file(projector, "p.gguf") });
          return { alone: alone.error.code, swapped: swapped.error.code, spec };
        }""",
        pair,
    )
    assert result["alone"] == "unsupported"
    assert result["swapped"] == "model-invalid"
    spec = result["spec"]
    assert spec["id"].startswith("local-")
    assert [len(entry["sha256"]) for entry in spec["files"]] == [64, 64]
    assert load(page, spec)["error"] is None
    assert look(page, file(PICTURE))["usage"]["image_tokens"] == MLP.image_tokens


def test_the_page_lists_them_and_a_mirror_moves_them(
    onlooker: BrowserContext, copied_site: Path, hub: Hub, tmp_path: Path
) -> None:
    on_hub(hub, tmp_path, UNPINNED, SMOL)
    with mirrored(copied_site, hub) as server:
        page = onlooker.new_page()
        page.goto(server.url)
        wait_until(page, "window.alcove")
        listed = page.evaluate("async () => alcove.models.list()")
        seeing = {entry["id"]: entry for entry in listed if entry["sees"]}
        assert {model["id"] for model in LISTED} <= set(seeing)
        entry = seeing[UNPINNED["id"]]
        assert not entry["cached"]
        assert not entry["shipped"]
        assert entry["bytes"] == sum(one["bytes"] for one in UNPINNED["files"])
        result = page.evaluate(
            """async ({ id, bytes }) => {
              await alcove.models.download(id);
              const entry = (await alcove.models.list()).find((each) => each.id === id);
              const eye = await alcove.openVision({ model: id });
              const picture = new Blob([new Uint8Array(bytes)]);
              const said = await eye.describe(picture, "Describe.", { maxTokens: 4 });
              return { cached: entry.cached, tokens: said.imageTokens };
            }""",
            {"id": UNPINNED["id"], "bytes": list(PICTURE)},
        )
    assert result["cached"]
    assert result["tokens"] > 0


def test_a_projector_of_another_model_is_named(page: Page, hub: Hub, tmp_path: Path) -> None:
    model = model_entry("mixed", on_hub(hub, tmp_path, SMOLVLM, MLP)["files"])
    _, other = write_pair(tmp_path, "other", Shape(projection=64))
    hub.files[hub_path(SMOLVLM["files"][1]["url"])] = other.read_bytes()
    error = load(page, model)["error"]
    assert error["code"] == "model-invalid"
    assert "another model" in error["message"]


def test_a_person_downloads_one_stops_and_goes_on(
    onlooker: BrowserContext, copied_site: Path, hub: Hub, tmp_path: Path
) -> None:
    on_hub(hub, tmp_path, UNPINNED, SMOL)
    [language, _] = [hub_path(entry["url"]) for entry in UNPINNED["files"]]
    hub.faults[language] = "held"
    with mirrored(copied_site, hub) as server:
        page = onlooker.new_page()
        page.goto(server.url + "#vision")
        page.get_by_test_id("vision-model").click()
        row = page.get_by_test_id("vision-models").get_by_test_id("model").filter(has_text="InternVL3 1B")
        row.get_by_test_id("model-use").click()
        expect(row.get_by_test_id("model-progress")).to_be_visible()
        row.get_by_test_id("model-cancel").click()
        expect(row.get_by_test_id("model-progress")).to_have_count(0)
        expect(row.get_by_test_id("model-failure")).to_have_count(0)
        expect(page.get_by_test_id("vision-models")).to_be_visible()
        hub.faults.clear()
        row.get_by_test_id("model-use").click()
        expect(page.get_by_test_id("vision-models")).to_have_count(0)
        expect(page.get_by_test_id("vision-model-name")).to_contain_text("InternVL3 1B")

"""What is no bundle, or means harm: told by name, and nothing of it is kept."""

from __future__ import annotations

import io
import zipfile

import pytest
from bundles import MINIMAL, Bench, zipped

from py_app.agents.archive import files_at
from py_app.errors import AlcoveError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\nbundle:\n  name: a\n tools: [\n---\n", "bundle.md, line 4"),
        ("---\nbundle: {name: a}\nx: !!python/object/apply:os.system [ls]\n---\n", "bundle.md, line 3"),
        ("---\nbundle: {name: a}\nx: !secret y\n---\n", "bundle.md, line 3"),
        ("---\nbundle: {name: a}\n\ttools: []\n---\n", "bundle.md, line 3"),
        ("---\nbundle: {name: a}\n", "is not ended"),
        ("---\n- a\n- b\n---\n", "a bundle is a table"),
        ("---\nbundle: [a]\n---\n", '"bundle" must be a table'),
        ("---\nbundle: {name: 3}\n---\n", '"name" must be a text'),
        ("---\nbundle: {name: a}\ntools: {module: x}\n---\n", '"tools" must be a list'),
        ("---\nbundle: {name: a}\ntools: [tool-x]\n---\n", "a module's name"),
        ("---\nbundle: {name: a}\ntools: [{module: x, config: [1]}]\n---\n", '"config" of x'),
        ("---\nbundle: {name: a}\nsession: x\n---\n", '"session" must be a table'),
        ("---\nbundle: {name: a}\nsession: {orchestrator: [1]}\n---\n", "session.orchestrator"),
        ("---\nbundle: {name: a}\nincludes: x.yaml\n---\n", '"includes" must be a list'),
        ("---\nbundle: {name: a}\nincludes: [../../../etc/passwd]\n---\n", "leads out"),
        ("---\nbundle: {name: a}\nincludes: [/etc/passwd]\n---\n", "leads out"),
        ("---\nbundle: {name: a}\ncontext: {include: [/etc/passwd]}\n---\n", "leads out"),
        ("---\nbundle: {name: a}\nx: *nowhere\n---\n", "line 3"),
        ("---\nbundle: {name: a}\nx: 2024-13-45\n---\n", "month"),
        ("", "is empty"),
        ("\0\0", "is no text"),
        ("x" * 1_000_001, "too long"),
        ("---\na: " + "[" * 2000 + "]" * 2000 + "\n---\n", "deep"),
    ],
)
async def test_a_text_that_is_no_bundle(text, says):
    assert says in await Bench().refused(text)


async def test_aliases_that_make_much_of_little():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "holds too much" in await Bench().refused("bundle: {name: a}\n" + "\n".join(lines), "bundle.yaml")
    assert "holds too much" in await Bench().refused("bundle: {name: a}\na: &a [*a]\n", "bundle.yaml")


async def test_merged_tables_that_make_much_of_little():
    lines = [f"a0: &a0 {{{', '.join(f'k{n}: 1' for n in range(9))}}}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)]
    assert "holds too much" in await Bench().refused("bundle: {name: a}\n" + "\n".join(lines), "bundle.yaml")
    assert "deeply" in await Bench().refused("bundle: {name: a}\na: &a {<<: *a}\n", "bundle.yaml")
    good = "base: &base {name: a}\nbundle: {<<: *base, description: b}\n"
    told = await Bench().report(good, "bundle.yaml")
    assert (told["name"], told["description"]) == ("a", "b")


async def test_front_matter_may_be_empty():
    assert (await Bench().report("---\n---\nYou count.\n---\nAnd so on.\n"))["instruction"].startswith(
        "You count."
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
async def test_a_byte_order_mark_says_how_to_read_it(encoding):
    told = await Bench().report(MINIMAL.replace("Counts.", "Zählt 数.").encode(encoding))
    assert told["description"] == "Zählt 数."


async def test_line_ends_of_other_systems():
    assert (await Bench().report(MINIMAL.replace("\n", "\r\n")))["mounted"] == ["tool-alcove-calculator"]


async def test_another_encoding_is_told_with_its_line():
    said = await Bench().refused(MINIMAL.replace("Counts.", "Zählt.").encode("latin-1"))
    assert said == "bundle.md is no UTF-8 text (line 4)."


@pytest.mark.parametrize(
    "name", ["../bundle.md", "/bundle.md", "a/../../bundle.md", "C:/bundle.md", "a\\b.md"]
)
async def test_names_that_lead_out(name):
    assert "leads out" in await Bench().refused(zipped({"bundle.md": MINIMAL, name: "x"}), "b.zip")
    assert "leads out" in await Bench().refused({"bundle.md": MINIMAL, name: "x"})


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("a", "a/b/c")])
async def test_a_name_that_is_a_file_and_a_folder(names):
    files = {"bundle.md": MINIMAL, **dict.fromkeys(names, "x")}
    assert "both a file and a folder" in await Bench().refused(zipped(files), "b.zip")


@pytest.mark.parametrize("name", [".", "é" * 200 + ".md"])
async def test_names_that_are_none(name):
    assert "or is none" in await Bench().refused(zipped({"bundle.md": MINIMAL, name: "x"}), "b.zip")


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_a_zip_that_is_damaged_within(packed):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as archive:
        archive.writestr("bundle.md", MINIMAL * 20)
    damaged = bytearray(out.getvalue())
    for at in range(50, 90, 3):
        damaged[at] ^= 255
    assert "no zip that can be read" in await Bench().refused(bytes(damaged), "b.zip")


async def test_links_are_not_followed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("bundle.md", MINIMAL)
        link = zipfile.ZipInfo("passwords")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert '"passwords" is a link' in await Bench().refused(out.getvalue(), "b.zip")


def test_links_in_a_folder_are_not_followed_either(tmp_path):
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/link").symlink_to("/etc/passwd")
    (tmp_path / "bundle.md").write_text(MINIMAL)
    assert [name for name, _ in files_at(tmp_path)] == [f"{tmp_path.name}/bundle.md"]
    (tmp_path / "passwords").symlink_to("/etc/passwd")
    with pytest.raises(AlcoveError, match="is a link"):
        files_at(tmp_path)


async def test_zips_that_grow():
    assert "too large" in await Bench().refused(
        zipped({"bundle.md": MINIMAL, "zeros": b"\0" * (65 * 2**20)}), "b.zip"
    )
    assert "too large" in await Bench().refused(b"PK\x03\x04" + b"\0" * (50 * 2**20), "b.zip")
    many = zipped({f"{n}.txt": "" for n in range(10_001)})
    assert "10,000 files" in await Bench().refused(many, "b.zip")


async def test_a_zip_that_lies_about_its_sizes():
    bomb = bytearray(zipped({"bundle.md": MINIMAL, "zeros": b"\0" * (65 * 2**20)}))
    size = (65 * 2**20).to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    await Bench().refused(bytes(bomb), "b.zip")


async def test_damaged_and_empty_zips():
    whole = zipped({"bundle.md": MINIMAL})
    assert "no zip" in await Bench().refused(whole[:-30], "b.zip")
    assert "no files" in await Bench().refused(zipped({}), "b.zip")
    assert "no bundle" in await Bench().refused(zipped({"a.txt": "", "b.txt": ""}), "b.zip")
    two = zipped({"one/bundle.md": MINIMAL, "two/bundle.md": MINIMAL})
    assert "several bundles in it: one, two" in await Bench().refused(two, "b.zip")


async def test_a_name_that_is_file_and_folder():
    assert "both a file and a folder" in await Bench().refused({"bundle.md": MINIMAL, "a": "x", "a/b": "y"})


async def test_what_belongs_to_tools_is_left_out():
    from py_app.agents.archive import collect

    files = collect([("r/bundle.md", b"x"), ("r/.git/config", b"y"), ("r/node_modules/a.js", b"z")])
    assert list(files) == ["r/bundle.md"]

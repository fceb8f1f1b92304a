"""What pdf.js loads when a file asks for it: decoders of pictures, and maps of letters."""

from __future__ import annotations

import io
import zipfile

from .base import digest
from .dist import Dist
from .toolchain import NODE_MODULES

MAPS_STEM = "assets/pdf-maps"
_PDFJS = NODE_MODULES / "pdfjs-dist"


def add_pdf(dist: Dist) -> dict[str, str]:
    """Adds them with their licences; returns their places as workers/build.ts has them."""
    return {
        "pdfDecoders": _add_decoders(dist),
        "pdfMaps": dist.add_hashed(MAPS_STEM, ".zip", _maps()),
    }


def _add_decoders(dist: Dist) -> str:
    """For JPEG 2000 and colour profiles, by the names that pdf.js asks for; the folder changes with them."""
    files = [path for path in sorted((_PDFJS / "wasm").iterdir()) if path.suffix != ".js"]
    folder = f"assets/pdf-{digest(files)[:10]}/"
    for path in files:
        dist.add(f"{folder}{path.name}", path.read_bytes())
    return folder


def _maps() -> bytes:
    """Of Chinese, Japanese and Korean; one archive, since they are 169 files."""
    maps = io.BytesIO()
    with zipfile.ZipFile(maps, "w") as archive:
        for path in sorted((_PDFJS / "cmaps").iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return maps.getvalue()

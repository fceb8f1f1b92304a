"""Pictures and papers that tests hand to the page as files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw


def disc(colour: str = "red", *, size: tuple[int, int] = (200, 160), kind: str = "PNG") -> bytes:
    """A picture file of one disc on white."""
    image = Image.new("RGB", size, "white")
    width, height = size
    box = (width * 0.3, height * 0.2, width * 0.7, height * 0.8)
    ImageDraw.Draw(image).ellipse(box, fill=colour)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def png(pixels: Any) -> bytes:
    """`pixels`: a numpy array of scenes.py."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def pdf(pages: Sequence[Any]) -> bytes:
    """A PDF with one picture a page."""
    first, *rest = (Image.fromarray(page) for page in pages)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF that opens with a password only: nobody knows it, for its check is made up."""
    check = "<" + "5a" * 32 + ">"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O {check} /U {check} >>",
    ]
    out, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = "<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>"
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def file(name: str, kind: str, content: bytes) -> dict[str, Any]:
    """As Playwright's `set_input_files` wants it."""
    return {"name": name, "mimeType": kind, "buffer": content}


# What a person would take from another window: a DataTransfer with one file.
_CARRY = """async ([name, type, bytes, how]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const tab = document.querySelector("vision-tab");
  if (how === "paste") document.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  else for (const event of ["dragover", "drop"]) tab.dispatchEvent(
    new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def carry(page: Any, how: str, name: str, kind: str, content: bytes) -> None:
    """Pastes or drops (`how`) a file onto the Vision tab."""
    page.evaluate(_CARRY, [name, kind, list(content), how])

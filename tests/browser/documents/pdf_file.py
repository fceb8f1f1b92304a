"""A PDF with a text layer, as small as one can be."""

from __future__ import annotations

from collections.abc import Sequence

# Chinese as files have it that embed no font and leave to the reader which letter is which.
_CHINESE = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong /Encoding /GBK-EUC-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType0 /BaseFont /STSong "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /STSong /Flags 4 /FontBBox [0 0 1000 1000] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)


def pdf_of(pages: Sequence[Sequence[str] | bytes]) -> bytes:
    """
    A page for each sequence of lines, Latin or Chinese, or for a scan: a JPEG of 1190 × 1684 pixels. An
    empty one holds a grey box and no text.
    """
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        _CHINESE,
    ]
    kids: list[str] = []
    for lines in pages:
        picture = ""
        if isinstance(lines, bytes):
            about = "/Width 1190 /Height 1684 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
            scan = f"<< /Type /XObject /Subtype /Image {about} /Length {len(lines)} >>"
            objects.append(f"{scan}\nstream\n{lines.decode('latin-1')}\nendstream")
            picture = f"/XObject << /Scan {len(objects)} 0 R >>"
            drawn = "595 0 0 842 0 0 cm /Scan Do"
        elif lines:
            shown = " T* ".join(map(_shown, lines))
            drawn = f"BT 14 TL 60 780 Td {shown} ET"
        else:
            drawn = "0.5 g 60 60 400 400 re f"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> {picture} >> /Contents {number + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010} 00000 n \n".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _shown(line: str) -> str:
    if line.isascii():
        return f"/F1 11 Tf ({_escaped(line)}) Tj"
    return f"/F2 11 Tf <{line.encode('gbk').hex()}> Tj"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

"""Visual feedback.

Draws a picture, looks at it, and paints it anew until the model sees the colour that was wanted.
"""

import struct
import zlib

from py_app.vision import VisionProcessor

WANTED = "blue"
PAINTS = {"red": (220, 40, 40), "green": (40, 160, 70), "blue": (40, 80, 220)}
SIDE = 224


def disc(paint: tuple[int, int, int]) -> bytes:
    """A PNG of a disc on white."""
    middle, radius = SIDE // 2, SIDE // 5
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)  # this row's filter: none
        for x in range(SIDE):
            inside = (x - middle) ** 2 + (y - middle) ** 2 < radius**2
            rows += bytes(paint if inside else (255, 255, 255))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(rows))), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


vision = VisionProcessor()
for name, paint in PAINTS.items():
    print(f"Painting a disc in {name}.")
    seen = await vision.process_image_async(disc(paint), "What colour is it?", max_tokens=24)
    print(f"The model sees: {seen}")
    if WANTED in seen.lower():
        print("That is what was wanted.")
        break
else:
    print(f"No paint looked {WANTED} to this model.")

"""Document understanding.

Reads one page (document.png, or what the camera shows), asks more of it, and makes a record of it all.
"""

import json
from pathlib import Path

from py_app.vision import VisionProcessor, capture

QUESTIONS = {
    "text": "Read the text.",
    "shapes": "How many shapes are there?",
    "summary": "Describe the image.",
}

document = Path("document.png")
page = document.read_bytes() if document.exists() else await capture("camera")

vision = VisionProcessor()
record = {}
for name, question in QUESTIONS.items():
    record[name] = await vision.process_image_async(page, question, max_tokens=64, read=name == "text")
    print(f"{name}: {record[name]}")

Path("document.json").write_text(json.dumps(record, indent=2))
print("Kept document.json.")
record

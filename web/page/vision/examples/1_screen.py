"""Screen capture and analysis.

Takes a picture of a screen or a window that you choose, keeps it as a file, and says what is on it and
written there.
"""

from pathlib import Path

from py_app.vision import VisionProcessor, capture

screenshot = Path("screenshot.png")
screenshot.write_bytes(await capture("screen"))
print(f"Kept {screenshot.name}: {screenshot.stat().st_size} bytes.")

vision = VisionProcessor()
print(await vision.process_image_async(screenshot, "What's on the screen?"))

"""`om1_vlm.VideoStream` over the page's camera."""

from .video_stream import VideoStream

__all__ = ["VideoStream"]

"""Where older code finds `connect`."""

from .asyncio.client import ClientConnection, connect

__all__ = ["ClientConnection", "connect"]

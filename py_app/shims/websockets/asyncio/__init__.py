"""As `websockets.asyncio`."""

"""Response headers of the site: one table for our own server, the service worker and all hosts (hosts.py)."""

from __future__ import annotations

import re

# Cross-origin isolation: it gives the page shared memory, hence threads and Python's interrupt buffer.
ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}

SECURITY = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self' blob:",  # wllama, the trial of threads and the shrinking of pictures
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            # https: a hub of models, or a mirror of one. The others: a server of the person's own.
            "connect-src 'self' blob: data: https: http://localhost:* http://127.0.0.1:*",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

MIME_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gguf": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}

# Folders, as patterns, in which every path changes with its content.
FOREVER = ("assets", "models", "pyodide-[0-9a-f]{10}")

_FOREVER = re.compile(f"^(?:{'|'.join(FOREVER)})/")


def cache_control(path: str) -> str:
    """For a path relative to the site's root: whatever lies in a hashed place never changes."""
    return IMMUTABLE if _FOREVER.match(path) else REVALIDATE

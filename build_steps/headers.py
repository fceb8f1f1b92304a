"""Response headers of the site: one table for our own server, the service worker and all hosts (hosts.py)."""

from __future__ import annotations

import base64
import hashlib
import re

from .base import ROOT

# Cross-origin isolation: it gives the page shared memory, hence threads and Python's interrupt buffer.
ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}

# The socket of a robot, or of `build.py vila`, on this very device.
_SOCKETS = "ws://localhost:* ws://127.0.0.1:*"

# The one inline script: of the frame that holds an interpreter, which takes over the page's policy.
_FRAME = (ROOT / "workers" / "interpreter" / "frame.html").read_text()
_FRAME_HASH = base64.b64encode(
    hashlib.sha256(_FRAME.partition("<script>")[2].partition("</script>")[0].encode()).digest()
).decode()

# The content security policy, a directive a line; index.html holds it too, for hosts that send no headers.
POLICY = (
    "default-src 'self'",
    f"script-src 'self' 'wasm-unsafe-eval' 'sha256-{_FRAME_HASH}'",
    "worker-src 'self' blob:",  # wllama, the trial of threads and the shrinking of pictures
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    # A hub of models, a mirror of one, a server of the person's, a ViLA server: which, workers/wire/gate.ts
    # holds, for sockets as for requests. Browsers see to it that a page that came over https asks an http
    # server on this very device only; a socket goes over TLS or stays on this device.
    f"connect-src 'self' blob: data: https: http: wss: {_SOCKETS}",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    # Scripts' addresses, an interpreter's frame, the sanitiser's markup, Lit's own templates.
    "trusted-types alcove alcove-frame alcove-markdown lit-html",
)
# A browser takes these from a header only.
_HEADER_ONLY = ("frame-ancestors 'none'",)

SECURITY = {
    "Content-Security-Policy": "; ".join((*POLICY, *_HEADER_ONLY)),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

MIME_TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".gguf": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".onnx": "application/octet-stream",
    ".mem": "application/octet-stream",
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

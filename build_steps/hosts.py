"""
The site's headers as each kind of host wants to be told, made from the one table in headers.py. What a host
reads by itself lies at the root of dist/; what a person copies into a configuration lies in dist/hosts/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from .compress import ENCODINGS
from .headers import FOREVER, IMMUTABLE, ISOLATION, MIME_TYPES, REVALIDATE, SECURITY

# What a person replaces in the recipes.
PORT = "8080"
ROOT = "/var/www/alcove"

_HEADERS = {**ISOLATION, **SECURITY}
# Below the root of the host or below any folder of it.
_FOREVER = f"/(?:{'|'.join(FOREVER)})/"
# Suffixes of compressed twins, and what an answer with one is called.
_CODINGS = dict(zip(ENCODINGS, ("br", "gzip"), strict=True))
# After the name of a coding in Accept-Encoding, for Apache.
_NOT_REFUSED = r"(?!\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$))"


def recipes(paths: Iterable[str]) -> dict[str, str]:
    """Path in dist/ → content. `paths` are the files of the site."""
    return {
        "_headers": headers_file(paths),
        ".htaccess": _apache(),
        "vercel.json": _vercel(),
        "hosts/nginx.conf": _nginx(),
        "hosts/Caddyfile": _caddy(),
        "hosts/cloudfront.js": _cloudfront(),
        "hosts/vite.mjs": _vite(),
    }


def headers_file(paths: Iterable[str]) -> str:
    """
    A `_headers` file, as Netlify, Cloudflare Pages and others read it. Hosts differ in what they make of a
    header that two patterns set, so no two patterns that fit one path do.
    """
    patterns = {f"/{path.partition('/')[0]}/*" if "/" in path else f"/{path}" for path in paths} | {"/"}
    forever = {pattern for pattern in patterns if pattern.startswith(("/assets/", "/models/", "/pyodide-"))}
    blocks = [("/*", _HEADERS)]
    blocks += [(pattern, {"Cache-Control": IMMUTABLE}) for pattern in sorted(forever)]
    blocks += [(pattern, {"Cache-Control": REVALIDATE}) for pattern in sorted(patterns - forever)]
    return "\n".join(
        f"{pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in table.items())
        for pattern, table in blocks
    )


def _types() -> dict[str, list[str]]:
    """Content type without its charset → extensions."""
    table: dict[str, list[str]] = {}
    for suffix, kind in MIME_TYPES.items():
        table.setdefault(kind.partition(";")[0], []).append(suffix[1:])
    return table


def _nginx() -> str:
    # text/html is always among them, and nginx complains when it is named.
    text = [kind for kind in _types() if kind.startswith("text/") and kind != "text/html"]
    packed = [*text, "image/svg+xml", *(kind for kind in _types() if kind.endswith(("json", "wasm")))]
    lines = [
        "# Alcove on nginx, for http { }: conf.d/alcove.conf. Put your own root, names and certificate in.",
        "# It holds for a folder below the root too.",
        "map $uri $alcove_cache {",
        f'    "~{_FOREVER}" "{IMMUTABLE}";',
        f'    default "{REVALIDATE}";',
        "}",
        "",
        "server {",
        f"    listen {PORT};",
        f"    root {ROOT};",
        "    index index.html;",
        "",
        "    # A location { } of yours with an add_header of its own loses all of these: repeat them there.",
        *(f'    add_header {name} "{value}" always;' for name, value in _HEADERS.items()),
        '    # Without "always": what is missing for a moment must not be missing for a year.',
        "    add_header Cache-Control $alcove_cache;",
        "",
        "    types {",
        *(f"        {kind} {' '.join(suffixes)};" for kind, suffixes in _types().items()),
        "    }",
        "    default_type application/octet-stream;",
        "    charset utf-8;",
        f"    charset_types {' '.join(text)};",
        "",
        "    # The compressed twins where there are any, else packed as it goes out; never twice.",
        "    gzip on;",
        "    gzip_static on;",
        "    gzip_vary on;",
        f"    gzip_types {' '.join(packed)};",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _apache() -> str:
    lines = [
        "# Alcove on Apache: read by itself where AllowOverride lets it (FileInfo), with mod_headers,",
        "# mod_mime, mod_rewrite and mod_setenvif. It holds for a folder below the root too.",
        *(f'Header always set {name} "{value}"' for name, value in _HEADERS.items()),
        f'Header set Cache-Control "{REVALIDATE}"',
        f'<If "%{{REQUEST_URI}} =~ m#{_FOREVER}#">',
        f'    Header set Cache-Control "{IMMUTABLE}"',
        "</If>",
        "",
        "AddDefaultCharset Off",
        *(f"AddType '{kind}' {suffix}" for suffix, kind in MIME_TYPES.items()),
        "",
        "# The compressed twins, for whoever asks for a whole file; they are not packed again.",
        "Header merge Vary Accept-Encoding",
        "RewriteEngine On",
    ]
    for suffix, coding in _CODINGS.items():
        lines += [
            "RewriteCond %{HTTP:Range} ^$",
            f"RewriteCond %{{HTTP:Accept-Encoding}} \\b{coding}\\b{_NOT_REFUSED}",
            f"RewriteCond %{{REQUEST_FILENAME}}.{suffix} -f",
            f"RewriteRule ^(.+)$ $1.{suffix} [L]",
        ]
    endings = "|".join(_CODINGS)
    lines += [f'SetEnvIf Request_URI "\\.(?:{endings})$" no-gzip no-brotli']
    for suffix, coding in _CODINGS.items():
        lines += [
            f'<FilesMatch "\\.{suffix}$">',
            f"    RemoveType .{suffix}",
            f"    RemoveEncoding .{suffix}",
            f"    Header set Content-Encoding {coding}",
            "</FilesMatch>",
        ]
    return "\n".join(lines) + "\n"


def _caddy() -> str:
    lines = [
        "# Alcove on Caddy. Put your own name and root in. It holds for a folder below the root too.",
        f":{PORT} {{",
        f"    root * {ROOT}",
        "    header {",
        *(f'        {name} "{value}"' for name, value in _HEADERS.items()),
        "    }",
        "    @forever {",
        f'        path_regexp "{_FOREVER}"',
        "        file",
        "    }",
        f'    @fresh not path_regexp "{_FOREVER}"',
        f'    header @forever Cache-Control "{IMMUTABLE}"',
        f'    header @fresh Cache-Control "{REVALIDATE}"',
        # Deferred: the file server has types of its own, and takes away what was there before.
        *(
            f"    @{suffix[1:]} path *{suffix}\n    header @{suffix[1:]} {{\n"
            f'        Content-Type "{kind}"\n        defer\n    }}'
            for suffix, kind in MIME_TYPES.items()
        ),
        "    # The compressed twins where there are any, else packed as it goes out; never twice.",
        "    encode gzip",
        "    file_server {",
        f"        precompressed {' '.join(_CODINGS.values())}",
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _vercel() -> str:
    def block(source: str, table: dict[str, str]) -> dict[str, object]:
        return {"source": source, "headers": [{"key": name, "value": table[name]} for name in table]}

    folders = "|".join(FOREVER)
    blocks = [
        block("/(.*)", _HEADERS),
        block(f"/((?:{folders})/.*)", {"Cache-Control": IMMUTABLE}),
        block(f"/((?!(?:{folders})/).*)", {"Cache-Control": REVALIDATE}),
    ]
    return json.dumps({"cleanUrls": False, "headers": blocks}, indent=2) + "\n"


def _cloudfront() -> str:
    # Its runtime is ES 5.1 with little more: no destructuring, no for-of, no shorthand.
    return f"""// Alcove behind CloudFront: a function of the viewer's response, runtime cloudfront-js-2.0.
const HEADERS = {json.dumps(_HEADERS, indent=2)};
const TYPES = {json.dumps(MIME_TYPES, indent=2)};

function handler(event) {{
  const response = event.response;
  const set = (name, value) => {{
    response.headers[name.toLowerCase()] = {{ value: value }};
  }};
  Object.keys(HEADERS).forEach((name) => set(name, HEADERS[name]));
  const uri = event.request.uri;
  const path = uri.endsWith("/") ? `${{uri}}index.html` : uri;
  const forever = new RegExp({json.dumps(_FOREVER)}).test(path);
  set("Cache-Control", forever ? {json.dumps(IMMUTABLE)} : {json.dumps(REVALIDATE)});
  const type = TYPES[path.slice(path.lastIndexOf("."))];
  if (type) set("Content-Type", type);
  return response;
}}
"""


def _vite() -> str:
    table = {**ISOLATION, "Cross-Origin-Resource-Policy": SECURITY["Cross-Origin-Resource-Policy"]}
    return f"""/**
 * Isolates the pages of Vite's own servers, so that Alcove runs there on all threads, as on a host:
 *
 *     // vite.config.js, with dist/ of Alcove as public/alcove/
 *     import alcove from "./public/alcove/hosts/vite.mjs";
 *     export default {{ plugins: [alcove()] }};
 *
 * The content security policy is not among the headers: Vite's own scripts would not live under it.
 */
const HEADERS = {json.dumps(table, indent=2)};

function isolate(server) {{
  server.middlewares.use((_request, response, next) => {{
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    next();
  }});
}}

export default function alcove() {{
  return {{ name: "alcove", configureServer: isolate, configurePreviewServer: isolate }};
}}
"""

"""Runs inside Pyodide (see bytecode.mjs): one zip of .py files in, the same zip with .pyc files out."""

import base64
import hashlib
import importlib.util
import io
import marshal
import zipfile
from typing import Any

# PEP 552: bit 0 says that a hash of the source follows, bit 1 (off) that it is compared with the source.
_HEADER = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little")


def convert(archive: Any, without: Any) -> bytes:
    """
    Replaces each .py by an unchecked hash-based .pyc and renews RECORD. Entries are stored, not deflated: the
    server's compression does better over the whole file, and the browser need not inflate it at every start.
    """
    skipped = tuple(without.to_py())
    out = io.BytesIO()
    record: list[str] = []
    record_name = ""
    with (
        zipfile.ZipFile(io.BytesIO(archive.to_bytes())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target,
    ):
        for entry in source.infolist():
            name, data = entry.filename, source.read(entry)
            if entry.is_dir() or name.startswith(skipped):
                continue
            if name.endswith(".dist-info/RECORD"):
                record_name = name
                continue
            if name.endswith(".py"):
                code = compile(data, name, "exec", dont_inherit=True, optimize=0)
                data = _HEADER + importlib.util.source_hash(data) + marshal.dumps(code)
                name += "c"
            target.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
            encoded = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={encoded},{len(data)}\n")
        if record_name:
            record.append(f"{record_name},,\n")
            target.writestr(zipfile.ZipInfo(record_name, (2020, 1, 1, 0, 0, 0)), "".join(record))
    return out.getvalue()

"""What the native engine has and a browser cannot: WebAssembly modules and protobuf conversion."""

from typing import NoReturn

from .checks import expect


class UnavailableInBrowserError(RuntimeError):
    """Something that needs the native engine was asked of the one that runs in a browser."""


def _unavailable(what: str, instead: str) -> UnavailableInBrowserError:
    return UnavailableInBrowserError(f"{what} needs amplifier-core's native engine. {instead}")


_AS_PYTHON = "Write the module in Python and mount it with an amplifier.modules entry point."
_AS_JSON = "Use ChatRequest.model_dump_json() and ChatResponse.model_validate_json() instead of protobuf."


def load_wasm_from_path(path: str) -> NoReturn:
    """Always raises UnavailableInBrowserError: WebAssembly modules need the native engine."""
    expect(path, str)
    raise _unavailable(f"Loading the WebAssembly module at {path}", _AS_PYTHON)


def load_and_mount_wasm(coordinator: object, path: str) -> NoReturn:
    """Always raises UnavailableInBrowserError: WebAssembly modules need the native engine."""
    expect(path, str)
    raise _unavailable(f"Loading the WebAssembly module at {path}", _AS_PYTHON)


def proto_chat_request_to_json(proto_bytes: bytes) -> NoReturn:
    """Always raises UnavailableInBrowserError: gRPC modules need the native engine."""
    raise _unavailable("Reading a protobuf ChatRequest", _AS_JSON)


def json_to_proto_chat_response(json_str: str) -> NoReturn:
    """Always raises UnavailableInBrowserError: gRPC modules need the native engine."""
    raise _unavailable("Writing a protobuf ChatResponse", _AS_JSON)


class _NativeOnly:
    """A class that only the native engine makes instances of; here for `isinstance`."""

    def __new__(cls, *_: object, **__: object) -> NoReturn:
        raise TypeError(f"cannot create 'builtins.{cls.__name__}' instances")


class WasmTool(_NativeOnly):
    """A tool in a WebAssembly module."""


class WasmProvider(_NativeOnly):
    """A provider in a WebAssembly module."""


class WasmHook(_NativeOnly):
    """A hook handler in a WebAssembly module."""


class WasmContext(_NativeOnly):
    """A context manager in a WebAssembly module."""


class WasmOrchestrator(_NativeOnly):
    """An orchestrator in a WebAssembly module."""


class WasmApproval(_NativeOnly):
    """An approval provider in a WebAssembly module."""

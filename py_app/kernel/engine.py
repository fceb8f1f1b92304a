"""The names of `amplifier_core._engine`, as version 2.0.2 of the native engine has them."""

from . import browserless, names
from .cancellation import RustCancellationToken
from .coordinator import RustCoordinator
from .hooks import RustHookRegistry, RustUnregisterFn
from .provider_error import ProviderError
from .resolve import resolve_module
from .retry import RetryConfig, classify_error_message, compute_delay
from .session import RustSession
from .tool_results import normalize_tool_result_content, tool_result_safe_hook_presentation

VERSION = "2.0.2"
"""The release of amplifier-core whose engine this stands in for."""

EXPORTS: dict[str, object] = {
    "__version__": VERSION,
    "RUST_AVAILABLE": True,
    "RustSession": RustSession,
    "RustUnregisterFn": RustUnregisterFn,
    "RustHookRegistry": RustHookRegistry,
    "RustCancellationToken": RustCancellationToken,
    "RustCoordinator": RustCoordinator,
    "ProviderError": ProviderError,
    "RetryConfig": RetryConfig,
    "WasmTool": browserless.WasmTool,
    "WasmProvider": browserless.WasmProvider,
    "WasmHook": browserless.WasmHook,
    "WasmContext": browserless.WasmContext,
    "WasmOrchestrator": browserless.WasmOrchestrator,
    "WasmApproval": browserless.WasmApproval,
    "classify_error_message": classify_error_message,
    "compute_delay": compute_delay,
    "resolve_module": resolve_module,
    "proto_chat_request_to_json": browserless.proto_chat_request_to_json,
    "json_to_proto_chat_response": browserless.json_to_proto_chat_response,
    "_normalize_tool_result_content": normalize_tool_result_content,
    "_tool_result_safe_hook_presentation": tool_result_safe_hook_presentation,
    "load_wasm_from_path": browserless.load_wasm_from_path,
    "load_and_mount_wasm": browserless.load_and_mount_wasm,
    **names.EVENTS,
    "ALL_EVENTS": names.ALL_EVENTS,
    **names.CAPABILITIES,
    "ALL_WELL_KNOWN_CAPABILITIES": names.ALL_WELL_KNOWN_CAPABILITIES,
}

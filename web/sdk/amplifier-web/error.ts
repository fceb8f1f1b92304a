/** Upstream's error type and its codes, for those who tell them apart. */

export const ErrorCodes = {
  WEBGPU_NOT_SUPPORTED: "WEBGPU_NOT_SUPPORTED",
  PYODIDE_LOAD_FAILED: "PYODIDE_LOAD_FAILED",
  WHEEL_INSTALL_FAILED: "WHEEL_INSTALL_FAILED",
  MODEL_LOAD_FAILED: "MODEL_LOAD_FAILED",
  SESSION_CREATE_FAILED: "SESSION_CREATE_FAILED",
  EXECUTION_FAILED: "EXECUTION_FAILED",
  BUNDLE_LOAD_FAILED: "BUNDLE_LOAD_FAILED",
  NOT_INITIALIZED: "NOT_INITIALIZED",
  ALREADY_INITIALIZED: "ALREADY_INITIALIZED",
  NETWORK_ERROR: "NETWORK_ERROR",
  OUT_OF_MEMORY: "OUT_OF_MEMORY",
} as const;

type Code = keyof typeof ErrorCodes;

export class AmplifierError extends Error {
  override readonly name = "AmplifierError";
  readonly code: Code;
  readonly recoverable: boolean;
  readonly suggestion: string | undefined;

  constructor(
    code: Code,
    message: string,
    rest: { cause?: unknown; recoverable?: boolean; suggestion?: string } = {},
  ) {
    super(message, { cause: rest.cause });
    this.code = code;
    this.recoverable = rest.recoverable ?? false;
    this.suggestion = rest.suggestion;
  }
}

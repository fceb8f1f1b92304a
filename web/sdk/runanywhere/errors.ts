/** `SDKError`: RunAnywhere's numeric codes for our closed set of errors. */
import { type ErrorCode, toAlcoveError } from "../../../workers/wire/errors.ts";

export const SDKErrorCode = {
  Success: 0,
  NotInitialized: -100,
  AlreadyInitialized: -101,
  InvalidConfiguration: -102,
  InitializationFailed: -103,
  ModelNotFound: -110,
  ModelLoadFailed: -111,
  ModelInvalidFormat: -112,
  ModelNotLoaded: -113,
  ModelAlreadyLoaded: -114,
  GenerationFailed: -130,
  GenerationCancelled: -131,
  GenerationTimeout: -132,
  InvalidPrompt: -133,
  ContextLengthExceeded: -134,
  NetworkError: -150,
  NetworkTimeout: -151,
  AuthenticationFailed: -152,
  DownloadFailed: -160,
  DownloadCancelled: -161,
  StorageError: -180,
  InsufficientStorage: -181,
  FileNotFound: -182,
  FileWriteFailed: -183,
  InvalidParameter: -220,
  ComponentNotReady: -230,
  ComponentBusy: -231,
  InvalidState: -232,
  BackendNotAvailable: -600,
  BackendError: -601,
  WASMLoadFailed: -900,
  WASMNotLoaded: -901,
  WASMCallbackError: -902,
  WASMMemoryError: -903,
} as const;
export type SDKErrorCode = (typeof SDKErrorCode)[keyof typeof SDKErrorCode];

const CODES: Record<ErrorCode, SDKErrorCode> = {
  unsupported: SDKErrorCode.BackendNotAvailable,
  "out-of-memory": SDKErrorCode.WASMMemoryError,
  "device-lost": SDKErrorCode.BackendError,
  "model-not-found": SDKErrorCode.ModelNotFound,
  "model-invalid": SDKErrorCode.ModelInvalidFormat,
  "download-failed": SDKErrorCode.DownloadFailed,
  integrity: SDKErrorCode.DownloadFailed,
  quota: SDKErrorCode.InsufficientStorage,
  "context-overflow": SDKErrorCode.ContextLengthExceeded,
  cancelled: SDKErrorCode.GenerationCancelled,
  busy: SDKErrorCode.ComponentBusy,
  "engine-crashed": SDKErrorCode.BackendError,
  timeout: SDKErrorCode.GenerationTimeout,
  "bad-request": SDKErrorCode.InvalidParameter,
};

export class SDKError extends Error {
  override readonly name = "SDKError";
  readonly code: SDKErrorCode;
  readonly details: string | undefined;
  /** What to do next, in plain words. */
  readonly action: string;

  /** @param rest.cause the error of Alcove's that it stands for */
  constructor(
    code: SDKErrorCode,
    message: string,
    details?: string,
    { cause, action = "" }: { cause?: unknown; action?: string } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
    this.action = action;
  }

  static isSuccess(code: number): boolean {
    return code >= 0;
  }

  static fromRACResult(code: number, details?: string): SDKError {
    const known = Object.values(SDKErrorCode).find((each) => each === code);
    return new SDKError(known ?? SDKErrorCode.BackendError, details ?? `RACommons error ${code}`, details);
  }

  static notInitialized(message = "The SDK is not initialized."): SDKError {
    return new SDKError(SDKErrorCode.NotInitialized, message, undefined, {
      action: "Call RunAnywhere.initialize() first.",
    });
  }

  static wasmNotLoaded(message = "The engine is not loaded."): SDKError {
    return new SDKError(SDKErrorCode.WASMNotLoaded, message);
  }

  static modelNotFound(modelId: string): SDKError {
    return new SDKError(SDKErrorCode.ModelNotFound, `There is no model called "${modelId}".`);
  }

  static componentNotReady(component: string, details?: string): SDKError {
    return new SDKError(SDKErrorCode.ComponentNotReady, `${component} is not ready.`, details);
  }

  static generationFailed(details?: string): SDKError {
    return new SDKError(SDKErrorCode.GenerationFailed, "The generation failed.", details);
  }
}

/** @param special codes that mean something more exact where it was thrown */
export function sdkError(thrown: unknown, special: Partial<Record<ErrorCode, SDKErrorCode>> = {}): SDKError {
  if (thrown instanceof SDKError) return thrown;
  const error = toAlcoveError(thrown);
  const { message, action, detail } = error;
  return new SDKError(special[error.code] ?? CODES[error.code], message, detail, { cause: error, action });
}

/** What `work` gives; what it fails with as an {@link SDKError}. */
export function asSdk<T>(work: Promise<T>, special?: Parameters<typeof sdkError>[1]): Promise<T> {
  return work.catch((thrown: unknown) => {
    throw sdkError(thrown, special);
  });
}

/** What comes when a model's files move. */
export const MOVING = { cancelled: SDKErrorCode.DownloadCancelled } as const;

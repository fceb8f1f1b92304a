/** What WebLLM and TVM say when something fails, in the closed set of errors. */
import { AlcoveError, type ErrorCode, toAlcoveError } from "../wire/errors.ts";
import { tooSmall } from "./gpu.ts";

/** WebLLM's error classes, by the names they give themselves. */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  // no card, or not the right one
  WebGPUNotAvailableError: "unsupported",
  WebGPUNotFoundError: "unsupported",
  FeatureSupportError: "unsupported",
  ShaderF16SupportError: "unsupported",
  DeviceLostError: "device-lost",
  // no model, or not this one
  ModelNotFoundError: "model-not-found",
  ModelNotLoadedError: "model-not-found",
  WorkerEngineModelNotLoadedError: "model-not-found",
  EngineNotLoadedError: "model-not-found",
  SpecifiedModelNotFoundError: "model-not-found",
  // a model that is wrong in itself
  ArtifactManifestError: "model-invalid",
  ConfigurationNotInitializedError: "model-invalid",
  MissingModelError: "model-invalid",
  UnsupportedTokenizerFilesError: "model-invalid",
  WindowSizeConfigurationError: "model-invalid",
  WindowSizeSpecificationError: "model-invalid",
  AttentionSinkSizeError: "model-invalid",
  EmbeddingSlidingWindowError: "model-invalid",
  EmbeddingChunkingUnsupportedError: "model-invalid",
  IntegrityError: "integrity",
  // a conversation that does not fit
  ContextWindowSizeExceededError: "context-overflow",
  EmbeddingExceedContextWindowSizeError: "context-overflow",
  PrefillChunkSizeSmallerThanImageError: "context-overflow",
  // a request that is wrong
  AudioInputError: "bad-request",
  ConfigValueError: "bad-request",
  MinValueError: "bad-request",
  RangeError: "bad-request",
  NonNegativeError: "bad-request",
  InvalidNumberStringError: "bad-request",
  DependencyError: "bad-request",
  MessageOrderError: "bad-request",
  SystemMessageOrderError: "bad-request",
  ContentTypeError: "bad-request",
  UnsupportedRoleError: "bad-request",
  UserMessageContentErrorForNonVLM: "unsupported",
  UnsupportedContentPartError: "unsupported",
  CannotFindImageEmbedError: "unsupported",
  UnsupportedDetailError: "bad-request",
  UnsupportedImageURLError: "bad-request",
  MultipleTextContentError: "bad-request",
  ToolCallOutputParseError: "bad-request",
  ToolCallOutputInvalidTypeError: "bad-request",
  JSONFieldError: "bad-request",
  UnsupportedFieldsError: "bad-request",
  InvalidToolChoiceError: "bad-request",
  UnsupportedToolChoiceTypeError: "bad-request",
  FunctionNotFoundError: "bad-request",
  UnsupportedToolTypeError: "bad-request",
  StreamingCountError: "bad-request",
  SeedTypeError: "bad-request",
  InvalidResponseFormatError: "bad-request",
  InvalidResponseFormatGrammarError: "bad-request",
  InvalidResponseFormatStructuralTagError: "bad-request",
  CustomResponseFormatError: "bad-request",
  UnsupportedModelIdError: "unsupported",
  CustomSystemPromptError: "bad-request",
  InvalidStreamOptionsError: "bad-request",
  UnknownMessageKindError: "bad-request",
  TextCompletionExpectsKVEmptyError: "engine-crashed",
  TextCompletionConversationExpectsPrompt: "engine-crashed",
  TextCompletionConversationError: "engine-crashed",
  EmbeddingUnsupportedEncodingFormatError: "bad-request",
  EmbeddingUnsupportedModelError: "unsupported",
  EmbeddingInputEmptyError: "bad-request",
  ReloadArgumentSizeUnmatchedError: "engine-crashed",
  UnclearModelToUseError: "engine-crashed",
  IncorrectPipelineLoadedError: "unsupported",
  ReloadModelIdNotUniqueError: "engine-crashed",
  NonWorkerEnvironmentError: "unsupported",
  NoServiceWorkerAPIError: "unsupported",
  ServiceWorkerInitializationError: "engine-crashed",
  // storage that WebLLM can use and we do not
  CrossContextLockUnavailableError: "unsupported",
  InvalidCheckpointError: "engine-crashed",
  ResumableSessionExistsError: "busy",
  ResumableInjectedFault: "engine-crashed",
};

const MEMORY =
  /out of memory|allocation failed|Array buffer allocation|WebAssembly\.Memory|createBuffer|bad_alloc/i;
const CARD = /compatible GPU|exceeds limit/i;

const MESSAGE: Partial<Record<ErrorCode, string>> = {
  unsupported: "This device or model cannot do what was asked.",
  "device-lost": "The graphics card was lost while the model was using it.",
  "model-not-found": "No such model is loaded.",
  "model-invalid": "The model's files do not belong together, or are of an unknown kind.",
  integrity: "A file of the model is not the one that was expected.",
  "context-overflow": "The conversation is too long for this model.",
  "bad-request": "The model cannot take this request as it is.",
  busy: "The engine is busy.",
  "engine-crashed": "The language engine failed on this request.",
};

/** `thrown` as text, and the name of its class, which may only be the beginning of a text. */
function read(thrown: unknown): { name: string; detail: string } {
  if (thrown instanceof Error) {
    return { name: thrown.name, detail: `${thrown.name}: ${thrown.message}`.slice(0, 800) };
  }
  const text = String(thrown);
  return { name: /^(\w+): /.exec(text)?.[1] ?? "", detail: text.slice(0, 800) };
}

function known(thrown: unknown): AlcoveError | undefined {
  if (thrown instanceof AlcoveError) return thrown;
  if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") return toAlcoveError(thrown);
  const { name, detail } = read(thrown);
  if (name === "GrammarMatcherInitError") return unfollowed(thrown);
  if (MEMORY.test(detail)) return tooSmall(detail);
  // The language's own RangeError has the name of one of WebLLM's.
  const code = thrown instanceof globalThis.RangeError ? undefined : BY_NAME[name];
  return code && new AlcoveError(code, MESSAGE[code] as string, { detail });
}

/** Why a completion failed. */
export function requestFailure(thrown: unknown): AlcoveError {
  const { detail } = read(thrown);
  return known(thrown) ?? new AlcoveError("engine-crashed", MESSAGE["engine-crashed"] as string, { detail });
}

/** Why a load failed. The files were checked before, so what fails now is wrong inside or for another version. */
export function loadFailure(thrown: unknown): AlcoveError {
  const { detail } = read(thrown);
  if (CARD.test(detail)) {
    return new AlcoveError("unsupported", "The graphics card is too small for this engine.", {
      action: "Use the engine for the processor.",
      detail,
    });
  }
  return (
    known(thrown) ??
    new AlcoveError(
      "model-invalid",
      "The engine could not load this model: its library was compiled for another version, or a file is damaged.",
      { action: "Remove the model and download it again, or choose another one.", detail },
    )
  );
}

/** A schema or a grammar that cannot be followed: xgrammar aborts, and says why in the console only. */
export function unfollowed(thrown: unknown): AlcoveError {
  return new AlcoveError("bad-request", "The model cannot be held to this schema or grammar.", {
    action: "Correct the schema, the grammar or the parameters of the tools.",
    detail: read(thrown).detail,
  });
}

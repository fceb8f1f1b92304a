/** The small files that describe a WebLLM model, checked before the engine sees them. */
import { embedsOnly } from "../engine/embedding.ts";
import { AlcoveError } from "../wire/errors.ts";

/** The part of `mlc-chat-config.json` that we read. */
export interface ChatConfig {
  /** Not there for an embedding model. */
  conv_template: ConvTemplate;
  conv_config?: Partial<ConvTemplate>;
  model_type?: string;
  model_task?: string;
  tokenizer_files: string[];
  vocab_size: number;
  /** -1 where the model has a sliding window. */
  context_window_size: number;
  sliding_window_size?: number;
  /** Weight type, e.g. "q4f16_1". */
  quantization?: string;
}

/** How messages become text. */
export interface ConvTemplate {
  system_template: string;
  system_message: string;
  system_prefix_token_ids?: number[] | null;
  render_empty_system_message?: boolean;
  add_role_after_system_message?: boolean;
  roles: { user: string; assistant: string };
  role_templates?: { user?: string; assistant?: string } | null;
  seps: string[];
  role_content_sep?: string | null;
  role_empty_sep?: string | null;
}

/** A file of weights, named in `tensor-cache.json`. */
export interface Shard {
  path: string;
  bytes: number;
  /** Hex. */
  md5?: string;
}

const invalid = (name: string, detail: string) =>
  new AlcoveError("model-invalid", `The model's file ${name} cannot be used.`, {
    action: "Remove the model and download it again, or choose another one.",
    detail,
  });

/** The texts of the control tokens of a tokenizer.json; none of one that is of another kind. */
export function controlsOf(tokenizer: string | undefined): string[] {
  if (tokenizer === undefined) return [];
  const { added_tokens: added = [] } = JSON.parse(tokenizer) as {
    added_tokens?: { content: string; special?: boolean }[];
  };
  return added.flatMap(({ content, special }) => (special ? [content] : []));
}

function parse(name: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw invalid(name, "no JSON object");
}

/**
 * @param embeds whether it is described as an embedding model
 * @throws AlcoveError `model-invalid`; `unsupported` for an embedding model that is not described as one
 */
export function readConfig(text: string, embeds: boolean): ChatConfig {
  const name = "mlc-chat-config.json";
  const config = parse(name, text) as unknown as ChatConfig;
  if (!embeds) {
    if (config.model_task === "embedding" || config.model_type === "bert") throw embedsOnly();
    if (!isWhole(config.conv_template)) throw invalid(name, "no conversation template");
  }
  if (!(config.vocab_size > 0)) throw invalid(name, "no vocab_size");
  if (!Array.isArray(config.tokenizer_files)) throw invalid(name, "no tokenizer_files");
  return config;
}

const isWhole = (template: ConvTemplate | undefined): boolean =>
  typeof template?.system_template === "string" &&
  typeof template.roles?.user === "string" &&
  typeof template.roles.assistant === "string" &&
  Array.isArray(template.seps) &&
  template.seps.length > 0;

/** The tokenizer that WebLLM will ask for. */
export function tokenizerName({ tokenizer_files: names }: ChatConfig): string {
  const found = ["tokenizer.json", "tokenizer.model"].find((name) => names.includes(name));
  if (!found) throw invalid("mlc-chat-config.json", `no known tokenizer among ${names.join(", ")}`);
  return found;
}

/** @throws AlcoveError `model-invalid`, also for names that lead out of the model's folder */
export function readShards(text: string): Shard[] {
  const name = "tensor-cache.json";
  const { records } = parse(name, text);
  if (!Array.isArray(records) || records.length === 0) throw invalid(name, "no records");
  return (records as { dataPath?: unknown; nbytes?: unknown; md5sum?: unknown }[]).map((record) => {
    const { dataPath, nbytes, md5sum } = record ?? {};
    if (typeof dataPath !== "string" || !/^[\w.-]+$/.test(dataPath)) throw invalid(name, `path ${dataPath}`);
    if (typeof nbytes !== "number" || !(nbytes > 0)) throw invalid(name, `${dataPath} has no size`);
    const shard: Shard = { path: dataPath, bytes: nbytes };
    if (typeof md5sum === "string") shard.md5 = md5sum;
    return shard;
  });
}

/**
 * Whether the tokenizer belongs to the model: its numbers must all be rows of the model's vocabulary.
 * @throws AlcoveError `model-invalid`
 */
export function checkTokenizer(text: string, config: ChatConfig): void {
  const name = "tokenizer.json";
  const { model, added_tokens: added } = parse(name, text) as {
    model?: { vocab?: unknown };
    added_tokens?: { id?: number }[];
  };
  const vocab = model?.vocab;
  if (typeof vocab !== "object" || vocab === null) throw invalid(name, "no vocabulary");
  let largest = Array.isArray(vocab) ? vocab.length - 1 : -1;
  if (!Array.isArray(vocab)) for (const id of Object.values(vocab)) largest = Math.max(largest, Number(id));
  for (const { id } of added ?? []) largest = Math.max(largest, Number(id ?? -1));
  if (largest < config.vocab_size) return;
  throw new AlcoveError("model-invalid", "The tokenizer does not belong to this model.", {
    action: "Remove the model and download it again, or choose another one.",
    detail: `token ${largest} of a vocabulary of ${config.vocab_size}`,
  });
}

const WASM_MAGIC = [0, 0x61, 0x73, 0x6d];

/** @throws AlcoveError `model-invalid` */
export async function checkLibrary(file: Blob): Promise<void> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (WASM_MAGIC.every((byte, i) => start[i] === byte)) return;
  throw new AlcoveError("model-invalid", "The model's library is no WebAssembly program.", {
    action: "Choose another model.",
  });
}

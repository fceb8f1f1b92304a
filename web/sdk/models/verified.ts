/** What vouches for a model's files. */
import type { AnyModel } from "../../../workers/engine/contract.ts";

/** See docs/api.md, "Models on disk". */
export type Verified = "published" | "first-download" | "unknown" | "own";

const WORDS: Record<Verified, string> = {
  published: "Checked against a published checksum.",
  "first-download":
    "Nobody publishes its checksum. That of the first download is kept, and nothing else is taken.",
  unknown: "Nobody publishes its checksum. That of your first download will be kept.",
  own: "Your own file, compared with what you imported.",
};

/** @param cached whether its files are on this device */
export function verifiedBy(spec: AnyModel, imported: boolean, cached: boolean): Verified {
  if (imported) return "own";
  if (spec.engine === "webllm" ? listsAll(spec) : spec.files.every(({ sha256 }) => sha256))
    return "published";
  return cached ? "first-download" : "unknown";
}

/** In words for a person. */
export const verifiedWords = ({ verified }: { verified: Verified }): string => WORDS[verified];

/** WebLLM's list of shards vouches for them, where a hash vouches for it; and so for what else is fetched. */
function listsAll({ files, library, weights }: Extract<AnyModel, { engine: "webllm" }>): boolean {
  const known = new Set(files.filter(({ sha256 }) => sha256).map(({ url }) => url));
  const needed = ["mlc-chat-config.json", "tensor-cache.json"].map((name) => weights + name);
  const tokenizer = ["tokenizer.json", "tokenizer.model"].some((name) => known.has(weights + name));
  return tokenizer && [...needed, library].every((url) => known.has(url));
}

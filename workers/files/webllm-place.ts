/** Where a model of WebLLM lies in the caches: what it is made of says it, so that another version lies elsewhere. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { WebLlmModel } from "../engine/contract.ts";
import { makesEmbeddings } from "../engine/embedding.ts";
import { NOWHERE } from "./webllm-caches.ts";

/** Where WebLLM finds a model. */
export interface Located {
  /** Whether it makes embeddings. */
  embeds: boolean;
  /** Folder of the weights. */
  model: string;
  library: string;
}

export interface Place extends Located {
  key: string;
  folder: string;
}

/** The library lies outside the folder of the weights. */
export const LIBRARY_NAME = "library.wasm";

/** The name that a file of the catalogue's has among a model's files. */
export const nameOf = (url: string, { weights, library }: WebLlmModel): string =>
  url === library ? LIBRARY_NAME : url.slice(url.startsWith(weights) ? weights.length : 0);

/** Whether the hashes that are published say what a model's weights are: its list of them is among those. */
const pinned = (model: WebLlmModel): boolean =>
  model.files.some((file) => file.sha256 !== undefined && nameOf(file.url, model) === "tensor-cache.json");

/** The place of a model depends on what it is made of: known hashes, or else where it comes from. */
export function locate(model: WebLlmModel, base: string): Place {
  const hashes = model.files.flatMap((file) => file.sha256 ?? []).sort();
  const made = pinned(model)
    ? hashes
    : [new URL(model.weights, base).href, new URL(model.library, base).href, ...hashes];
  const key = bytesToHex(sha256(utf8ToBytes(made.join(" ")))).slice(0, 32);
  const folder = `${NOWHERE}${key}/`;
  return {
    embeds: makesEmbeddings(model),
    key,
    folder,
    model: `${folder}resolve/main/`,
    library: `${folder}library.wasm`,
  };
}

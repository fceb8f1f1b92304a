/** Where WebLLM's models lie in the Cache API, and what is noted beside them. */

/** WebLLM's own names. */
export const CONFIG = "webllm/config";
export const WEIGHTS = "webllm/model";
export const LIBRARY = "webllm/wasm";
/** Ours: a {@link ModelRecord} for each model that came or is on its way. */
export const RECORDS = "webllm/records";

/** `.invalid` never resolves. WebLLM takes an address with "/resolve/…/" in it as it is. */
export const NOWHERE = "https://webllm.invalid/";

/** JSON at a model's folder, the address below {@link NOWHERE} that all its files begin with. */
export interface ModelRecord {
  /** Its id. */
  model: string;
  name: string;
  whole: boolean;
}

/** The outside of the WebLLM worker. */

import { EngineClient, type EngineClientOptions } from "../engine/client.ts";
import type { WebLlmModel } from "../engine/contract.ts";

/** The engine computes in this very worker, and a shader may take long to compile. */
const HANG_MS = 120_000;

export class WebLlmClient extends EngineClient<WebLlmModel> {
  constructor(url: URL, options: EngineClientOptions) {
    super(url, options, HANG_MS);
  }
}

/** The inside of the WebLLM worker. */
import type { WebLlmModel } from "../engine/contract.ts";
import type { EngineProtocol } from "../engine/protocol.ts";
import { engineHandlers } from "../engine/serve.ts";
import { serveWorker } from "../wire/link.ts";
import { WebLlmEngine } from "./engine.ts";
import { ModelFiles } from "./files.ts";

const files = new ModelFiles();

serveWorker<EngineProtocol<WebLlmModel>>(engineHandlers(new WebLlmEngine(files), files));

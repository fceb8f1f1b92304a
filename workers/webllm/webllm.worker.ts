/** The inside of the WebLLM worker. */
import { serveEngine } from "../shared/engine-worker.ts";
import { WebLlmEngine } from "./engine.ts";
import { ModelFiles } from "./files.ts";

const files = new ModelFiles();

serveEngine(new WebLlmEngine(files), files);

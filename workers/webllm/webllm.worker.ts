/** The inside of the WebLLM worker. */
import { serveEngine } from "../engine/serve.ts";
import { WebLlmEngine } from "./engine.ts";
import { ModelFiles } from "./files.ts";

const files = new ModelFiles();

serveEngine(new WebLlmEngine(files), files);

/** The SDK's part for servers, in a lazy chunk of its own. */
import "./no-eval.ts"; // before the SDK builds its schemas

export { Server } from "@modelcontextprotocol/sdk/server/index.js";
export { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

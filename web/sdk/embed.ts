/** What `alcove.js` has besides index.ts, for pages of others: ours needs none of it and does not load it. */

export { AmplifierWeb } from "./amplifier-web/amplifier-web.ts";
export { AmplifierError, ErrorCodes } from "./amplifier-web/error.ts";
export type { AmplifierWebConfig, Execution, ToolApproval } from "./amplifier-web/types.ts";

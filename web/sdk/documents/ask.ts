/** How the worker that keeps documents is asked. */
import type { DocumentsProtocol } from "../../../workers/documents/protocol.ts";

/** Where the tab that ran it is gone, the worker is found anew. */
export type Ask = <Op extends keyof DocumentsProtocol & string>(
  op: Op,
  args: DocumentsProtocol[Op]["args"],
  options?: { signal?: AbortSignal | undefined; onItem?: (item: DocumentsProtocol[Op]["item"]) => void },
) => Promise<DocumentsProtocol[Op]["reply"]>;

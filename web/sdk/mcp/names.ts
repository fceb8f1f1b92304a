/** The names by which a model calls the tools of a server, and what a permission for one of them holds for. */

/** What every API of models takes. */
const MOST = 64;

/** 32 bits of FNV-1a in letters and figures: tells names apart that look alike once they are made valid. */
function mark(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}

/**
 * A server's name as a part of its tools' names. It holds no "_", so that no two servers share a tool's name.
 * @param taken names that others have
 */
export function serverId(name: string, taken: readonly string[] = []): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 20)
    .replace(/-+$/, "");
  const id = plain || `server-${mark(name)}`;
  for (let count = 1; ; count++) {
    const found = count === 1 ? id : `${id}-${count}`;
    if (!taken.includes(found)) return found;
  }
}

/** "mcp_<server>_<tool>", as the official module names them; a name that had to be bent bears a mark of its own. */
export function callName(server: string, tool: string): string {
  const start = `mcp_${server}_`;
  const plain = tool.replace(/[^\w-]/g, "_");
  if (plain === tool && start.length + tool.length <= MOST && tool) return start + tool;
  const end = `_${mark(tool)}`;
  return start + plain.slice(0, MOST - start.length - end.length) + end;
}

/** What was allowed: these words and this schema, of the server at this address. Anything else is another tool. */
export async function fingerprint(...said: unknown[]): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(said)));
  return [...new Uint8Array(bytes, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

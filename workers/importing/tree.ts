/**
 * Trees of messages, as other programs keep them, as a path with forks: what is read from the first message to the last,
 * and at each place what else was said there (`Fork` of `workers/python/protocol.ts`).
 */

export interface Message {
  role: "user" | "assistant";
  content: string | Record<string, unknown>[];
}

export interface Node {
  /** Null for one that nobody saw: what follows it takes its place. */
  message: Message | null;
  children: readonly string[];
}

interface Fork {
  at: number;
  current: number;
  others: Path[];
}

export interface Path {
  messages: Message[];
  branches: Fork[];
}

/** Deeper than anybody edits: what lies deeper is read without its forks. */
const MOST_NESTED = 400;

/**
 * @param roots the nodes that follow nothing
 * @param last the node at the end of what was read last; of the others the newest branch is read
 */
export function pathThrough(
  nodes: ReadonlyMap<string, Node>,
  roots: readonly string[],
  parentOf: (id: string) => string | null | undefined,
  last: string | null | undefined,
): Path {
  const current = new Set<string>();
  for (let id = last; id && nodes.has(id) && !current.has(id); id = parentOf(id)) current.add(id);
  const seen = new Set<string>();

  /** The messages that come next: behind those that nobody saw. Each node once, whatever a file says. */
  function shown(ids: readonly string[]): string[] {
    const found: string[] = [];
    const waiting = [...ids].reverse();
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const node = nodes.get(id);
      if (!node || seen.has(id)) continue;
      seen.add(id);
      if (node.message) found.push(id);
      else for (const child of [...node.children].reverse()) waiting.push(child);
    }
    return found;
  }

  /** One of them, or a hidden one before it, was read last. */
  const isCurrent = (id: string): boolean => current.has(id);

  function follow(first: readonly string[], place: number, depth: number): Path {
    const path: Path = { messages: [], branches: [] };
    let next = first;
    while (next.length) {
      const chosen = next.find(isCurrent) ?? (next.at(-1) as string);
      const { message, children } = nodes.get(chosen) as Node & { message: Message };
      const before = path.messages.at(-1);
      if (next.length === 1 && before?.role === message.role) {
        path.messages[path.messages.length - 1] = joined(before, message);
      } else {
        if (next.length > 1 && depth < MOST_NESTED) {
          const at = place + path.messages.length;
          const others = next.filter((id) => id !== chosen).map((id) => follow([id], at, depth + 1));
          path.branches.push({ at, current: next.indexOf(chosen), others });
        }
        path.messages.push(message);
      }
      next = shown(children);
    }
    return path;
  }

  return follow(shown(roots), 0, 0);
}

const blocks = (content: Message["content"]): Record<string, unknown>[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

/** A call of a tool, what it said and what was made of it are one answer. */
function joined(one: Message, other: Message): Message {
  const { role } = one;
  if (typeof one.content === "string" && typeof other.content === "string")
    return { role, content: `${one.content}\n\n${other.content}` };
  return { role, content: [...blocks(one.content), ...blocks(other.content)] };
}

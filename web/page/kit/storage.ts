/** Web storage that never throws: a browser may refuse it, or have no room left. */

const memory = new Map<string, string>();

const open = (kind: "local" | "session"): Storage | null => {
  try {
    return kind === "local" ? localStorage : sessionStorage;
  } catch {
    return null;
  }
};

export function read(kind: "local" | "session", key: string): string | null {
  try {
    return open(kind)?.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

/** Writes, or removes when `value` is empty. What the browser refuses is kept for as long as the page lives. */
export function write(kind: "local" | "session", key: string, value: string): void {
  memory.delete(key);
  try {
    const storage = open(kind);
    if (!value) storage?.removeItem(key);
    else if (storage) storage.setItem(key, value);
    else memory.set(key, value);
  } catch {
    memory.set(key, value);
    forget(kind, key);
  }
}

/** What could not be replaced must not be read again in its place. */
function forget(kind: "local" | "session", key: string): void {
  try {
    open(kind)?.removeItem(key);
  } catch {
    // A storage that refuses everything holds nothing.
  }
}

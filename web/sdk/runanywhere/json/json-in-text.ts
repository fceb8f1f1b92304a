/** JSON among the words of a model. */

/** Brackets that open nothing: each costs a look at all the rest. */
const MOST_TRIES = 200;

/** The first whole object or list in `text`, as it stands there; null where there is none. */
export function firstJson(text: string): string | null {
  let at = nextOpening(text, 0);
  for (let tries = 0; at >= 0 && tries < MOST_TRIES; tries++) {
    const end = endOf(text, at);
    if (end >= 0 && isJson(text.slice(at, end))) return text.slice(at, end);
    at = nextOpening(text, at + 1);
  }
  return null;
}

function nextOpening(text: string, from: number): number {
  const found = text.slice(from).search(/[{[]/);
  return found < 0 ? -1 : from + found;
}

/** Behind the bracket that closes the one at `start`; -1 where it stays open. */
function endOf(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return -1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What a model in a loop writes can take the parser seconds, or all of its stack: emphasis is looked for from each mark to
 * each, and quotes and lists are read anew at each level. Such a text is shown as it is.
 */

/** Marks in what is read together; the time grows with their square. */
const MOST_MARKS = 240;
const MARK = /[*_~]+|[[\]<`$@!]|\\[([]/g;
/** Of such a run each part is looked at as a beginning. */
const RUN = /[*_~]{200}|[\w.+-]{1000}/;
/** What is read together ends at an empty line, and where a list, a quote, a row or a title begins. */
const NEXT = /\n(?=[ \t]*(?:\n|[-+>|#]|\*[ \t]|\d{1,9}[.)][ \t]))/;

const MOST_LEVELS = 30;
const LEVEL = /[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))/y;
/** So far does a list move in that has as many levels. */
const MOST_INDENT = 4 * MOST_LEVELS;

/** Whether the inner of a block has too many marks. */
export function isTangled(source: string): boolean {
  return (
    RUN.test(source) ||
    source.split(NEXT).some((together) => (together.match(MARK)?.length ?? 0) > MOST_MARKS)
  );
}

/** The lines around the first one with too many levels, up to empty ones: where they begin and end. */
export function deepLines(source: string): { from: number; to: number } | null {
  for (let at = 0; at < source.length; ) {
    const end = source.indexOf("\n", at);
    const line = source.slice(at, end < 0 ? undefined : end);
    if (isDeep(line)) {
      const before = source.lastIndexOf("\n\n", at);
      const after = source.indexOf("\n\n", at);
      return { from: before < 0 ? 0 : before + 2, to: after < 0 ? source.length : after + 2 };
    }
    if (end < 0) return null;
    at = end + 1;
  }
  return null;
}

function isDeep(line: string): boolean {
  if (line.length <= MOST_LEVELS) return false;
  LEVEL.lastIndex = 0;
  let levels = 0;
  while (levels <= MOST_LEVELS && LEVEL.test(line)) levels++;
  if (levels > MOST_LEVELS) return true;
  const indent = line.length - line.trimStart().length;
  return indent > MOST_INDENT && LIST.test(line.slice(indent, indent + 12));
}

const LIST = /^(?:>|[-+*]\s|\d{1,9}[.)]\s)/;

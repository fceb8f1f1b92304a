/** Rows of a table → text that says of each figure what it is, so that a passage is understood by itself. */

/** Text of rows, the first of which may name the columns. */
export function textOfRows(rows: readonly (readonly string[])[]): string {
  const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ""));
  const [first, ...rest] = filled;
  if (!first) return "";
  if (!namesColumns(first) || rest.length === 0)
    return filled.map((row) => row.map(oneLine).join(" | ")).join("\n");
  const lines = rest.map((row) =>
    row
      .map((cell, at) =>
        cell.trim() === "" ? "" : [oneLine(first[at] ?? ""), oneLine(cell)].filter(Boolean).join(": "),
      )
      .filter(Boolean)
      .join("; "),
  );
  return [first.map(oneLine).join(" | "), ...lines].join("\n");
}

/** Names are words, and each is another. */
const namesColumns = (row: readonly string[]): boolean => {
  const names = row.map((cell) => cell.trim()).filter(Boolean);
  return (
    names.length > 1 &&
    new Set(names).size === names.length &&
    names.every((name) => /\p{L}/u.test(name) && name.length < 60)
  );
};

const oneLine = (cell: string): string => cell.replace(/\s+/g, " ").trim();

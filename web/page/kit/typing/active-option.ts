/** Which of a list is meant while the focus stays in the field above it (ARIA's active descendant). */

/** Where a key leads among `count` options; null where it leads nowhere. */
export function optionAfter(key: string, at: number, count: number): number | null {
  if (!count) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "PageDown") return Math.min(at + 10, count - 1);
  if (key === "PageUp") return Math.max(at - 10, 0);
  return null;
}

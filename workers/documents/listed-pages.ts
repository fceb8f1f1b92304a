/** "Page 3", "Pages 3, 5 and 7", "Pages 1–40". */
export function listedPages(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  const words = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const end = words.pop();
  return `${numbers.length > 1 ? "Pages" : "Page"} ${words.length > 0 ? `${words.join(", ")} and ` : ""}${end}`;
}

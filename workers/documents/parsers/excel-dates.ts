/** Dates of a workbook: numbers of days, which only their cells' style tells from other numbers. */
import { readXml } from "./xml.ts";

/** Built-in formats of dates and times. */
const BUILT_IN = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);
/** The day that Excel counts from, with the leap day that it wrongly gives to 1900. */
const EPOCH = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

/** Indices of the cell styles that show a date. */
export function dateStyles(xml: string): Set<number> {
  const formats = new Set(BUILT_IN);
  const styles = new Set<number>();
  let inCells = false;
  let index = 0;
  readXml(xml, {
    open(tag, { numFmtId = "", formatCode = "" }) {
      // Letters in quotes and brackets are shown as they are.
      const code = formatCode.replace(/"[^"]*"|\[[^\]]*\]|\\./g, "");
      if (tag === "numFmt" && /[dyhm]/i.test(code)) formats.add(Number(numFmtId));
      else if (tag === "cellXfs") inCells = true;
      else if (tag === "xf" && inCells) {
        if (formats.has(Number(numFmtId))) styles.add(index);
        index++;
      }
    },
    close(tag) {
      if (tag === "cellXfs") inCells = false;
    },
  });
  return styles;
}

/** "2026-11-28", with the time where the day has one: "2026-11-28 14:30"; a time of no day is that alone. */
export function dateOf(days: number): string {
  const date = new Date(EPOCH + Math.round(days * 1440) * 60_000);
  if (Number.isNaN(date.getTime())) return String(days);
  const [day = "", time = ""] = date.toISOString().split("T");
  const clock = time.slice(0, 5);
  if (days < 1) return clock;
  return date.getTime() % DAY_MS === 0 ? day : `${day} ${clock}`;
}

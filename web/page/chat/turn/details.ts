/** When a message was said and how fast, in words. */
import { locale } from "../../kit/language.ts";
import type { Entry } from "../../state/transcript.ts";
import { w } from "../words/turn.ts";

export function detailsOf(entry: Entry): string[] {
  const time = entry.time ? new Date(entry.time) : null;
  const said = time && !Number.isNaN(time.getTime()) ? [when(time)] : [];
  if (entry.kind === "user" || !entry.figures) return said;
  const { completionTokens: count, tokensPerSecond, ttftMs } = entry.figures;
  const figure = (value: number) =>
    value.toLocaleString(locale(), { maximumFractionDigits: value < 10 ? 1 : 0 });
  return [
    ...said,
    ...(count ? [w.tokens({ count })] : []),
    ...(tokensPerSecond ? [w.perSecond({ speed: figure(tokensPerSecond) })] : []),
    ...(ttftMs ? [w.firstWord({ time: figure(ttftMs / 1000) })] : []),
  ];
}

const when = (time: Date): string =>
  time.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });

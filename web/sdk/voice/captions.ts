/** What was heard, as files: text, subtitles (SRT, WebVTT) and JSON. */
import type { Segment, Transcript } from "./transcribe.ts";

export type TranscriptFormat = "txt" | "srt" | "vtt" | "json";

/** No subtitle stands for less: nobody could read it. */
const SHORTEST_S = 0.7;

/** `transcript` as the content of a file of that kind. */
export function writeTranscript(transcript: Transcript, format: TranscriptFormat): string {
  const { segments } = transcript;
  switch (format) {
    case "txt":
      return `${segments.map(({ text }) => text).join("\n")}\n`;
    case "json":
      return `${JSON.stringify(transcript, null, 2)}\n`;
    case "srt":
      return cues(segments, ",", (text) => text)
        .map((cue, at) => `${at + 1}\n${cue}`)
        .join("\n");
    case "vtt":
      return `WEBVTT\n\n${cues(segments, ".", escaped).join("\n")}`;
  }
}

function cues(segments: Segment[], point: string, write: (text: string) => string): string[] {
  return segments.map(({ text, start, end }, at) => {
    const next = segments[at + 1]?.start ?? Number.POSITIVE_INFINITY;
    const until = Math.max(end, Math.min(start + SHORTEST_S, next));
    // An empty line would end the cue.
    const lines = text
      .trim()
      .split(/\s*\n\s*/)
      .join("\n");
    return `${time(start, point)} --> ${time(until, point)}\n${write(lines)}\n`;
  });
}

/** 3725.5 → 01:02:05.500 */
function time(seconds: number, point: string): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = String(ms % 1000).padStart(3, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${rest}`;
}

/** What WebVTT would take for markup. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

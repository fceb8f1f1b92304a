/** The sources of an answer, as the transcript keeps them: it may come from a file of somebody's. */
import type { AnswerSource, TextFile } from "../../sdk/index.ts";

type Fields = Record<string, unknown>;

const isSource = (given: unknown): given is AnswerSource => {
  const { n, document, name, page, text, start, end } = (given ?? {}) as Fields;
  return (
    [n, page, start, end].every(Number.isInteger) &&
    [document, name, text].every((field) => typeof field === "string")
  );
};

const listed = (given: unknown): AnswerSource[] => (Array.isArray(given) ? given.filter(isSource) : []);

/** Whether it is what documents or files say, which stands in the person's message and is no part of what they said. */
export const isGiven = (block: Fields): boolean => "sources" in block || "file" in block;

/** The files whose text a message brings. */
export function filesOf({ content }: { content?: unknown }): TextFile[] {
  const given = Array.isArray(content) ? (content as Fields[]).map(({ file }) => (file ?? {}) as Fields) : [];
  return given.flatMap(({ name, text, bytes, whole }) =>
    typeof name === "string" && typeof text === "string"
      ? [
          {
            name,
            text,
            ...(Number.isInteger(bytes) && { bytes: Number(bytes) }),
            ...(Number.isInteger(whole) && { whole: Number(whole) }),
          },
        ]
      : [],
  );
}

/** What a message brings: the person's before its answer, or a tool's. */
export function sourcesOf({ content, metadata }: { content?: unknown; metadata?: unknown }): AnswerSource[] {
  const blocks = Array.isArray(content) ? (content as Fields[]) : [];
  return [...blocks, (metadata ?? {}) as Fields].flatMap(({ sources }) => listed(sources));
}

/** One of the same number takes the place of the other. */
export const withSources = (
  known: readonly AnswerSource[],
  found: readonly AnswerSource[],
): AnswerSource[] => [...known.filter(({ n }) => found.every((other) => other.n !== n)), ...found];

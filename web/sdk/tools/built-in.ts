/** What tools of ours (`py_app/tools`) do on the page. Python calls them as functions that no model can name. */

import { findEntry } from "../../../workers/files/person-files.ts";
import type { GivenFile } from "../../../workers/interpreter/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Documents } from "../documents/documents.ts";
import type { DocumentsCall } from "./documents.ts";
import { asPicture } from "./figures.ts";
import { asGiven, runPython } from "./interpreters.ts";
import { webFetch } from "./web-fetch.ts";

interface Where {
  /** The conversation's id. */
  conversation: string;
  signal: AbortSignal;
  documents: Documents;
}

interface PythonCall {
  code: string;
  /** Names of what the `storage` tool keeps. */
  files: string[];
  namespace: string;
  /** At most. */
  seconds: number;
}

const WORK: Record<string, (input: never, where: Where) => Promise<unknown>> = {
  python: async ({ code, files, namespace, seconds }: PythonCall, { conversation, signal }) => {
    const given = await Promise.all(files.map((name) => stored(namespace, name)));
    const { figures, ...ran } = await runPython(conversation, code, given, {
      signal,
      timeoutMs: seconds * 1000,
    });
    const pictures = await Promise.all(figures.map(asPicture));
    return { ...ran, figures: pictures.filter((each) => each !== null) };
  },
  documents: async (asked: DocumentsCall, { documents, signal }) =>
    (await import("./documents.ts")).lookInto(documents, asked, signal),
  "web-fetch": (asked: { url: string; seconds: number }, { signal }) => webFetch(asked, signal),
};

/** @throws AlcoveError what the tool failed with */
export function callBuiltIn(name: string, input: unknown, where: Where): Promise<unknown> {
  const work = WORK[name];
  if (!work) throw new AlcoveError("bad-request", `There is no tool called "${name}".`);
  return work(input as never, where);
}

async function stored(namespace: string, name: string): Promise<GivenFile> {
  const file = await findEntry(namespace, name);
  if (!file) throw new AlcoveError("bad-request", `Nothing is stored as "${name}".`);
  return asGiven(file, name);
}

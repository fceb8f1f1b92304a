/** Hands bundles to Python and takes them from it: as files of Pyodide's own file system. */
import type { PyodideInterface } from "pyodide";
import type { BundleChanges, BundleFile, BundleReport, ReadBundle, SessionConfig } from "./protocol.ts";

/** What `py_app/app.py` does with bundles. */
interface BundleApp {
  read_bundle(files: string, archive: string): Promise<string>;
  change_bundle(archive: string, changes: string): Promise<string>;
}

/** Stands for a session in what Python tells while it reads one: `READING` of `py_app/agents/report.py`. */
export const READING = "alcove:bundle";

let placed = 0;

/** Python deletes what it has read. */
function place({ FS }: PyodideInterface, bytes: ArrayBuffer): string {
  const path = `/tmp/alcove-bundle-${++placed}`;
  FS.writeFile(path, new Uint8Array(bytes));
  return path;
}

type Answer = <T>(json: Promise<string>) => Promise<T>;

export async function readBundle(
  pyodide: PyodideInterface,
  app: BundleApp,
  files: readonly BundleFile[],
  answer: Answer,
): Promise<ReadBundle> {
  const given = files.map(({ name, bytes }) => ({ name, path: place(pyodide, bytes) }));
  const archive = `/tmp/alcove-bundle-${++placed}`;
  try {
    const report = await answer<BundleReport>(app.read_bundle(JSON.stringify(given), archive));
    return { report, archive: take(pyodide, archive) };
  } finally {
    for (const { path } of given) forget(pyodide, path);
  }
}

export async function changeBundle(
  pyodide: PyodideInterface,
  app: BundleApp,
  { archive, changes }: { archive: ArrayBuffer; changes: BundleChanges },
  answer: Answer,
): Promise<ReadBundle> {
  const path = place(pyodide, archive);
  try {
    const report = await answer<BundleReport>(app.change_bundle(path, JSON.stringify(changes)));
    return { report, archive: take(pyodide, path) };
  } finally {
    forget(pyodide, path);
  }
}

/** A session's configuration as Python reads it: the agent's bundle is a file. */
export async function placeAgent(pyodide: PyodideInterface, config: SessionConfig): Promise<object> {
  if (!config.agent) return config;
  const { archive, providers: _, ...agent } = config.agent;
  return { ...config, agent: { ...agent, archive: place(pyodide, archive) } };
}

function take(pyodide: PyodideInterface, path: string): ArrayBuffer {
  const bytes = pyodide.FS.readFile(path) as Uint8Array<ArrayBuffer>;
  forget(pyodide, path);
  return bytes.slice().buffer;
}

function forget({ FS }: PyodideInterface, path: string): void {
  if (FS.analyzePath(path).exists) FS.unlink(path);
}

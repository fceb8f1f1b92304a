/**
 * The worker that runs Python. Python is one `App` object here (`py_app/app.py`); what the page calls is
 * passed on to it as JSON, and what it streams goes back as items of the call.
 */
import type { PyodideInterface } from "pyodide";
import type { PyProxy } from "pyodide/ffi";
import { AlcoveError } from "../wire/errors.ts";
import { addressesIn, allow } from "../wire/gate.ts";
import { serveWorker } from "../wire/link.ts";
import { type CallContext, RpcClient } from "../wire/rpc.ts";
import { bootPyodide } from "./boot.ts";
import { changeBundle, placeAgent, READING, readBundle } from "./bundles.ts";
import type { EmscriptenFS } from "./disk/file-system.ts";
import { Disks } from "./disks.ts";
import { EnginePort } from "./engine-port.ts";
import { Host } from "./host.ts";
import { defineLlmGlobals } from "./llm-globals.ts";
import type {
  Answer,
  BootProgress,
  InstallReport,
  OpenedSession,
  PageProtocol,
  PythonProtocol,
  ReadBundle,
  TurnEvent,
  TurnResult,
} from "./protocol.ts";
import { Wheels } from "./wheels.ts";

/** The methods of the Python `App`, all of JSON. */
interface App extends PyProxy {
  open(config: string): Promise<string>;
  send(session: string, prompt: string): Promise<string>;
  retry(session: string): Promise<string>;
  go_on(session: string): Promise<string>;
  activity(session: string): Promise<string>;
  tools(session: string): Promise<string>;
  use_tool(session: string, name: string, input: string): Promise<string>;
  replace(session: string, messages: string): Promise<string>;
  keep(session: string): Promise<string>;
  cancel(session: string, immediate: boolean): Promise<string>;
  steer(session: string, text: string): Promise<string>;
  respond(session: string, approval: string, option: string): Promise<string>;
  close(session: string): Promise<string>;
  discard(session: string): Promise<string>;
  archive(request: string): Promise<string>;
  install(wheel: string): Promise<string>;
  read_bundle(files: string, archive: string): Promise<string>;
  change_bundle(archive: string, changes: string): Promise<string>;
}

/** Python's package index, and where its files lie. */
const INDEX = ["https://pypi.org", "https://files.pythonhosted.org"];

const wheels = new Wheels();
const engine = new EnginePort();
const page = new RpcClient<PageProtocol>(globalThis as unknown as DedicatedWorkerGlobalScope);
const disks = new Disks((trouble) => {
  void page.call("diskTrouble", { trouble: trouble?.toData() ?? null }).catch(() => undefined);
});
const host = new Host(page, engine, disks);
let running: { pyodide: PyodideInterface; app: App } | undefined;

function python(): { pyodide: PyodideInterface; app: App } {
  if (!running) throw new AlcoveError("busy", "Python is still starting.", { action: "Wait a moment." });
  return running;
}

async function answer<T>(json: Promise<string>): Promise<T> {
  const result = JSON.parse(await json) as Answer<T>;
  if ("error" in result) throw AlcoveError.from(result.error);
  return result.ok;
}

async function boot(
  { base, connect }: PythonProtocol["boot"]["args"],
  { emit }: CallContext<BootProgress>,
): Promise<void> {
  allow(...connect);
  wheels.watch();
  const pyodide = await bootPyodide(base, emit);
  await disks.mount(pyodide.FS as unknown as EmscriptenFS);
  await wheels
    .restore(pyodide)
    .catch((thrown) => console.warn("Wheels could not be installed again.", thrown));
  defineLlmGlobals(pyodide, host);
  const start = pyodide.pyimport("py_app.app").start as (host: Host["module"]) => App;
  running = { pyodide, app: start(host.module) };
  emit({ text: "Python is ready", fraction: 1 });
}

/** Runs a turn, its events streamed as items. */
async function turn<T = TurnResult>(
  session: string,
  { emit }: CallContext<TurnEvent>,
  run: () => Promise<string>,
): Promise<T> {
  const stop = host.listen(session, emit);
  try {
    return await answer(run());
  } finally {
    stop();
  }
}

async function install(
  given: PythonProtocol["install"]["args"],
  { emit }: CallContext<null>,
): Promise<InstallReport> {
  const { pyodide, app } = python();
  await pyodide.loadPackage("micropip", { messageCallback: () => undefined });
  // What a wheel needs comes from where micropip looks.
  allow(...INDEX, ...("name" in given ? [] : [given.wheel]));
  const wheel = "name" in given ? { name: given.name, bytes: new Uint8Array(given.wheel) } : given.wheel;
  const micropip = (what: string) => answer<InstallReport>(app.install(what));
  return wheels.install(pyodide, wheel, micropip, () => emit(null));
}

/** Reads a bundle; the page hears which of its modules is loaded next. */
async function reading(
  { emit }: CallContext<string>,
  work: (running: { pyodide: PyodideInterface; app: App }) => Promise<ReadBundle>,
): Promise<ReadBundle> {
  const stop = host.listen(READING, (event) => emit((event as unknown as { module: string }).module));
  try {
    return await work(python());
  } finally {
    stop();
  }
}

async function run({ code }: { code: string }, { signal }: CallContext<never>): Promise<unknown> {
  const { pyodide } = python();
  await disks.look();
  try {
    const result: unknown = await untilCancelled(pyodide, code, signal);
    const proxy = result as PyProxy | undefined;
    if (typeof proxy?.toJs !== "function") return result;
    const value: unknown = proxy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
    proxy.destroy();
    return value;
  } catch (error) {
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    const detail = error instanceof Error ? error.message : String(error);
    throw new AlcoveError("bad-request", detail.trim().split("\n").at(-1) ?? detail, {
      action: "Correct the Python code and run it again.",
      detail,
    });
  } finally {
    await keepDisks();
  }
}

/** What cannot be kept is told by itself. */
const keepDisks = (): Promise<void> => disks.keep().catch(() => undefined);

/** Opens a session, with the folder that it works in. */
async function open({ config }: PythonProtocol["open"]["args"]): Promise<OpenedSession> {
  const { folder, ...rest } = config;
  // A plan, or the settings of a provider, name the servers that it asks.
  allow(...addressesIn([rest.providerConfig, rest.plan, rest.agent?.providers, rest.agent?.servers]));
  const { pyodide, app } = python();
  await disks.ready;
  const workingDir = folder && (await disks.give(folder));
  if (workingDir) folders.set(rest.id, workingDir);
  try {
    const placed = await placeAgent(pyodide, rest);
    return await answer(app.open(JSON.stringify({ ...placed, workingDir })));
  } catch (thrown) {
    await leaveFolder(rest.id);
    throw thrown;
  }
}

/** Where the open sessions that were given a folder have it. */
const folders = new Map<string, string>();

async function leaveFolder(session: string): Promise<void> {
  const path = folders.get(session);
  folders.delete(session);
  if (path) await disks.takeBack(path);
}

/** Ends a session, when all that it wrote is kept. */
async function close(session: string, end: (app: App) => Promise<string>): Promise<void> {
  try {
    await answer<void>(end(python().app));
  } finally {
    await keepDisks();
    await leaveFolder(session);
  }
}

const archivePath = (file: string): string => `/tmp/${file}.zip`;

/** The zip that `archive` made, once. */
function archived(file: string): Uint8Array<ArrayBuffer> {
  const { FS } = python().pyodide;
  const bytes = FS.readFile(archivePath(file)) as Uint8Array<ArrayBuffer>;
  FS.unlink(archivePath(file));
  return bytes;
}

const BEGIN = `
def begin(code):
    import __main__, asyncio
    from pyodide.code import eval_code_async
    return asyncio.ensure_future(eval_code_async(code, __main__.__dict__))
begin
`;

/** A task of Python's. To wait for it destroys it, and what was borrowed of it. */
interface Task extends PromiseLike<unknown> {
  cancel: { copy(): PyProxy & (() => void) };
}

type Begin = PyProxy & ((code: string) => Task);

/** Runs code as `runPythonAsync` does. An abort cancels it where it waits; code that never waits does not hear it. */
async function untilCancelled(
  pyodide: PyodideInterface,
  code: string,
  signal: AbortSignal,
): Promise<unknown> {
  const scope = pyodide.toPy({}) as PyProxy;
  const begin = pyodide.runPython(BEGIN, { globals: scope }) as Begin;
  const task = begin(code);
  const cancel = task.cancel.copy();
  const stop = () => cancel();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await task;
  } finally {
    signal.removeEventListener("abort", stop);
    for (const proxy of [cancel, begin, scope]) proxy.destroy();
  }
}

serveWorker<PythonProtocol>({
  boot,
  run,
  install,
  installed: () => wheels.list(),
  uninstall: ({ name }) => wheels.remove(name),
  attachEngine: ({ line }) => engine.attach(line),
  detachEngine: () => engine.detach(),
  readBundle: ({ files }, context) =>
    reading(context, ({ pyodide, app }) => readBundle(pyodide, app, files, answer)),
  changeBundle: (given, context) =>
    reading(context, ({ pyodide, app }) => changeBundle(pyodide, app, given, answer)),
  open,
  send: ({ session, prompt }, context) =>
    turn(session, context, () => python().app.send(session, JSON.stringify(prompt))),
  retry: ({ session }, context) => turn(session, context, () => python().app.retry(session)),
  goOn: ({ session }, context) => turn(session, context, () => python().app.go_on(session)),
  replace: ({ session, messages }) => answer(python().app.replace(session, JSON.stringify(messages))),
  keep: ({ session }) => answer(python().app.keep(session)),
  cancel: ({ session, immediate }) => answer(python().app.cancel(session, immediate)),
  steer: ({ session, text }) => answer(python().app.steer(session, text)),
  respond: ({ session, approval, option }) => answer(python().app.respond(session, approval, option)),
  tools: ({ session }) => answer(python().app.tools(session)),
  useTool: ({ session, name, input }, context) =>
    turn(session, context, () => python().app.use_tool(session, name, JSON.stringify(input))),
  activity: ({ session }) => answer(python().app.activity(session)),
  close: ({ session }) => close(session, (app) => app.close(session)),
  discard: ({ session }) => close(session, (app) => app.discard(session)),
  archive: ({ file, record, workingDir }) => {
    const request = { file: archivePath(file), record, workingDir };
    return answer(python().app.archive(JSON.stringify(request)));
  },
  archived: ({ file }) => archived(file),
});

/**
 * The wheels that a person installed: kept on this device with what they need, and installed again whenever Python
 * starts, with or without a network.
 */
import type { PyodideInterface } from "pyodide";
import { exclusively } from "../files/locks.ts";
import {
  type Directory,
  findFile,
  openDirectory,
  readJson,
  removeFile,
  writeFile,
  writeJson,
} from "../files/opfs.ts";
import { type KeptWheel, LIST, WHEELS } from "../files/wheel-files.ts";
import { AlcoveError } from "../wire/errors.ts";
import type { InstalledWheel, InstallReport } from "./protocol.ts";
import { type FailedFetch, notInstalled, packageOf } from "./wheel-failures.ts";

type File = { name: string; bytes: Uint8Array<ArrayBuffer> };

export class Wheels {
  #folder: Promise<Directory | undefined> | undefined;
  /** What comes since an installation began, in the order asked; null while there is none. */
  #arrived: Promise<File>[] | null = null;
  #heard: () => void = () => undefined;
  /** What could not be fetched last, since an installation began. */
  #failed: FailedFetch | undefined;

  /** Sees every wheel that Python fetches. To be called before Pyodide, which takes `fetch` as it is then. */
  watch(): void {
    const ask = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : String(input), location.href);
      const name = packageOf(pathname);
      const response = await ask(input, init).catch((thrown) => {
        if (name) this.#failed = { name, thrown };
        throw thrown;
      });
      const arrived = this.#arrived;
      if (name && !response.ok) this.#failed = { name, status: response.status };
      if (!arrived || !pathname.endsWith(".whl") || !response.ok || !response.body) return response;
      const [own, kept] = response.body.tee();
      const whole = collect(kept, () => this.#heard());
      arrived.push(whole.then((bytes) => ({ name: fileName(pathname), bytes })));
      return new Response(own, response);
    };
  }

  /**
   * Installs a wheel, and keeps it in place of another version.
   * @param install has micropip install what it is given
   * @param heard is called as bytes come
   * @throws AlcoveError `bad-request` for what is no wheel of this Python, `download-failed`, `busy`
   */
  async install(
    pyodide: PyodideInterface,
    given: string | File,
    install: (wheel: string) => Promise<InstallReport>,
    heard: () => void,
  ): Promise<InstallReport> {
    if (this.#arrived) throw new AlcoveError("busy", "Another wheel is being installed.");
    const before = new Set(Object.keys(pyodide.loadedPackages));
    const arrived: Promise<File>[] = [];
    this.#arrived = arrived;
    this.#heard = heard;
    this.#failed = undefined;
    let report: InstallReport;
    try {
      if (typeof given !== "string") arrived.push(Promise.resolve(given));
      report = await install(typeof given === "string" ? given : place(pyodide, given));
    } catch (thrown) {
      void Promise.allSettled(arrived);
      throw notInstalled(thrown, typeof given === "string" ? given : given.name, this.#failed);
    } finally {
      this.#arrived = null;
    }
    const packages = Object.entries(pyodide.loadedPackages)
      .filter(([name, from]) => !before.has(name) && from === "default channel")
      .map(([name]) => name);
    // One that was there already brings nothing that could be kept.
    const files = await Promise.all(arrived);
    if (files.length > 0) await this.#keep(files, packages);
    return report;
  }

  /** What is kept. */
  async list(): Promise<InstalledWheel[]> {
    const kept = await this.#read();
    return kept.map(({ name, files }) => ({ name, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }));
  }

  /**
   * Forgets a wheel, and what came with it and nothing else needs.
   * @throws AlcoveError `bad-request` when it is not there
   */
  async remove(name: string): Promise<void> {
    await this.#change(async (folder, kept) => {
      const gone = kept.find((wheel) => wheel.name === name);
      if (!gone) {
        throw new AlcoveError("bad-request", `No wheel called "${name}" is kept.`, {
          action: "Take a name of alcove.python.installed().",
        });
      }
      const left = kept.filter((wheel) => wheel !== gone);
      const needed = new Set(left.flatMap(({ files }) => files.map((file) => file.name)));
      for (const file of gone.files) if (!needed.has(file.name)) await removeFile(folder, file.name);
      return left;
    });
  }

  /** Installs what is kept. A wheel that cannot be had any more keeps nothing else from starting. */
  async restore(pyodide: PyodideInterface): Promise<void> {
    const [folder, kept] = [await this.#open(), await this.#read()];
    if (!folder || kept.length === 0) return;
    const quiet = { messageCallback: () => undefined };
    await pyodide.loadPackage(["micropip", ...kept.flatMap(({ packages }) => packages)], quiet);
    // Of a package that came several times the last one counts.
    const files = new Map(kept.flatMap((wheel) => wheel.files.map(({ name }) => [packageName(name), name])));
    for (const name of files.values()) {
      try {
        const found = await findFile(folder, name);
        if (!found) continue;
        const path = place(pyodide, { name, bytes: new Uint8Array(await found.arrayBuffer()) });
        // All that it needs is among them.
        const code = "import micropip\nawait micropip.install(path, deps=False)";
        const locals = pyodide.toPy({ path });
        await pyodide.runPythonAsync(code, { locals }).finally(() => locals.destroy());
      } catch (thrown) {
        console.warn(`${name} could not be installed again.`, thrown);
      }
    }
  }

  async #keep(arrived: File[], packages: string[]): Promise<void> {
    const [first] = arrived as [File];
    await this.#change(async (folder, kept) => {
      for (const { name, bytes } of arrived) await writeFile(folder, name, bytes);
      const files = arrived.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
      // Another version of it takes its place.
      const others = kept.filter(({ name }) => packageName(name) !== packageName(first.name));
      const needed = new Set([...others.flatMap((wheel) => wheel.files), ...files].map(({ name }) => name));
      for (const { name } of kept.flatMap((wheel) => wheel.files)) {
        if (!needed.has(name)) await removeFile(folder, name);
      }
      return [...others, { name: first.name, files, packages }];
    });
  }

  /** Nothing is kept where the browser keeps nothing. */
  async #change(change: (folder: Directory, kept: KeptWheel[]) => Promise<KeptWheel[]>): Promise<void> {
    const folder = await this.#open();
    if (!folder) return;
    const never = new AbortController().signal;
    await exclusively("wheels", never, async () => {
      await writeJson(folder, LIST, await change(folder, await this.#read()));
    });
  }

  async #read(): Promise<KeptWheel[]> {
    const folder = await this.#open();
    return (folder && (await readJson<KeptWheel[]>(folder, LIST))) || [];
  }

  #open(): Promise<Directory | undefined> {
    this.#folder ??= openDirectory(WHEELS);
    return this.#folder;
  }
}

/** Without the folder that a server, or a name of somebody's, may hold. */
const fileName = (path: string): string => decodeURIComponent(path.split("/").at(-1) ?? "");

/** One spelling of the package that a wheel's file is of. */
const packageName = (file: string): string =>
  (file.split("-")[0] ?? file).toLowerCase().replace(/[._]+/g, "-");

/** Puts a file where micropip can read it. @returns what micropip calls it */
function place(pyodide: PyodideInterface, { name, bytes }: File): string {
  const path = `/tmp/${fileName(name)}`;
  pyodide.FS.writeFile(path, bytes);
  return `emfs:${path}`;
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  heard: () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of stream) {
    pieces.push(piece);
    heard();
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

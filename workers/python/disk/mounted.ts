/** A disk at its place in Python's file system: what Python changes is kept soon, and again until it is. */
import { diskChannel } from "../../files/home-files.ts";
import { exclusively } from "../../files/locks.ts";
import { SilentDisk } from "../../files/silence.ts";
import { AlcoveError } from "../../wire/errors.ts";
import { Disk } from "./disk.ts";
import { type EmscriptenFS, forget, mount } from "./file-system.ts";

const KEEP_AFTER_MS = 200;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** A tab that writes longer keeps what others wrote waiting; they try again. */
const LOCK_MS = 15_000;
/** What Python does must not wait for long looks, each of which costs a part of that. */
const REST = 10;

interface Place {
  /** In Python's file system. */
  path: string;
  open(): Promise<FileSystemDirectoryHandle>;
  readOnly: boolean;
  /** Of all tabs: what one of them writes there no other one writes at the same time. */
  lock: string;
  /** How a person calls it, at the beginning of a sentence. */
  title: string;
  /** All tabs have it, and tell each other what they change. */
  shared: boolean;
  /** What is not kept at the moment, and why; null when all is. */
  tell(trouble: AlcoveError | null): void;
}

export class MountedDisk {
  readonly #place: Place;
  readonly #disk: Disk;
  readonly #tabs: BroadcastChannel | null;
  #FS: EmscriptenFS | undefined;
  #looking: Promise<void> | null = null;
  #lookedUntil = 0;
  #keeping: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #trouble: AlcoveError | null = null;
  #closed = false;

  constructor(place: Place) {
    this.#place = place;
    const reader = new FileReaderSync();
    this.#disk = new Disk(place.open, place.readOnly, {
      readBlob: (blob) => new Uint8Array(reader.readAsArrayBuffer(blob)),
      onChange: () => this.#keepIn(KEEP_AFTER_MS),
      onKept: (paths) => this.#tabs?.postMessage(paths),
      onGone: (entry) => this.#FS && forget(this.#FS, entry),
    });
    this.#tabs = place.shared ? new BroadcastChannel(diskChannel(place.path)) : null;
    this.#tabs?.addEventListener("message", ({ data }: MessageEvent<string[]>) => {
      void this.#queued(() => this.#disk.refresh(data)).catch(() => undefined);
    });
  }

  get path(): string {
    return this.#place.path;
  }

  mount(FS: EmscriptenFS): void {
    this.#FS = FS;
    mount(FS, this.#disk, this.path);
  }

  /** Looks at what lies on the disk; the next look waits as long as that is worth. @throws AlcoveError */
  look(): Promise<void> {
    if (performance.now() < this.#lookedUntil) return Promise.resolve();
    this.#looking ??= this.#queued(async () => {
      const began = performance.now();
      try {
        await this.#disk.look();
      } catch (thrown) {
        const failure = this.#failure(thrown);
        // Before it has its place, whoever wants it there is told.
        if (this.#FS) this.#tell(failure);
        throw failure;
      } finally {
        const now = performance.now();
        this.#lookedUntil = now + REST * (now - began);
        this.#looking = null;
      }
      if (this.#disk.cut) this.#tell(tooMany(this.#place.title));
      else if (!this.#disk.waits) this.#tell(null);
    });
    return this.#looking;
  }

  /** Resolves when all that Python has changed lies on the disk. @throws AlcoveError `quota`, `busy`, `timeout`, … */
  keep(): Promise<void> {
    if (!this.#disk.waits) return this.#keeping;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#queued(() => this.#keep());
  }

  /** Keeps what is to be kept, and lets go. */
  async close(): Promise<void> {
    await this.keep().catch(() => undefined);
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#tabs?.close();
    this.#FS?.unmount(this.path);
    this.#FS?.rmdir(this.path);
  }

  async #keep(): Promise<void> {
    try {
      const late = AbortSignal.timeout(LOCK_MS);
      await exclusively(this.#place.lock, late, () => this.#disk.keep());
      this.#retryMs = FIRST_RETRY_MS;
      this.#tell(null);
    } catch (thrown) {
      const failure = this.#failure(thrown);
      this.#tell(failure);
      if (this.#disk.waits) this.#keepIn(this.#retryMs);
      this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
      throw failure;
    }
  }

  #keepIn(ms: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => void this.keep().catch(() => undefined), ms);
  }

  #tell(trouble: AlcoveError | null): void {
    if (this.#trouble?.message === trouble?.message) return;
    this.#trouble = trouble;
    this.#place.tell(trouble);
  }

  #failure(thrown: unknown): AlcoveError {
    return failureOf(thrown, this.#place.title);
  }

  /** A look and a keep do not cross. */
  #queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#keeping.then(work, work);
    this.#keeping = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

const tooMany = (title: string): AlcoveError =>
  new AlcoveError("unsupported", `${title} has too many files: not all of them are here.`, {
    action: "Choose a smaller folder.",
  });

/** Why it cannot be read or written, for a person. */
export function failureOf(thrown: unknown, title: string): AlcoveError {
  const detail = String(thrown);
  if (thrown instanceof SilentDisk) {
    return new AlcoveError(
      "timeout",
      `${title} does not answer: what Python wrote last may not be kept yet.`,
      {
        action: "Look whether its drive is there; it is tried again by itself.",
        detail,
      },
    );
  }
  const name = thrown instanceof DOMException || thrown instanceof TypeError ? thrown.name : "";
  if (name === "QuotaExceededError") {
    return new AlcoveError("quota", `${title} is full: what Python wrote last is not kept yet.`, {
      action: "Delete models or conversations that are no longer needed.",
      detail,
    });
  }
  if (name === "TypeError") {
    return new AlcoveError("bad-request", `${title} takes no file of such a name: it is not kept.`, {
      action: "Choose a name without : * ? < > | and without a dot or blank at its end.",
      detail,
    });
  }
  if (name === "NotAllowedError" || name === "NoModificationAllowedError") {
    return new AlcoveError("bad-request", `${title} may not be changed: what Python wrote is not kept.`, {
      action: "Allow it again, or choose another folder.",
      detail,
    });
  }
  if (name === "NotFoundError") {
    return new AlcoveError("bad-request", `${title} is gone.`, { action: "Choose it again.", detail });
  }
  if (name === "AbortError" || name === "TimeoutError") {
    return new AlcoveError("busy", `${title} is being written by another tab: what Python wrote waits.`, {
      action: "Close other tabs if it lasts.",
      detail,
    });
  }
  return new AlcoveError("integrity", `${title} cannot be read or written as it should.`, {
    action: "Reload the page. If it lasts, export your conversations and clear all in the Storage tab.",
    detail,
  });
}

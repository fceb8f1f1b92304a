/** Python's home on this device, and the folders that conversations work in. */
import { forgetSessionFiles, putIntoHome, removeFromHome } from "../../../workers/files/home-files.ts";
import type { PythonClient } from "../../../workers/python/client.ts";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";
import { AlcoveError, type ErrorData } from "../../../workers/wire/errors.ts";
import type { Conversations } from "../store/conversations.ts";
import type { ConversationChange } from "../store/heads.ts";
import type { Settings } from "../store/settings.ts";

/** A folder of the person's, or one of the home by its name. */
export type Folder = FileSystemDirectoryHandle | string;

/** The folder of a conversation: whether it may be read now, has to be allowed again, or is gone. */
export interface FolderStanding {
  name: string;
  state: "here" | "ask" | "gone";
}

/** What browsers add to a folder that a person chose. */
interface Asked {
  queryPermission?(of: { mode: "readwrite" }): Promise<PermissionState>;
  requestPermission?(of: { mode: "readwrite" }): Promise<PermissionState>;
}

/** The folder of the home that goes with a conversation; its id may be anything. */
const ownFolder = (conversation: string): string => `files-${encodeURIComponent(conversation)}`;

const settingOf = (conversation: string): string => `folder of ${conversation}`;

/** Emits `trouble` when {@link trouble} has changed. */
export class Home extends EventTarget {
  readonly #python: PythonClient;
  readonly #conversations: Conversations;
  readonly #settings: Settings;
  #trouble: AlcoveError | null = null;

  constructor(python: PythonClient, conversations: Conversations, settings: Settings) {
    super();
    this.#python = python;
    this.#conversations = conversations;
    this.#settings = settings;
    conversations.addEventListener("change", (event) => {
      const { id, what, here } = (event as CustomEvent<ConversationChange>).detail;
      if (what === "removed" && here) void this.#forget(id).catch(() => undefined);
    });
  }

  /** Why something that Python wrote is not kept, or no home can be had at all; null when all is well. */
  get trouble(): AlcoveError | null {
    return this.#trouble;
  }

  /** What Python's worker says of it: for Alcove itself. */
  hear(trouble: ErrorData | null): void {
    this.#trouble = trouble && AlcoveError.from(trouble);
    this.dispatchEvent(new Event("trouble"));
  }

  /**
   * Conversations as Amplifier's command line keeps them: a zip of `.amplifier`, to be unpacked in a home.
   * @param ids of conversations; left out, all
   * @param workingDir the folder there whose project they become sessions of; left out, Python's home
   */
  async export(ids?: readonly string[], { workingDir }: { workingDir?: string } = {}): Promise<Blob> {
    const wanted = ids ?? (await this.#conversations.list()).map(({ id }) => id);
    const zip = await this.#python.archive(this.#records(wanted), workingDir ?? null);
    return new Blob([zip], { type: "application/zip" });
  }

  async *#records(ids: readonly string[]): AsyncGenerator<TranscriptRecord> {
    for (const id of ids) {
      const record = await this.#conversations.get(id);
      if (record) yield record;
    }
  }

  /**
   * Puts files into a folder of the home, for browsers that give no folder of the person's: `openSession({folder: name})`.
   * Files of a folder that was chosen (`<input webkitdirectory>`) lie in folders as there.
   * @throws AlcoveError `quota`, `bad-request` for what is no name, `unsupported` where the browser keeps no files
   */
  async give(name: string, files: readonly File[]): Promise<void> {
    if (!name || name.startsWith(".") || /[/\\]/.test(name)) {
      throw new AlcoveError("bad-request", `“${name}” is no name of a folder.`);
    }
    try {
      await putIntoHome(name, files);
    } catch (thrown) {
      const full = thrown instanceof DOMException && thrown.name === "QuotaExceededError";
      throw new AlcoveError(full ? "quota" : "unsupported", "The files could not be put into the home.", {
        detail: String(thrown),
      });
    }
  }

  /** The same, with a folder of the conversation's own, which goes with it. Returns its name. @throws AlcoveError */
  async giveTo(conversation: string, files: readonly File[]): Promise<string> {
    const name = ownFolder(conversation);
    await this.give(name, files);
    return name;
  }

  /** The folder that a conversation was given; null where it has none. */
  async folder(conversation: string): Promise<FolderStanding | null> {
    const folder = await this.#settings.get<Folder>(settingOf(conversation));
    if (folder === undefined) return null;
    if (typeof folder === "string") return { name: folder, state: "here" };
    const asked = (await (folder as Asked).queryPermission?.({ mode: "readwrite" })) ?? "granted";
    return {
      name: folder.name,
      state: asked !== "granted" ? "ask" : (await isThere(folder)) ? "here" : "gone",
    };
  }

  /** Asks the person for the folder again; to be called by a click. Returns whether it may be used. */
  async allow(conversation: string): Promise<boolean> {
    const folder = await this.#settings.get<Folder>(settingOf(conversation));
    if (folder === undefined || typeof folder === "string") return folder !== undefined;
    const answer = await (folder as Asked).requestPermission?.({ mode: "readwrite" });
    return answer === undefined || answer === "granted";
  }

  /**
   * What a session is opened with: for Alcove itself.
   * @param given null takes the folder away that it has
   * @param lacks gets a sentence where its folder cannot be used
   */
  async folderFor(
    conversation: string,
    given: Folder | null | undefined,
    lacks: string[],
  ): Promise<{ folder?: Folder }> {
    if (given === null) await this.#settings.remove(settingOf(conversation));
    else if (given !== undefined) await this.#settings.set(settingOf(conversation), given);
    const standing = await this.folder(conversation);
    if (!standing) return {};
    if (standing.state === "ask") {
      // What may be read is a folder to read in.
      if (given) return { folder: given };
      lacks.push(`The folder “${standing.name}” of this conversation has to be allowed again.`);
      return {};
    }
    if (standing.state === "gone") {
      if (given)
        throw new AlcoveError("bad-request", `The folder “${standing.name}” is gone.`, {
          action: "Choose it again.",
        });
      lacks.push(`The folder “${standing.name}” of this conversation is gone.`);
      return {};
    }
    const folder = await this.#settings.get<Folder>(settingOf(conversation));
    return folder === undefined ? {} : { folder };
  }

  async #forget(conversation: string): Promise<void> {
    await this.#settings.remove(settingOf(conversation));
    await forgetSessionFiles(conversation);
    await removeFromHome(ownFolder(conversation));
  }
}

async function isThere(folder: FileSystemDirectoryHandle): Promise<boolean> {
  try {
    await folder.keys().next();
    return true;
  } catch (thrown) {
    return !(thrown instanceof DOMException && thrown.name === "NotFoundError");
  }
}

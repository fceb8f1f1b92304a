/** What lies on this device, by kind. It is read from where it lies: no engine is started for it. */
import { inventory, MODELS, removeHalf, removeWhole } from "../../../workers/files/inventory.ts";
import { forgetKeptPrompts, KEPT_PROMPTS } from "../../../workers/files/kept-prompts.ts";
import type { Directory } from "../../../workers/files/opfs.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Conversations } from "./conversations.ts";
import type { StorageItem, StorageKind, StorageReport } from "./storage-report.ts";
import { isWebllm, removeWebllm, webllmModels } from "./webllm-models.ts";

/** What the caches of the site's own files are called (`web/page/offline/cache.ts`). */
const APP = "alcove ";

interface StorageOptions {
  conversations: Conversations;
  /** The names of models, by their ids. */
  modelNames(): Promise<ReadonlyMap<string, string>>;
}

export class DeviceStorage {
  readonly #options: StorageOptions;

  constructor(options: StorageOptions) {
    this.#options = options;
  }

  /** Everything that Alcove keeps here, and what the browser says of the room for it. */
  async report(): Promise<StorageReport> {
    const names = await this.#options.modelNames();
    const named = (item: StorageItem): StorageItem => {
      const name = item.model === undefined ? undefined : names.get(item.model);
      return name === undefined ? item : { ...item, name };
    };
    const [files, webllm, keptPrompts, conversations, app, estimate, persisted] = await Promise.all([
      modelFiles(),
      webllmModels().catch(() => []),
      promptFiles(),
      this.#conversations(),
      appCaches().catch(() => []),
      navigator.storage?.estimate?.().catch(() => undefined),
      navigator.storage?.persisted?.().catch(() => false),
    ]);
    const lists: Record<StorageKind, StorageItem[]> = {
      models: [...files.models, ...webllm.filter(({ whole }) => whole).map(({ item }) => item)].map(named),
      halves: [...files.halves, ...webllm.filter(({ whole }) => !whole).map(({ item }) => item)].map(named),
      keptPrompts,
      conversations,
      documents: [],
      app,
    };
    const kinds = Object.fromEntries(
      Object.entries(lists).map(([kind, items]) => [
        kind,
        { bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), items },
      ]),
    ) as StorageReport["kinds"];
    return {
      kinds,
      quota: estimate?.quota ?? null,
      usage: estimate?.usage ?? null,
      persisted: persisted ?? false,
    };
  }

  /** Asks the browser to keep it all when the disk is full; whether it does. */
  async persist(): Promise<boolean> {
    return (await navigator.storage?.persist?.()) ?? false;
  }

  /**
   * Deletes a half that nobody waits for, or a file that no model in the list is made of, by the `id` of its item; or all
   * kept prompts. Models are `models.remove`d, downloads under way `models.cancel`led, conversations
   * `conversations.remove`d.
   * @throws AlcoveError `busy` for a file that is being written or read
   */
  async remove(kind: "models" | "halves" | "keptPrompts", id?: string): Promise<void> {
    if (kind === "keptPrompts") return forgetKeptPrompts();
    if (id === undefined) return;
    if (isWebllm(id)) return removeWebllm(id);
    const folder = await directory(MODELS);
    if (!folder) return;
    try {
      await (kind === "halves" ? removeHalf : removeWhole)(folder, id);
    } catch {
      throw new AlcoveError("busy", "This file is in use.", {
        action: "Cancel its download, or close the tab that uses it, and try again.",
      });
    }
  }

  async #conversations(): Promise<StorageItem[]> {
    const items: StorageItem[] = [];
    for (const { id, title, updated } of await this.#options.conversations.list().catch(() => [])) {
      const record = await this.#options.conversations.get(id).catch(() => undefined);
      const bytes = new TextEncoder().encode(JSON.stringify(record ?? "")).length;
      items.push({ id, name: title, bytes, changed: Date.parse(updated) });
    }
    return items;
  }
}

async function directory(name: string): Promise<Directory | undefined> {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
  } catch {
    return undefined;
  }
}

async function modelFiles(): Promise<{ models: StorageItem[]; halves: StorageItem[] }> {
  const folder = await directory(MODELS);
  const { whole, halves } = folder ? await inventory(folder) : { whole: [], halves: [] };
  const owners = new Map(
    whole.flatMap(({ imported }) => imported?.files.map(({ sha256 }) => [sha256, imported] as const) ?? []),
  );
  return {
    models: whole.map(({ key, name, bytes, model, damaged }) => {
      const owner = owners.get(key);
      const id = owner?.id ?? model;
      return {
        id: key,
        name: owner?.name ?? name,
        bytes,
        ...(id === undefined ? {} : { model: id }),
        ...(damaged ? { damaged } : {}),
      };
    }),
    halves: halves.map(({ key, name, bytes, model, changed }) => ({
      id: key,
      name,
      bytes,
      changed,
      ...(model === undefined ? {} : { model }),
    })),
  };
}

async function promptFiles(): Promise<StorageItem[]> {
  const folder = await directory(KEPT_PROMPTS);
  const items: StorageItem[] = [];
  for await (const handle of folder?.values() ?? []) {
    if (handle.kind !== "file") continue;
    // One that an engine is just writing has no size yet.
    const file = await handle.getFile().catch(() => undefined);
    if (file) items.push({ id: file.name, name: "A prompt", bytes: file.size, changed: file.lastModified });
  }
  return items;
}

async function appCaches(): Promise<StorageItem[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(APP));
  return Promise.all(
    names.map(async (name) => {
      const cache = await caches.open(name);
      const answers = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
      const sizes = await Promise.all(answers.map(async (answer) => (await answer?.blob())?.size ?? 0));
      return { id: name, name: "This site", bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
    }),
  );
}

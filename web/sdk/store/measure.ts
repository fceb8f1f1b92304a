/** Measures what lies on this device, by kind. It is read from where it lies: no engine is started for it. */
import type { AnyModel } from "../../../workers/engine/contract.ts";
import { DOCUMENTS, documentBytes } from "../../../workers/files/document-files.ts";
import { keyOf } from "../../../workers/files/file-key.ts";
import { homeEntries } from "../../../workers/files/home-files.ts";
import { inventory, MODELS } from "../../../workers/files/inventory.ts";
import { KEPT_PROMPTS } from "../../../workers/files/kept-prompts.ts";
import { findDirectory } from "../../../workers/files/opfs.ts";
import { keptEntries } from "../../../workers/files/person-files.ts";
import { locate } from "../../../workers/files/webllm-place.ts";
import { keptWheels } from "../../../workers/files/wheel-files.ts";
import type { Conversations } from "./conversations.ts";
import type { StorageItem, StorageKind, StorageReport } from "./storage-report.ts";
import { webllmModels } from "./webllm-models.ts";

export interface Measured {
  conversations: Conversations;
  agents: { own(): Promise<{ id: string; name: string; bytes: number; added: number }[]> };
  /** The models that there are. */
  models(): Promise<AnyModel[]>;
  /** Absolute URL of the root of the built site. */
  base: string;
}

/** Everything that Alcove keeps here, and what the browser says of the room for it. */
export async function measure(what: Measured): Promise<StorageReport> {
  const models = await what.models();
  const [
    files,
    webllm,
    keptPrompts,
    wheels,
    notes,
    home,
    documents,
    conversations,
    agents,
    app,
    estimate,
    persisted,
  ] = await Promise.all([
    modelFiles(),
    webllmModels().catch(() => []),
    promptFiles(),
    keptWheels(),
    keptEntries(),
    homeEntries().catch(() => []),
    documentBytes().catch(() => 0),
    saidThere(what.conversations),
    what.agents.own().catch(() => []),
    appCaches(what.base).catch(() => []),
    navigator.storage?.estimate?.().catch(() => undefined),
    navigator.storage?.persisted?.().catch(() => false),
  ]);
  const whole = [...files.models, ...webllm.filter((each) => each.whole).map(({ item }) => item)];
  const halves = [...files.halves, ...webllm.filter((each) => !each.whole).map(({ item }) => item)];
  const owned = owner(models, what.base, whole);
  const lists: Record<StorageKind, StorageItem[]> = {
    models: whole.map(owned),
    halves: halves.map(owned),
    keptPrompts,
    wheels,
    notes,
    home,
    conversations,
    agents: agents.map(({ id, name, bytes, added }) => ({ id, name, bytes, changed: added })),
    // They lie in one file.
    documents: documents > 0 ? [{ id: DOCUMENTS, name: "Your documents", bytes: documents }] : [],
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

/**
 * Whose each file is: the model's that it was fetched for, if that is made of it still, else that of another one that
 * is. One that is whole comes first, so that none of its files counts as left over.
 */
function owner(models: AnyModel[], base: string, here: StorageItem[]): (item: StorageItem) => StorageItem {
  const sound = new Set(here.filter(({ damaged }) => !damaged).map(({ id }) => id));
  const whole = new Set<AnyModel>();
  const users = new Map<string, AnyModel[]>();
  for (const model of models) {
    const places = placesOf(model, base);
    if (places.every((place) => sound.has(place))) whole.add(model);
    for (const place of places) users.set(place, [...(users.get(place) ?? []), model]);
  }
  const known = new Set(models.map(({ id }) => id));
  return (item) => {
    const all = users.get(item.id) ?? [];
    const best = all.some((model) => whole.has(model)) ? all.filter((model) => whole.has(model)) : all;
    const model = best.find(({ id }) => id === item.model) ?? best[0];
    if (model) return { ...item, model: model.id, name: model.name };
    const { model: fetchedFor = "", ...rest } = item;
    // What came of another version of a model is none of its files.
    return known.has(fetchedFor) ? rest : item;
  };
}

/** What a model's files are called among the items. */
const placesOf = (model: AnyModel, base: string): string[] =>
  model.engine === "webllm" ? [locate(model, base).folder] : model.files.map((file) => keyOf(file, base));

async function saidThere(conversations: Conversations): Promise<StorageItem[]> {
  const items: StorageItem[] = [];
  for (const { id, title, updated } of await conversations.list().catch(() => [])) {
    const record = await conversations.get(id).catch(() => undefined);
    const bytes = new TextEncoder().encode(JSON.stringify(record ?? "")).length;
    items.push({ id, name: title, bytes, changed: Date.parse(updated) });
  }
  return items;
}

async function modelFiles(): Promise<{ models: StorageItem[]; halves: StorageItem[] }> {
  const folder = await findDirectory(MODELS);
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
  const folder = await findDirectory(KEPT_PROMPTS);
  const items: StorageItem[] = [];
  for await (const handle of folder?.values() ?? []) {
    if (handle.kind !== "file") continue;
    // One that an engine is just writing has no size yet.
    const file = await handle.getFile().catch(() => undefined);
    if (file) items.push({ id: file.name, name: "A prompt", bytes: file.size, changed: file.lastModified });
  }
  return items;
}

/** Of this site: as `web/page/offline/cache.ts` calls them. */
async function appCaches(base: string): Promise<StorageItem[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(`alcove ${base} `));
  return Promise.all(
    names.map(async (name) => {
      const cache = await caches.open(name);
      const answers = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
      const sizes = await Promise.all(answers.map(async (answer) => (await answer?.blob())?.size ?? 0));
      return { id: name, name: "This site", bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
    }),
  );
}

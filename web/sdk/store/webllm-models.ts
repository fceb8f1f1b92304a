/** How much of WebLLM's models lies in the Cache API. */
import {
  CONFIG,
  LIBRARY,
  type ModelRecord,
  NOWHERE,
  RECORDS,
  WEIGHTS,
} from "../../../workers/files/webllm-caches.ts";
import type { StorageItem } from "./storage-report.ts";

/** Each with whether all of it is there. */
export async function webllmModels(): Promise<{ item: StorageItem; whole: boolean }[]> {
  const bytes = new Map<string, number>();
  for (const name of [CONFIG, WEIGHTS, LIBRARY]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const folder = folderOf(request.url);
      // Its worker wrote down how long it is.
      const length = Number((await cache.match(request))?.headers.get("content-length") ?? 0);
      if (folder) bytes.set(folder, (bytes.get(folder) ?? 0) + length);
    }
  }
  const records = await caches.open(RECORDS);
  return Promise.all(
    [...bytes].map(async ([folder, amount]) => {
      const kept = await records.match(folder);
      const record = kept ? ((await kept.json()) as ModelRecord) : undefined;
      const item: StorageItem = { id: folder, name: record?.name ?? "A model", bytes: amount };
      if (record) item.model = record.model;
      return { item, whole: record?.whole ?? true };
    }),
  );
}

/** Whether an item's id is one of these. */
export const isWebllm = (id: string): boolean => id.startsWith(NOWHERE);

/** Deletes what lies in one of the folders, whole or not. */
export async function removeWebllm(folder: string): Promise<void> {
  for (const name of [RECORDS, CONFIG, WEIGHTS, LIBRARY]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) if (request.url.startsWith(folder)) await cache.delete(request);
  }
}

const folderOf = (url: string): string | undefined =>
  url.startsWith(NOWHERE) ? url.slice(0, url.indexOf("/", NOWHERE.length) + 1) : undefined;

/** The voices that can speak: models of the catalogue, and what the system has. */
import type { Models } from "../models/catalogue.ts";
import { SYSTEM, systemVoices } from "./system.ts";

export interface Voice {
  /** What `alcove.speak` takes as `voice`. */
  id: string;
  name: string;
  /** BCP 47. */
  language: string;
  /** A model of Alcove's, or a voice of the person's system, which gives no samples. */
  kind: "model" | "system";
  /** Whether it can speak without a download. */
  here: boolean;
  /** Bytes to download; 0 for one of the system. */
  bytes: number;
  about?: string;
}

/** Those of this site first, then those on this device, then what can be had, then the system's. */
export async function voicesOf(models: Models): Promise<Voice[]> {
  const [entries, specs, system] = await Promise.all([models.list(), models.voices(), systemVoices()]);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const rank = (id: string) => (byId.get(id)?.shipped ? 0 : byId.get(id)?.cached ? 1 : 2);
  const own = specs
    .sort((a, b) => rank(a.id) - rank(b.id))
    .map(({ id, name, language, about, files }) => ({
      id,
      name,
      language,
      kind: "model" as const,
      here: byId.get(id)?.cached ?? false,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      ...(about === undefined ? {} : { about }),
    }));
  const others = system.map(({ name, lang }) => ({
    id: `${SYSTEM}:${name}`,
    name,
    language: lang,
    kind: "system" as const,
    here: true,
    bytes: 0,
  }));
  return [...own, ...others];
}

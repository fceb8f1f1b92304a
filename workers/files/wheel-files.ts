/** Where the wheels that a person installed lie: any thread may look. */
import { findDirectory, findFile, NEW, readJson } from "./opfs.ts";

/** A folder of the origin-private file system, and the list in it. */
export const WHEELS = "wheels";
export const LIST = "wheels.json";

/** A wheel as it is kept: its own file first, then those that came with it. */
export interface KeptWheel {
  name: string;
  files: { name: string; bytes: number }[];
  /** What it took of the packages of this site. */
  packages: string[];
}

interface WheelOnDisk {
  /** What it is uninstalled by. */
  id: string;
  name: string;
  /** Of its files as they lie here; one that several wheels need counts with the first of them. */
  bytes: number;
}

/** Every file of the folder, once: also those that a crash left beside the list. */
export async function keptWheels(): Promise<WheelOnDisk[]> {
  const folder = await findDirectory(WHEELS);
  if (!folder) return [];
  const sizes = new Map<string, number>();
  for await (const name of folder.keys()) {
    if (name !== LIST && name !== LIST + NEW) sizes.set(name, (await findFile(folder, name))?.size ?? 0);
  }
  const take = (name: string): number => {
    const bytes = sizes.get(name) ?? 0;
    sizes.delete(name);
    return bytes;
  };
  const kept = (await readJson<KeptWheel[]>(folder, LIST)) ?? [];
  const wheels = kept.map(({ name, files }) => ({
    id: name,
    name,
    bytes: files.reduce((sum, file) => sum + take(file.name), 0),
  }));
  return [...wheels, ...[...sizes].map(([name, bytes]) => ({ id: name, name, bytes }))];
}

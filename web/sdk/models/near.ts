import type { ModelSpec } from "../../../workers/engine/contract.ts";
import type { Models } from "./catalogue.ts";
import { sees } from "./sees.ts";

/**
 * The models that need no hub, the loaded one, and those of the open conversations, loaded or not. Those that see
 * come last: a provider that names no model means one that chats.
 */
export async function nearModels(
  models: Models,
  loaded: string | undefined,
  open: Iterable<{ provider: string; model: string }>,
): Promise<ModelSpec[]> {
  const near = await models.near(loaded);
  const known = new Set(near.map(({ id }) => id));
  const wanted = [...open].filter(({ provider }) => provider !== "openai");
  const missing = new Set(wanted.map(({ model }) => model).filter((id) => !known.has(id)));
  const found = await Promise.all([...missing].map((id) => models.find(id).catch(() => [])));
  return [...near, ...found.flat()].sort((a, b) => Number(sees(a)) - Number(sees(b)));
}

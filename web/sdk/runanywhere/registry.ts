/** RunAnywhere's short description of a model → ours. */
import type { LlamaCppModel, ModelFile } from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { LLMFramework, ModelCategory } from "./names.ts";

const HUB = "https://huggingface.co/";
/** What most models take well; nothing in a description tells more. */
const CONTEXT = 4096;
const VISION = { size: 512, fit: "keep" } as const;

export interface CompactModelDef {
  id: string;
  name: string;
  /** "owner/name" on the hub. */
  repo?: string;
  /** File names in `repo`: the model, and the projector of one that sees. */
  files?: string[];
  /** Address of the model's only file, in place of `repo` and `files`. */
  url?: string;
  framework: LLMFramework;
  modality?: ModelCategory;
  /** Bytes. */
  memoryRequirement?: number;
}

const known = new Map<string, LlamaCppModel>();

/** @throws AlcoveError `unsupported` for a kind of model that Alcove does not run; `bad-request` */
export function remember(models: CompactModelDef[]): void {
  for (const model of models.map(translate)) known.set(model.id, model);
}

export const remembered = (): LlamaCppModel[] => [...known.values()];

function translate(model: CompactModelDef): LlamaCppModel {
  const { id, name, repo, url, framework, modality = ModelCategory.Language, memoryRequirement = 0 } = model;
  const sees = modality === ModelCategory.Multimodal || modality === ModelCategory.Vision;
  if (framework !== LLMFramework.LlamaCpp || (!sees && modality !== ModelCategory.Language)) {
    throw new AlcoveError("unsupported", `Alcove cannot run "${id}": ${modality} on ${framework}.`, {
      action: "Register models of llama.cpp, for language or with eyes.",
    });
  }
  const urls = url ? [url] : (model.files ?? []).map((file) => `${HUB}${repo}/resolve/main/${file}`);
  if (urls.length !== (sees ? 2 : 1) || (!url && !repo)) {
    throw new AlcoveError("bad-request", `"${id}" does not say where its files are.`, {
      action: sees
        ? "Give repo and files: the model first, then its projector."
        : "Give url, or repo and one file.",
    });
  }
  // A hub tells no hash and no size beforehand: each file gets its share of what is known.
  const files = urls.map((address) => ({ url: address, bytes: Math.round(memoryRequirement / urls.length) }));
  return {
    id,
    name,
    engine: "llamacpp",
    family: name.split(/[\s-]/)[0] ?? name,
    license: "unknown",
    context: CONTEXT,
    system: "",
    files: files as [ModelFile, ...ModelFile[]],
    ...(memoryRequirement > 0 ? { memory: memoryRequirement } : {}),
    ...(sees ? { vision: VISION } : {}),
  };
}

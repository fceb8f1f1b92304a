/** RunAnywhere's short description of a model → ours. */
import type { LlamaCppModel, ModelFile } from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { manage } from "./managed.ts";
import { LLMFramework, ModelCategory } from "./names.ts";

const HUB = "https://huggingface.co/";
/** What most models take well; nothing in a description tells more. */
const CONTEXT = 4096;
/** And so are its pictures. */
export const VISION = { size: 512, fit: "keep" } as const;

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
  for (const [index, model] of models.map(translate).entries()) {
    keep(model, (models[index] as CompactModelDef).modality ?? ModelCategory.Language);
  }
}

/** Makes a model known by the addresses of its files, relative to the page. */
export function rememberFiles(
  [path, ...paths]: [string, ...string[]],
  { id, name = id, ...rest }: Partial<LlamaCppModel> & { id: string },
  modality: ModelCategory,
): void {
  const file = (address: string): ModelFile => ({ url: new URL(address, document.baseURI).href, bytes: 0 });
  const files: LlamaCppModel["files"] = [file(path), ...paths.map(file)];
  keep({ ...described(id, name, files), ...rest }, modality);
}

function keep(model: LlamaCppModel, modality: ModelCategory): void {
  known.set(model.id, model);
  const { id, name, memory } = model;
  const [{ url }, ...more] = model.files;
  const additionalFiles = more.map((file) => ({ url: file.url, filename: file.url.split("/").at(-1) ?? "" }));
  manage({
    ...{ id, name, url, framework: LLMFramework.LlamaCpp, modality },
    ...(memory === undefined ? {} : { memoryRequirement: memory }),
    ...(additionalFiles.length > 0 ? { additionalFiles } : {}),
  });
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
    ...described(id, name, files as [ModelFile, ...ModelFile[]]),
    ...(memoryRequirement > 0 ? { memory: memoryRequirement } : {}),
    ...(sees ? { vision: VISION } : {}),
  };
}

const described = (id: string, name: string, files: LlamaCppModel["files"]): LlamaCppModel => ({
  id,
  name,
  engine: "llamacpp",
  family: name.split(/[\s-]/)[0] ?? name,
  license: "unknown",
  context: CONTEXT,
  system: "",
  files,
});

export const knownModel = (id: string): LlamaCppModel | undefined => known.get(id);

export function forgetModels(): void {
  known.clear();
}

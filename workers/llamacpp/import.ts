/** From files of the person's to a model of the list: read before they are copied, and nothing is left of a failure. */
import type { LlamaCppModel, LoadProgress, ModelFile, OwnModel, Vision } from "../engine/contract.ts";
import { throttled } from "../files/download.ts";
import { LOCAL } from "../files/file-key.ts";
import type { FileShelf, KeptPart } from "../files/file-shelf.ts";
import { exclusively, needRoom, together } from "../files/locks.ts";
import { MemoryFileShelf } from "../files/memory-shelf.ts";
import { IMPORT, IMPORTING } from "../files/sweep.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { copyHashed } from "./copy.ts";
import { checkModel, type Gguf, type ModelFacts, ranks, readGguf, splitOf } from "./gguf.ts";
import { checkProjector } from "./projector.ts";
import { voiceAmong } from "./voice-files.ts";

type Tell = (progress: LoadProgress) => void;

const IMPORT_CONTEXT = 4096;
/** What most models that see take well; nothing in the files says it. */
const IMPORT_VISION: Vision = { size: 512, fit: "keep" };

interface Head {
  file: File;
  gguf: Gguf;
}

/** The files of one language model. */
interface Chosen {
  /** One, or the parts of a split model in their order. */
  parts: [Head, ...Head[]];
  facts: ModelFacts;
  projector: Head | undefined;
}

/** A file that was copied, and waits to become a whole one. */
interface Copied {
  part: KeptPart;
  partKey: string;
  file: ModelFile;
  name: string;
}

/**
 * Checks and copies a model: one file or all parts of a split one in any order, and its projector, by itself or among
 * the files; or a voice's graph and settings. Nothing of it is left if it fails.
 * @throws AlcoveError model-invalid, unsupported, bad-request, quota, cancelled
 */
export async function importFiles(
  files: File[],
  projector: File | undefined,
  shelf: FileShelf,
  tell: Tell,
  signal: AbortSignal,
): Promise<OwnModel> {
  try {
    const { files: own, describe } = (await voiceAmong(files)) ?? (await languageModel(files, projector));
    return await together(IMPORTING, signal, () => bring(own, describe, shelf, tell, signal));
  } catch (thrown) {
    if (signal.aborted) throw new AlcoveError("cancelled", "The import was stopped.");
    throw unreadable(thrown) ?? toAlcoveError(thrown);
  }
}

/** The browser reads a chosen file from the disk each time, and refuses once it is gone or was changed. */
function unreadable(thrown: unknown): AlcoveError | undefined {
  if (!(thrown instanceof DOMException) || !["NotReadableError", "NotFoundError"].includes(thrown.name))
    return undefined;
  return new AlcoveError("model-invalid", "The file changed or cannot be read.", {
    action: "Choose it again.",
    detail: thrown.message,
  });
}

async function languageModel(files: File[], given: File | undefined) {
  const { parts, facts, projector } = await choose(files, given);
  const heads = projector ? [...parts, projector] : parts;
  return {
    files: heads.map(({ file }) => file),
    describe: (copied: ModelFile[]) => describe(parts, facts, projector, copied as LlamaCppModel["files"]),
  };
}

async function choose(files: File[], given: File | undefined): Promise<Chosen> {
  const heads = await Promise.all(files.map(async (file) => ({ file, gguf: await readGguf(file) })));
  const isProjector = ({ gguf }: Head) => gguf.metadata.get("general.architecture") === "clip";
  const found = given ? { file: given, gguf: await readGguf(given) } : undefined;
  // A projector alone is refused as what it is.
  const models = heads.some((head) => !isProjector(head))
    ? heads.filter((head) => !isProjector(head))
    : heads;
  const projectors = [...(found ? [found] : []), ...heads.filter((head) => !models.includes(head))];
  if (projectors.length > 1) {
    throw new AlcoveError("bad-request", "These are several projectors.", { action: "Choose one of them." });
  }
  const parts = inOrder(models);
  const [first, ...others] = parts;
  const rest = others.map(({ file, gguf }) => ({ gguf, size: file.size }));
  const facts = checkModel(first.gguf, first.file.size, rest);
  if (ranks(first.gguf)) {
    throw new AlcoveError("unsupported", "This model ranks texts, which Alcove cannot use yet.", {
      action: "Choose a model that chats, or one for embeddings.",
    });
  }
  const [other] = projectors;
  if (other) checkProjector(other.gguf, other.file.size, facts);
  return { parts, facts, projector: other };
}

/** @throws AlcoveError `model-invalid` where parts of a split model are missing, `bad-request` for several models */
function inOrder(heads: Head[]): [Head, ...Head[]] {
  const [first] = heads;
  if (!first) throw new AlcoveError("bad-request", "There is no file.", { action: "Choose a GGUF file." });
  const splits = heads.map(({ gguf }) => splitOf(gguf));
  if (heads.length === 1) return [first];
  if (!splits.every((split) => split && split.of === splits[0]?.of)) {
    throw new AlcoveError("bad-request", "These files are not one model.", {
      action: "Import one model at a time: its file, or all parts of it.",
    });
  }
  const { of } = splits[0] as { of: number };
  const by = new Map(heads.map((head, i) => [splits[i]?.part ?? 0, head]));
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((part) => !by.has(part));
  if (missing.length > 0) {
    const names = missing.map((part) => nameOfPart(first.file.name, part)).join(", ");
    const which =
      missing.length === 1 ? `Part ${missing[0]} of ${of} is` : `Parts ${missing.join(", ")} of ${of} are`;
    throw new AlcoveError("model-invalid", `${which} missing.`, {
      action: names
        ? `Choose all ${of} parts together, these too: ${names}.`
        : `Choose all ${of} parts together.`,
    });
  }
  if (by.size < heads.length) {
    throw new AlcoveError("model-invalid", "A part of the model was chosen twice.", {
      action: `Choose each of the ${of} parts once.`,
    });
  }
  return [...by].sort(([a], [b]) => a - b).map(([, head]) => head) as [Head, ...Head[]];
}

/** As gguf-split names them: "name-00001-of-00003.gguf". */
const nameOfPart = (name: string, part: number): string =>
  /-\d{5}-of-\d{5}\.gguf$/.test(name)
    ? name.replace(/-\d{5}(-of-\d{5}\.gguf)$/, `-${String(part).padStart(5, "0")}$1`)
    : "";

async function bring(
  files: File[],
  describe: (copied: ModelFile[]) => OwnModel,
  shelf: FileShelf,
  tell: Tell,
  signal: AbortSignal,
): Promise<OwnModel> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (!(shelf instanceof MemoryFileShelf)) await needRoom(total);
  const report = throttled(tell);
  const undo: (() => Promise<void>)[] = [];
  let before = 0;
  try {
    const copied: Copied[] = [];
    for (const file of files) {
      const partKey = `${IMPORT}${crypto.randomUUID()}`;
      const part = await shelf.part(partKey, { name: file.name });
      undo.push(async () => {
        part.close();
        await shelf.removePart(partKey);
      });
      const count = (bytes: number) => report({ stage: "verifying", bytes: before + bytes, total });
      const sha256 = await copyHashed(file, part, count, signal);
      copied.push({
        part,
        partKey,
        name: file.name,
        file: { url: LOCAL + file.name, bytes: file.size, sha256 },
      });
      before += file.size;
    }
    const spec = describe(copied.map(({ file }) => file));
    // The first file comes last, because it bears what the model is.
    for (const one of copied.reverse())
      await keep(one, one === copied.at(-1) ? spec : undefined, shelf, undo);
    return spec;
  } catch (thrown) {
    for (const step of undo.reverse()) await step();
    throw thrown;
  }
}

/** Makes a copy a whole file. One that is here already stays, and only learns what it belongs to. */
async function keep(
  { part, partKey, name, file }: Copied,
  imported: OwnModel | undefined,
  shelf: FileShelf,
  undo: (() => Promise<void>)[],
): Promise<void> {
  const key = file.sha256 as string;
  await exclusively(`file-${key}`, new AbortController().signal, async () => {
    const here = (await shelf.find(key)) && (await shelf.list()).find((stored) => stored.key === key);
    if (here && !imported) {
      part.close();
      return shelf.removePart(partKey);
    }
    if (!here) undo.push(() => shelf.remove(key));
    const entry = here ?? { key, name, bytes: file.bytes, sha256: key, local: true as const };
    await part.finish(imported ? { ...entry, imported } : entry);
  });
}

/** Architectures that write nothing, whatever else their file says or leaves out. */
const ENCODER = /bert|^t5encoder$|-embedding$/;

function describe(
  parts: Head[],
  facts: ModelFacts,
  projector: Head | undefined,
  files: LlamaCppModel["files"],
): LlamaCppModel {
  const { file, gguf } = parts[0] as Head;
  return {
    id: `local-${(files[0].sha256 as string).slice(0, 12)}`,
    name: facts.name.trim() || file.name.trim() || "A model without a name",
    engine: "llamacpp",
    family: facts.architecture,
    license: String(gguf.metadata.get("general.license") ?? "unknown"),
    context: Math.min(IMPORT_CONTEXT, facts.context || IMPORT_CONTEXT),
    system: "",
    files,
    ...(parts.length > 1 ? { splits: parts.length } : {}),
    ...(projector ? { vision: IMPORT_VISION, goodFor: ["general", "vision"] } : {}),
    ...(facts.pools || ENCODER.test(facts.architecture) ? { goodFor: ["embedding"] } : {}),
  };
}

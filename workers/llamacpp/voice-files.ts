/** A Piper voice of the person's: its graph and, beside it, its settings. The worker that speaks reads both anew. */
import type { ModelFile, VoiceModel } from "../engine/contract.ts";
import { AlcoveError } from "../wire/errors.ts";

/** Every ONNX file begins with its version. */
const FIRST_BYTE = 8;

/** Bytes; they are a few thousand. */
const MOST_SETTINGS = 1_000_000;

interface Settings {
  language?: { code?: string };
  phoneme_id_map?: object;
}

/**
 * What the files are as a voice; undefined where none of them is one's.
 * @throws AlcoveError `bad-request` where one of the two files is missing, `model-invalid` for what is no voice
 */
export async function voiceAmong(files: readonly File[]) {
  const graphs = files.filter(({ name }) => /\.onnx$/i.test(name));
  const settings = files.filter(({ name }) => /\.json$/i.test(name));
  if (graphs.length === 0 && settings.length === 0) return undefined;
  const [graph, json] = [graphs[0], settings[0]];
  if (!graph || !json || files.length !== 2) {
    throw new AlcoveError("bad-request", "A voice is two files.", {
      action: "Choose its .onnx and its .onnx.json together.",
    });
  }
  const read = await settingsIn(json);
  const [first] = new Uint8Array(await graph.slice(0, 1).arrayBuffer());
  if (!read?.phoneme_id_map || first !== FIRST_BYTE) {
    throw new AlcoveError("model-invalid", "These are not the files of a Piper voice.");
  }
  const language = (read.language?.code ?? "").replace("_", "-");
  if (!/^en\b/i.test(language)) {
    throw new AlcoveError("unsupported", "This voice speaks a language that Alcove cannot spell yet.", {
      action: "Choose an English voice.",
    });
  }
  const describe = (copied: ModelFile[]): VoiceModel => ({
    id: `local-${copied[0]?.sha256?.slice(0, 12)}`,
    name: graph.name.replace(/\.onnx$/i, "").trim() || "A voice without a name",
    engine: "piper",
    family: "piper",
    license: "unknown",
    language,
    goodFor: ["voice"],
    files: copied as VoiceModel["files"],
  });
  return { files: [graph, json], describe };
}

async function settingsIn(file: File): Promise<Settings | null> {
  if (file.size > MOST_SETTINGS) return null;
  try {
    return JSON.parse(await file.text()) as Settings | null;
  } catch {
    return null;
  }
}

/** What lies beside a Piper voice's graph, and how its phonemes become numbers. */
import { AlcoveError } from "../wire/errors.ts";

export interface PiperSettings {
  sampleRate: number;
  /** How much the sound varies, and how much the lengths of phonemes do. */
  noise: number;
  noiseWidth: number;
  /** Over 1 it speaks slower. */
  length: number;
  /** BCP 47: "en-US". */
  language: string;
  /** What a phoneme is to the graph. */
  ids: ReadonlyMap<string, readonly number[]>;
}

/** The file, as Piper writes it. */
interface PiperJson {
  audio?: { sample_rate?: number };
  espeak?: { voice?: string };
  inference?: { noise_scale?: number; length_scale?: number; noise_w?: number };
  language?: { code?: string };
  phoneme_id_map?: Record<string, number[]>;
}

/** Between all phonemes, at the beginning and at the end. */
const [PAD, BEGIN, END] = ["_", "^", "$"];

/**
 * Reads a voice's settings.
 * @throws AlcoveError `model-invalid` for what are none
 */
export function readSettings(json: string): PiperSettings {
  let read: PiperJson | null = null;
  try {
    read = JSON.parse(json) as PiperJson | null;
  } catch {
    // Told below.
  }
  const ids = new Map(
    Object.entries(read?.phoneme_id_map ?? {}).filter(
      ([, numbers]) => Array.isArray(numbers) && numbers.every(Number.isSafeInteger),
    ),
  );
  const sampleRate = read?.audio?.sample_rate;
  if (
    typeof sampleRate !== "number" ||
    sampleRate < 8_000 ||
    sampleRate > 96_000 ||
    !ids.has(PAD as string)
  ) {
    throw new AlcoveError("model-invalid", "These are not the settings of a Piper voice.", {
      action: "Choose the .onnx.json file that belongs to the voice.",
    });
  }
  const { noise_scale = 0.667, length_scale = 1, noise_w = 0.8 } = read?.inference ?? {};
  const language = (read?.language?.code ?? read?.espeak?.voice ?? "").replace("_", "-");
  return { sampleRate, noise: noise_scale, noiseWidth: noise_w, length: length_scale, language, ids };
}

/** The numbers of phonemes, as Piper's graph wants them; what the voice does not know is left out. */
export function symbolIds(phonemes: string, { ids }: PiperSettings): number[] {
  const of = (symbol: string) => ids.get(symbol) ?? [];
  const pad = of(PAD as string);
  const known = [...phonemes].flatMap((symbol) => (ids.has(symbol) ? [...of(symbol), ...pad] : []));
  return [...of(BEGIN as string), ...pad, ...known, ...of(END as string)];
}

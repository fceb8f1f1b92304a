/** The inside of the worker that speaks: one voice at a time, one passage at a time. */
import type { VoiceModel } from "../engine/contract.ts";
import { threads } from "../onnx/runtime.ts";
import { AlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import { Queue } from "../wire/queue.ts";
import { phonemesOf } from "./phonemes.ts";
import { PiperVoice } from "./piper.ts";
import type { VoiceProtocol } from "./protocol.ts";
import { readSettings } from "./settings.ts";
import { spoken } from "./words/spoken.ts";

interface Known {
  model: VoiceModel;
  files: Blob[];
  base: string;
}

const queue = new Queue();
/** All that was ever loaded: another tab may have put another voice in its place. */
const known = new Map<string, Known>();
let open: { id: string; voice: PiperVoice } | undefined;

/** The voice with this id, in place of the one before. */
async function voiceOf(id: string): Promise<PiperVoice> {
  if (open?.id === id) return open.voice;
  const asked = known.get(id);
  if (!asked) throw new AlcoveError("model-not-found", "This voice is not loaded.");
  const [graph, settings] = asked.files as [Blob, Blob];
  const read = readSettings(await settings.text());
  if (!/^en\b/i.test(read.language)) {
    throw new AlcoveError("unsupported", "This voice speaks a language that Alcove cannot spell yet.", {
      action: "Choose an English voice.",
      detail: read.language,
    });
  }
  // Two at once would crowd the memory.
  await open?.voice.release();
  open = undefined;
  const voice = await PiperVoice.open(new Uint8Array(await graph.arrayBuffer()), read, asked.base);
  open = { id, voice };
  return voice;
}

serveWorker<VoiceProtocol>({
  load: (asked, { emit, signal }) =>
    queue.run(async () => {
      const started = performance.now();
      const { id, files } = asked.model;
      known.set(id, asked);
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      emit({ stage: "loading", bytes: 0, total });
      const { settings } = await voiceOf(id);
      return {
        id,
        sampleRate: settings.sampleRate,
        threads: threads(),
        loadMs: performance.now() - started,
      };
    }, signal),
  say: ({ voice: id, text, rate }, { emit, signal }) =>
    queue.run(async () => {
      const voice = await voiceOf(id);
      const { words, skipped } = spoken(text);
      const phonemes = phonemesOf(words);
      if (phonemes === "") return { words: "", skipped };
      for await (const samples of voice.speak(phonemes, rate, signal)) emit(samples);
      return { words, skipped };
    }, signal),
});

/** RunAnywhere's `AudioFileLoader`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

export interface AudioFileLoaderResult {
  samples: Float32Array;
  sampleRate: number;
  durationSeconds: number;
}

export const AudioFileLoader = {
  /**
   * Any file that the browser decodes, as mono samples of that rate.
   * @throws AlcoveError `bad-request` for what it does not decode
   */
  async toFloat32Array(file: Blob, targetSampleRate = 16_000): Promise<AudioFileLoaderResult> {
    try {
      // It brings what it decodes to its own rate.
      const context = new OfflineAudioContext(1, 1, targetSampleRate);
      const decoded = await context.decodeAudioData(await file.arrayBuffer());
      const channels = Array.from({ length: decoded.numberOfChannels }, (_, at) =>
        decoded.getChannelData(at),
      );
      const samples = Float32Array.from({ length: decoded.length }, (_, at) => {
        return channels.reduce((sum, channel) => sum + (channel[at] as number), 0) / channels.length;
      });
      return { samples, sampleRate: targetSampleRate, durationSeconds: decoded.duration };
    } catch (thrown) {
      throw new AlcoveError("bad-request", "This is no audio that this browser can play.", {
        action: "Choose a sound or video file, as MP3, M4A, WAV, OGG or WebM.",
        detail: String(thrown),
      });
    }
  },
};

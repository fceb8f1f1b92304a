/** A text as a file of sound. */
import type { Alcove } from "../../sdk/index.ts";
import { choice } from "./choice.ts";

/**
 * Speaks all of `text` into a WAV file.
 * @param tell hears how much of the text is done, 0 to 1
 * @returns null where nothing of it can be spoken
 * @throws AlcoveError whatever `alcove.speak` fails with
 */
export async function record(
  alcove: Alcove,
  text: string,
  tell: (fraction: number) => void,
  signal: AbortSignal,
): Promise<File | null> {
  const { WavFile } = await import("../../sdk/embed.ts");
  const spoken = alcove.speak(text, { ...choice(), signal });
  let file: InstanceType<typeof WavFile> | undefined;
  for await (const { samples, sampleRate, from, text: sentence } of spoken) {
    file ??= new WavFile(sampleRate);
    file.add(samples);
    tell(Math.min(1, (from + sentence.length) / text.length));
  }
  return file && file.seconds > 0 ? new File([file.blob()], "speech.wav", { type: "audio/wav" }) : null;
}

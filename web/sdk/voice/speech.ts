/** A stretch of speech. */
export interface Speech {
  /** From -1 to 1. */
  samples: Float32Array<ArrayBuffer>;
  /** Hz; 0 where a voice of the system speaks by itself. */
  sampleRate: number;
  /** The sentence that it is a part of, as it was written. */
  text: string;
  /** Where that begins in all that was given, in UTF-16 units. */
  from: number;
  /** The last of its sentence: the pause after it. */
  last: boolean;
  /** With the last: what of the sentence cannot be spoken, in words for a person ("code", "text in Chinese"). */
  skipped: string[];
}

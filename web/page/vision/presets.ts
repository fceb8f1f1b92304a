/** What a person can ask of every frame with one click. */

export interface Preset {
  id: "describe" | "read" | "count" | "changes" | "own";
  prompt: string;
  /** The words that our own small model was taught for it. */
  taught?: string;
  maxTokens: number;
  /** The page compares each answer with the one before. */
  compares?: true;
}

const DESCRIBE = "Describe what you see in one sentence.";

export const PRESETS: readonly Preset[] = [
  { id: "describe", prompt: DESCRIBE, maxTokens: 48 },
  { id: "read", prompt: "Read the text.", maxTokens: 96 },
  {
    id: "count",
    prompt: "How many things are there? Name them.",
    taught: "How many shapes are there?",
    maxTokens: 48,
  },
  { id: "changes", prompt: DESCRIBE, maxTokens: 48, compares: true },
  { id: "own", prompt: "", maxTokens: 64 },
];

/** Our own small model, which knows shapes and no other things. */
export const TAUGHT = "scene-vlm";

/** How often the live view looks, in milliseconds. */
export const INTERVALS: readonly number[] = [0, 1000, 2500, 5000, 15_000];

/** Tokens of an answer to a question. */
export const ANSWER_TOKENS = 256;

/** What a person can ask of every frame with one click. */

export interface Preset {
  id: string;
  name: string;
  prompt: string;
  /** The words that our own small model was taught for it. */
  taught?: string;
  maxTokens: number;
  /** The page compares each answer with the one before. */
  compares?: true;
}

const DESCRIBE = "Describe what you see in one sentence.";

export const PRESETS: readonly Preset[] = [
  { id: "describe", name: "Describe", prompt: DESCRIBE, maxTokens: 48 },
  { id: "read", name: "Read the text", prompt: "Read the text.", maxTokens: 96 },
  {
    id: "count",
    name: "Count",
    prompt: "How many things are there? Name them.",
    taught: "How many shapes are there?",
    maxTokens: 48,
  },
  { id: "changes", name: "What changed?", prompt: DESCRIBE, maxTokens: 48, compares: true },
  { id: "own", name: "Own prompt", prompt: "", maxTokens: 64 },
];

/** Our own small model, which knows shapes and no other things. */
export const TAUGHT = "scene-vlm";

/** How often the live view looks, in milliseconds. */
export const INTERVALS: readonly { ms: number; name: string }[] = [
  { ms: 0, name: "As fast as it can" },
  { ms: 1000, name: "Every second" },
  { ms: 2500, name: "Every 2.5 seconds" },
  { ms: 5000, name: "Every 5 seconds" },
  { ms: 15_000, name: "Every 15 seconds" },
];

/** Tokens of an answer to a question. */
export const ANSWER_TOKENS = 256;

/** The parts of the Settings tab, by what stands behind `#settings/`. */
export const PARTS = {
  answers: "Model and answers",
  instructions: "Instructions",
  prompts: "Prompts",
  tools: "Tools",
  appearance: "Appearance",
  keyboard: "Keyboard",
  privacy: "Privacy",
} as const;

export type Part = keyof typeof PARTS;

/** The parts of the Settings tab, by what stands behind `#settings/`. */
import { words } from "../kit/words.ts";

export const partNames = words("settings-parts", {
  answers: "Model and answers",
  instructions: "Instructions",
  prompts: "Prompts",
  tools: "Tools",
  appearance: "Look and language",
  keyboard: "Keyboard",
  privacy: "Privacy",
});

export const PARTS = Object.keys(partNames) as readonly (keyof typeof partNames & string)[];

export type Part = (typeof PARTS)[number];

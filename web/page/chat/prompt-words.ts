/** What the menu of prompts says. */
import { words } from "../kit/words.ts";

export const w = words("prompt-menu", {
  prompts: "Prompts",
  count: { one: "{count} prompt", other: "{count} prompts" },
  yours: "Write your own",
});

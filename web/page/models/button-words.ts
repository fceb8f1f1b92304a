/** What the button says that names the model. */
import { words } from "../kit/words.ts";

export const w = words("model-button", { models: "Models", model: "Model:" });

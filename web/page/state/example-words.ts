/** Prompts to begin with; they are not the person's own, and cannot be deleted. */
import { words } from "../kit/words.ts";

/** Name, and text. */
const w = words("examples", {
  summarise: "Summarise",
  summariseText: "Summarise this in three sentences, then list what is left to do:",
  explain: "Explain simply",
  explainText: "Explain this as you would to a curious twelve-year-old, with an example:",
  improve: "Improve writing",
  improveText: "Correct and smooth this text. Keep its tone and language:",
  translate: "Translate to English",
  translateText: "Translate this to English. Only the translation:",
  review: "Review code",
  reviewText: "Review this code: faults first, then what could be simpler.",
});

export { w as exampleWords };

interface Example {
  title: string;
  text: string;
}

/** What follows is the person's to write, in lines of its own. */
const example = (title: string, text: string): Example => ({ title, text: `${text}\n\n` });

export const examples = (): readonly Example[] => [
  example(w.summarise, w.summariseText),
  example(w.explain, w.explainText),
  example(w.improve, w.improveText),
  example(w.translate, w.translateText),
  example(w.review, w.reviewText),
];

/** Prompts to begin with; they are not the person's own, and cannot be deleted. */
import { words } from "../kit/words.ts";

/** Name, and text. */
export const exampleWords = words("examples", {
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

interface Example {
  title: string;
  text: string;
}

/** What follows is the person's to write, in lines of its own. */
const example = (title: string, text: string): Example => ({ title, text: `${text}\n\n` });

export const examples = (): readonly Example[] => [
  example(exampleWords.summarise, exampleWords.summariseText),
  example(exampleWords.explain, exampleWords.explainText),
  example(exampleWords.improve, exampleWords.improveText),
  example(exampleWords.translate, exampleWords.translateText),
  example(exampleWords.review, exampleWords.reviewText),
];

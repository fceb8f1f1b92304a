/** Prompts to begin with; they are not the person's own, and cannot be deleted. */
export const EXAMPLES: readonly { title: string; text: string }[] = [
  { title: "Summarise", text: "Summarise this in three sentences, then list what is left to do:\n\n" },
  {
    title: "Explain simply",
    text: "Explain this as you would to a curious twelve-year-old, with an example:\n\n",
  },
  { title: "Improve writing", text: "Correct and smooth this text. Keep its tone and language:\n\n" },
  { title: "Translate to English", text: "Translate this to English. Only the translation:\n\n" },
  { title: "Review code", text: "Review this code: faults first, then what could be simpler.\n\n" },
];

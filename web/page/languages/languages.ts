/** The languages that the page speaks beside English, whose texts stand where they are used. */
import type { Language } from "../kit/language.ts";

export const LANGUAGES: Readonly<Record<string, Language>> = {
  de: { name: "Deutsch", dir: "ltr", load: async () => (await import("./de/index.ts")).german },
  ar: { name: "العربية", dir: "rtl", load: async () => (await import("./ar/index.ts")).arabic },
};

/** A part of phonemize that has no declaration of its own. */
declare module "phonemize/en-g2p" {
  import type { LanguageProcessor } from "phonemize/core";

  export class EnglishG2P implements LanguageProcessor {
    readonly id: string;
    readonly name: string;
    readonly supportedLanguages: string[];
    constructor(options?: { dialect?: "en-US" | "en-GB" });
    preProcess(text: string): string;
    predict(word: string, language?: string, pos?: string): string | null;
    addPronunciation(word: string, pronunciation: string): void;
  }
}

/** What a person prepared for their conversations: with what new ones begin, and prompts to be sent. */
import type { Sampling } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { checkedSampling } from "../store/sampling.ts";
import type { Settings } from "../store/settings.ts";

/** With what a new conversation begins that is given nothing else. */
export interface Defaults {
  /** System prompt; empty leaves it to the model. */
  system: string;
  sampling: Sampling;
}

/** A text that the person sends, or begins from, more than once. */
export interface PromptEntry {
  id: string;
  title: string;
  text: string;
}

/** Names of settings. */
const DEFAULTS = "defaults";
const PROMPTS = "prompts";
const CHANNEL = "alcove-presets";

/** A title that is longer is no title; a text that is longer fits no model. */
const MOST_TITLE = 200;
const MOST_TEXT = 100_000;

/** What a `change` event is about. */
export type PresetsChange = "defaults" | "prompts";

/** Emits `change` (a CustomEvent of {@link PresetsChange}) whenever something of it changed, here or in another tab. */
export class Presets extends EventTarget {
  readonly #settings: Settings;
  readonly #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  constructor(settings: Settings) {
    super();
    this.#settings = settings;
    this.#tabs?.addEventListener("message", ({ data }) => this.#dispatch(data));
  }

  async defaults(): Promise<Defaults> {
    return { system: "", sampling: {}, ...(await this.#settings.get<Defaults>(DEFAULTS)) };
  }

  /**
   * Changes what is given; conversations that have begun stay as they are.
   * @throws AlcoveError `bad-request` for what is no sampling or too long
   */
  async setDefaults(changes: Partial<Defaults>): Promise<void> {
    const { system, sampling } = changes;
    const given = {
      ...(system !== undefined && { system: fitting(system, MOST_TEXT, "The system prompt") }),
      ...(sampling && { sampling: checkedSampling(sampling) }),
    };
    await this.#settings.update<Partial<Defaults>>(DEFAULTS, (before) => ({ ...before, ...given }));
    this.#changed("defaults");
  }

  /** In the order in which they were first kept. */
  async prompts(): Promise<PromptEntry[]> {
    return (await this.#settings.get<PromptEntry[]>(PROMPTS)) ?? [];
  }

  /**
   * Keeps a prompt: anew, or in the place of the one with this `id`.
   * @throws AlcoveError `bad-request` for an empty or too long one
   */
  async keepPrompt({ id, title, text }: { id?: string; title: string; text: string }): Promise<PromptEntry> {
    const kept: PromptEntry = {
      id: id ?? crypto.randomUUID(),
      title: fitting(title.trim(), MOST_TITLE, "The prompt's name"),
      text: fitting(text.trim(), MOST_TEXT, "The prompt"),
    };
    if (!kept.title || !kept.text) throw new AlcoveError("bad-request", "A prompt needs a name and a text.");
    await this.#settings.update<PromptEntry[]>(PROMPTS, (all = []) =>
      all.some((other) => other.id === kept.id)
        ? all.map((other) => (other.id === kept.id ? kept : other))
        : [...all, kept],
    );
    this.#changed("prompts");
    return kept;
  }

  async removePrompt(id: string): Promise<void> {
    await this.#settings.update<PromptEntry[]>(PROMPTS, (all = []) => all.filter((other) => other.id !== id));
    this.#changed("prompts");
  }

  close(): void {
    this.#tabs?.close();
  }

  #changed(what: PresetsChange): void {
    this.#tabs?.postMessage(what);
    this.#dispatch(what);
  }

  #dispatch(detail: PresetsChange): void {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}

function fitting(text: string, most: number, what: string): string {
  if (text.length <= most) return text;
  throw new AlcoveError("bad-request", `${what} is over ${most.toLocaleString("en")} characters.`, {
    action: "Shorten it.",
  });
}

/** The state behind the Settings tab: with what conversations are answered, as it is kept, and prompts. */
import type { Defaults, PromptEntry, Sampling } from "../../sdk/index.ts";
import { TabStore } from "../state/tab-store.ts";
import type { Workbench } from "../state/workbench.ts";

/** Whose settings are shown. */
export type Scope = "new" | "this";

export interface Whose {
  scope: Scope;
  conversation: string | undefined;
}

/** Names what failed. */
export const ANSWERS = "answers";
export const PROMPTS = "prompts";

/** Emits `change` after every change. */
export class SettingsStore extends TabStore {
  readonly #workbench: Workbench;
  scope: Scope = "new";
  /** What is shown; null before it was read. */
  shown: Defaults | null = null;
  /** The agent that the conversation is with. */
  agent = "";
  prompts: readonly PromptEntry[] = [];
  /** Whether each number is shown; null before somebody opened or closed them. */
  unfolded: boolean | null = null;

  constructor(workbench: Workbench) {
    super(workbench.opened);
    this.#workbench = workbench;
  }

  /** Follows what is changed elsewhere, in other tabs too, until `signal` aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const { conversations, presets } = await this.alcove.then(async (alcove) => ({
      conversations: alcove.conversations,
      presets: await alcove.presets(),
    }));
    if (signal.aborted) return;
    const read = () => void this.read();
    presets.addEventListener("change", read, { signal });
    conversations.addEventListener("change", read, { signal });
    await this.read();
  }

  /** The open conversation, once it is kept. */
  get conversation(): string | undefined {
    return this.#workbench.thread.id;
  }

  async read(): Promise<void> {
    await this.attempt(ANSWERS, async (alcove) => {
      const presets = await alcove.presets();
      const id = this.conversation;
      const head = id === undefined ? undefined : await alcove.conversations.head(id);
      if (!head) this.scope = "new";
      this.agent = head?.agent?.name ?? "";
      this.prompts = await presets.prompts();
      this.shown =
        this.scope === "new" || !head
          ? await presets.defaults()
          : { system: ownSystem(head), sampling: head.sampling ?? {} };
    });
  }

  async show(scope: Scope): Promise<void> {
    this.scope = scope;
    await this.read();
  }

  /** Whose settings are shown. */
  get whose(): Whose {
    return { scope: this.scope, conversation: this.conversation };
  }

  /** Keeps it for what is shown, or was when it was typed. */
  set(changes: Partial<Defaults>, whose = this.whose): Promise<boolean> {
    const { scope, conversation } = whose;
    const isShown = scope === this.scope && conversation === this.conversation;
    if (this.shown && isShown) this.shown = { ...this.shown, ...changes };
    this.tell();
    return this.attempt(ANSWERS, async (alcove) => {
      if (scope === "this" && conversation !== undefined)
        await alcove.conversations.configure(conversation, changes);
      else await (await alcove.presets()).setDefaults(changes);
    });
  }

  /** Changes one number of the sampling; undefined leaves it to the model. */
  dial(name: keyof Sampling, value: number | undefined): Promise<boolean> {
    const { [name]: _, ...others } = this.shown?.sampling ?? {};
    return this.set({ sampling: value === undefined ? others : { ...others, [name]: value } });
  }

  keepPrompt(prompt: { id?: string; title: string; text: string }): Promise<boolean> {
    return this.attempt(PROMPTS, async (alcove) => void (await (await alcove.presets()).keepPrompt(prompt)));
  }

  removePrompt(id: string): Promise<boolean> {
    return this.attempt(PROMPTS, async (alcove) => (await alcove.presets()).removePrompt(id));
  }
}

/** Of an agent's conversation the system prompt is the agent's, unless a person wrote another. */
const ownSystem = ({ system, agent }: { system: string; agent?: { system?: true } }): string =>
  agent && !agent.system ? "" : system;

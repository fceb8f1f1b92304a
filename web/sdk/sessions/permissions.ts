/**
 * What the person has allowed, or refused, for longer than one call: a tool, by its name and where it comes from, in one
 * conversation or for good. It lies in this device's settings, is never part of a file of conversations, and ends with its
 * conversation.
 */
import type { TurnEvent } from "../../../workers/python/protocol.ts";
import type { Conversations } from "../store/conversations.ts";
import type { Settings } from "../store/settings.ts";

/** A tool that runs unasked, in the conversation with this id; null: in all. */
export interface Permission {
  tool: string;
  /** Whose tool it is: one of the same name that comes from elsewhere is asked about anew. */
  origin: string;
  conversation: string | null;
  /** It never runs instead; then `conversation` is null. */
  never?: true;
}

type Question = Extract<TurnEvent, { type: "approval" }>;

/** A tool wants to act, and the person is asked. */
export type Approval = Question & {
  /** Answers with one of `options`. */
  respond(option: string): Promise<void>;
};

const NAME = "permissions";

/** As `py_app/approvals.py` spells them. */
const ALLOW_HERE = "Allow in this conversation";
const ALLOW_ALWAYS = "Allow always";
const NEVER = "Never allow";

const same = (one: Permission, other: Permission): boolean =>
  one.tool === other.tool && one.origin === other.origin && one.conversation === other.conversation;

export class Permissions {
  readonly #settings: Settings;
  readonly #conversations: Conversations;

  constructor(settings: Settings, conversations: Conversations) {
    this.#settings = settings;
    this.#conversations = conversations;
  }

  /** All that hold, each with the title of its conversation; those for good come first. */
  async list(): Promise<(Permission & { title: string | null })[]> {
    const titles = new Map((await this.#conversations.list()).map(({ id, title }) => [id, title]));
    const kept = await this.#read();
    const holding = kept.filter(({ conversation }) => conversation === null || titles.has(conversation));
    if (holding.length < kept.length) await this.#drop((one) => !holding.some((other) => same(one, other)));
    return holding
      .map((one) => ({ ...one, title: one.conversation && (titles.get(one.conversation) ?? null) }))
      .sort((one, other) => Number(one.conversation !== null) - Number(other.conversation !== null));
  }

  /** From now on the person is asked again. */
  takeBack(permission: Permission): Promise<void> {
    return this.#drop((one) => same(one, permission));
  }

  /** A conversation is gone, and what was allowed in it. */
  forget(conversation: string): Promise<void> {
    return this.#drop((one) => one.conversation === conversation);
  }

  /** These tools are gone, and what was allowed of them. */
  forgetTools(are: (tool: string) => boolean): Promise<void> {
    return this.#drop(({ tool }) => are(tool));
  }

  /**
   * The question as whoever draws it gets it, with the way to answer; null where the person's answer stands already, and
   * was given.
   */
  async ask(
    question: Question,
    conversation: string,
    answer: (option: string) => Promise<void>,
  ): Promise<Approval | null> {
    const standing = await this.#standing(question, conversation).catch(() => undefined);
    if (standing !== undefined) {
      // One that is no longer open needs none.
      await answer(standing).catch(() => undefined);
      return null;
    }
    const respond = async (option: string) => {
      // First, so that the next question finds it; what cannot be kept is asked again.
      await this.#remember(question, option, conversation).catch(() => undefined);
      await answer(option);
    };
    return { ...question, respond };
  }

  async #standing({ tool, origin, options }: Question, conversation: string): Promise<string | undefined> {
    // Of what another module asks nothing is remembered: nobody knows what it is about.
    if (!tool || !origin || !options.includes(ALLOW_ALWAYS)) return undefined;
    const kept = await this.#read();
    const always = kept.find((one) => same(one, { tool, origin, conversation: null }));
    if (always) return always.never ? NEVER : ALLOW_ALWAYS;
    return kept.some((one) => same(one, { tool, origin, conversation })) ? ALLOW_HERE : undefined;
  }

  /** Keeps an answer that is meant to stand. */
  async #remember({ tool, origin }: Question, option: string, conversation: string): Promise<void> {
    if (!tool || !origin || ![ALLOW_HERE, ALLOW_ALWAYS, NEVER].includes(option)) return;
    const never = option === NEVER;
    const where = option === ALLOW_HERE ? conversation : null;
    const permission: Permission = { tool, origin, conversation: where, ...(never && { never }) };
    await this.#settings.update<Permission[]>(NAME, (kept = []) => [
      // What never runs does in no conversation.
      ...kept.filter(
        (one) => !same(one, permission) && !(never && one.tool === tool && one.origin === origin),
      ),
      permission,
    ]);
  }

  async #read(): Promise<Permission[]> {
    return (await this.#settings.get<Permission[]>(NAME)) ?? [];
  }

  async #drop(goes: (one: Permission) => boolean): Promise<void> {
    await this.#settings.update<Permission[]>(NAME, (kept = []) => kept.filter((one) => !goes(one)));
  }
}

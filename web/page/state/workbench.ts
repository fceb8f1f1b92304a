/** Which tab and conversation are open, which ones there are, and what Alcove is doing: the state behind the page. */
import type { Alcove, ConversationSummary, Crash, PlaceChanges, Status } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { dayGroups } from "../kit/format.ts";
import { soon } from "../kit/frame.ts";
import { saveFiles } from "../kit/save.ts";
import { ModelStore } from "./model-store.ts";
import { currentConversation, currentTab, HOME, tabUrl } from "./route.ts";
import { SITE_AGENT } from "./site.ts";
import { Thread } from "./thread.ts";
import type { Wish } from "./thread-session.ts";
import { w } from "./words.ts";

const STARTING: Status = { phase: "booting", text: "Starting" };

/** A list that could not be read is read again. */
const LIST_AGAIN_MS = 3_000;

/** Emits `change` whenever something that the shell draws has changed. */
export class Workbench extends EventTarget {
  /** Alcove, once it can be used. */
  readonly opened: Promise<Alcove>;
  /** Conversations with a turn under way go on while another one is open. */
  readonly #running = new Set<Thread>();
  #runningIds: ReadonlySet<string> = new Set();
  readonly models: ModelStore;
  alcove: Alcove | null = null;
  status: Status = STARTING;
  conversations: readonly ConversationSummary[] = [];
  /** How the list of conversations stands: a database may be slow to open, or not be readable at all. */
  listing: "opening" | "listed" | "failed" = "opening";
  /** Address of the open tab. */
  tab: string;
  readonly #tabs: readonly string[];
  thread: Thread;
  /** Alcove could not start at all. */
  failure: Failure | null = null;
  /** The model whose loading ended the page before, until the person has decided. */
  crash: Crash | null = null;
  /** A word about something that the person should know but need not act on. */
  remark = "";

  /** @param tabs addresses of the tabs that there are */
  constructor(alcove: Promise<Alcove>, tabs: readonly string[]) {
    super();
    this.opened = alcove;
    this.#tabs = tabs;
    this.tab = currentTab(tabs);
    this.models = new ModelStore(alcove);
    this.thread = this.#newThread(currentConversation());
    addEventListener("hashchange", () => this.#follow());
    alcove.then(
      (opened) => this.#attach(opened),
      (thrown) => this.#fail(thrown),
    );
  }

  get title(): string {
    return this.conversations.find(({ id }) => id === this.thread.id)?.title || w.newConversation;
  }

  /** Ids of the conversations in which an answer is being written. */
  get runningIds(): ReadonlySet<string> {
    const ids = new Set([...this.#running].flatMap(({ id }) => id ?? []));
    // The same set as long as it holds the same: the list is drawn again when it gets another one.
    if (ids.size !== this.#runningIds.size || [...ids].some((id) => !this.#runningIds.has(id))) {
      this.#runningIds = ids;
    }
    return this.#runningIds;
  }

  /** Shows another tab; what goes on in the conversation goes on. */
  openTab(tab: string): void {
    if (tab === this.tab) return;
    history.pushState(null, "", tabUrl(tab, this.thread.id));
    this.tab = tab;
    this.#changed();
  }

  open(id: string): void {
    if (id === this.thread.id) {
      this.openTab(HOME);
      return;
    }
    history.pushState(null, "", tabUrl(HOME, id));
    this.tab = HOME;
    this.#show(id);
  }

  startNew(): void {
    const { id, entries, session } = this.thread;
    if (!id && !entries.length && session.agent?.id === SITE_AGENT?.id) {
      this.openTab(HOME);
      return;
    }
    history.pushState(null, "", tabUrl(HOME, undefined));
    this.tab = HOME;
    this.#show(undefined);
  }

  /** Begins a conversation with an agent. */
  startWith(agent: { id: string; name: string }): void {
    history.pushState(null, "", tabUrl(HOME, undefined));
    this.tab = HOME;
    this.#show(undefined, agent);
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#told(async () => (await this.opened).conversations.rename(id, title));
  }

  /** Pins a conversation, puts it into a folder of the list, or away. */
  async place(id: string, changes: PlaceChanges): Promise<void> {
    await this.#told(async () => (await this.opened).conversations.place(id, changes));
  }

  /**
   * Removes a conversation; an answer that is still being written is stopped first.
   * @returns what brings it back; undefined where it could not be removed
   */
  async remove(id: string): Promise<(() => Promise<void>) | undefined> {
    if (id === this.thread.id) {
      this.#readdress(undefined);
      const removed = this.thread;
      this.thread = this.#newThread(undefined);
      await removed.close();
    }
    for (const thread of this.#running) if (thread.id === id) await thread.close();
    const undo = await this.#told(async () => (await this.opened).conversations.remove(id));
    return undo && (() => this.#told(undo));
  }

  /**
   * Lets a model, or the person's server, answer this conversation; new ones take the model too.
   * @throws AlcoveError when it cannot be had
   */
  async use(wish: Wish): Promise<void> {
    // Chosen from the list, it is meant as much as by "Try again".
    if ("model" in wish) this.alcove?.tryAgain(wish.model);
    this.crash = null;
    await this.thread.use(wish);
    if ("model" in wish) await this.models.prefer(wish.model);
  }

  /** What the person decided after a crash: a model to go on with, or null to leave it at that. */
  async recover(model: string | null): Promise<void> {
    const { crash } = this;
    this.crash = null;
    this.#changed();
    if (!crash || model === null) return;
    this.alcove?.tryAgain(model);
    // One that sees is loaded with the next picture.
    if (!crash.model.sees) await this.use({ model });
  }

  /** Lets Alcove choose the model of new conversations, and of this one when nothing was said in it yet. */
  async useBest(): Promise<void> {
    await this.models.prefer(null);
    if (this.thread.id) return;
    const left = this.thread;
    this.thread = this.#newThread(undefined);
    await left.close();
    this.#changed();
  }

  /** Gives the person the conversations with these ids, or all, as a file. */
  async export(ids?: readonly string[]): Promise<void> {
    const name = `alcove-${new Date().toISOString().slice(0, 10)}.json`;
    await this.save(async ({ conversations }) => new File([await conversations.export(ids)], name));
  }

  /** Gives the person a file that is made. */
  async save(make: (alcove: Alcove) => Promise<File>): Promise<void> {
    await this.#told(async () => saveFiles([await make(await this.opened)]));
  }

  /** Does what the person asked of the store; what fails is told. */
  async #told<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const { message, action } = toFailure(thrown);
      this.remark = `${message} ${action}`;
      this.#changed();
      return undefined;
    }
  }

  /** Removes what is stored of the model that answers here, so that the next load brings it again. */
  async forgetModel(): Promise<void> {
    const { choice } = this.thread;
    if (choice && choice.provider !== "openai") await (await this.opened).models.remove(choice.model);
  }

  #attach(alcove: Alcove): void {
    this.alcove = alcove;
    let started = false;
    let told = "";
    const follow = () => {
      const { status } = alcove;
      const now = JSON.stringify(status);
      // Before Python says its first word nothing is ready yet.
      if (now === told || !(started || status.phase !== "ready")) return;
      told = now;
      this.status = status;
      this.#changed();
    };
    // To draw takes longer than a quick turn, and an import changes a thousand conversations at once.
    alcove.addEventListener("status", soon(follow));
    alcove.conversations.addEventListener(
      "change",
      soon(() => void this.#list()),
    );
    alcove.conversations.addEventListener("trouble", () => this.#changed());
    alcove.home.addEventListener("trouble", () => this.#changed());
    alcove.ready.then(
      () => {
        started = true;
        follow();
      },
      (thrown) => this.#fail(thrown),
    );
    void this.#list();
    const offer = async () => {
      this.crash = await alcove.crash();
      if (this.crash) this.#changed();
    };
    alcove.addEventListener("crash", () => void offer());
    void offer();
    follow();
  }

  #fail(thrown: unknown): void {
    this.failure = toFailure(thrown);
    this.status = { phase: "error", text: this.failure.message };
    this.#changed();
  }

  async #list(): Promise<void> {
    const before = this.listing;
    try {
      const listed = (await this.alcove?.conversations.list()) ?? [];
      this.listing = "listed";
      // A conversation is saved with each message, and mostly its place in the list stays.
      if (before === "listed" && looksAlike(listed, this.conversations)) return;
      this.conversations = listed;
    } catch {
      if (before === "opening") this.listing = "failed";
      setTimeout(() => void this.#list(), LIST_AGAIN_MS);
    }
    this.#changed();
  }

  /** The address changed. */
  #follow(): void {
    const before = this.tab;
    this.tab = currentTab(this.#tabs);
    const id = currentConversation();
    if (this.tab === HOME && (before === HOME || id !== this.thread.id)) this.#show(id);
    else this.#changed();
  }

  /** While another tab is open the address is its own. */
  #readdress(id: string | undefined): void {
    if (this.tab === HOME) history.replaceState(null, "", tabUrl(HOME, id));
  }

  #show(id: string | undefined, agent?: { id: string; name: string }): void {
    if (id === this.thread.id && id !== undefined) return;
    const left = this.thread;
    const running = [...this.#running].find((thread) => id !== undefined && thread.id === id);
    this.thread = running ?? this.#newThread(id, agent);
    if (!left.busy) void left.close();
    this.remark = "";
    this.#changed();
  }

  /** A conversation that is not there any more makes room for a new one, which takes over what was typed. */
  #replace(gone: Thread, remark: string): void {
    if (gone !== this.thread) {
      void gone.close();
      return;
    }
    const { draft } = gone.drafts;
    gone.drafts.draft = "";
    this.#readdress(undefined);
    this.#show(undefined);
    void gone.close();
    if (draft && !this.thread.drafts.draft) this.thread.drafts.draft = draft;
    this.remark = remark;
    this.#changed();
  }

  #newThread(id: string | undefined, agent?: { id: string; name: string }): Thread {
    const thread = new Thread(this.opened, id, agent ?? (id === undefined ? SITE_AGENT : undefined));
    thread.addEventListener("change", () => {
      // The conversation draws its own changes; the shell shows only whether a turn runs.
      if (thread.busy === this.#running.has(thread)) return;
      if (thread.busy) this.#running.add(thread);
      else if (this.#running.delete(thread) && thread !== this.thread) void thread.close();
      this.#changed();
    });
    thread.addEventListener("choice", () => this.#changed());
    thread.addEventListener("id", () => {
      if (thread === this.thread) this.#readdress(thread.id);
    });
    thread.addEventListener("missing", () => {
      this.#replace(thread, w.missing);
    });
    thread.addEventListener("removed", () => {
      this.#replace(thread, w.removed);
    });
    return thread;
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Whether two lists of conversations are drawn the same. */
function looksAlike(some: readonly ConversationSummary[], others: readonly ConversationSummary[]): boolean {
  const dayOf = dayGroups();
  const alike = (one: ConversationSummary, other: ConversationSummary) =>
    one.id === other.id &&
    one.title === other.title &&
    one.pinned === other.pinned &&
    one.archived === other.archived &&
    one.folder === other.folder &&
    (one.updated === other.updated || dayOf(one.updated) === dayOf(other.updated));
  return some.length === others.length && some.every((one, i) => alike(one, others[i] ?? one));
}

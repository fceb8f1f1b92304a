/** The open conversation: its messages, what waits for a decision, and the composer under them. */
import { html, nothing, type PropertyValues } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { Alcove, Choice, Status } from "../../sdk/index.ts";
import { bring } from "../kit/bring.ts";
import { copyFrom } from "../kit/clipboard.ts";
import { errorCard } from "../kit/error-card.ts";
import type { NextStep } from "../kit/failure.ts";
import { dragsFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { statusLine } from "../kit/status-line.ts";
import type { Message } from "../state/drafts.ts";
import type { TabElement } from "../state/tab.ts";
import type { Thread } from "../state/thread.ts";
import { type AnswerEntry, answerText, type Entry, type UserEntry } from "../state/transcript.ts";
import "../markdown/view.ts";
import { BLOCK, type Block, bareText, blocksOf, framed, keyOf } from "./blocks.ts";
import "./composer/composer.ts";
import { language } from "../kit/language.ts";
import { told } from "../kit/told.ts";
import type { ChatComposer } from "./composer/composer.ts";
import { emptyState } from "./empty-state.ts";
import { answerMessage, type Branches, pager, unanswered, userMessage } from "./message.ts";
import { Near } from "./near.ts";
import { offerQuotes } from "./quoting.ts";
import { StickyScroll } from "./sticky-scroll.ts";
import { w } from "./words/chat.ts";

/** Blocks of messages that are always drawn, at the end. */
const LAST = 2;

type SheetName = "activity" | "tools";

class ChatView extends LightElement implements TabElement {
  static override properties = {
    alcove: { attribute: false },
    thread: { attribute: false },
    status: { attribute: false },
    offline: { attribute: false },
    choice: { attribute: false },
    take: { attribute: false },
    atEnd: { state: true },
    announcement: { state: true },
    dragging: { state: true },
    sheet: { state: true },
    edited: { state: true },
  };
  declare alcove: Promise<Alcove>;
  declare thread: Thread;
  declare status: Status;
  /** A few words on what works without a network. */
  declare offline: string;
  /** What answers; null until that is known. */
  declare choice: Choice | null;
  /** Takes a step that is not the conversation's own: reload, redownload, choose. */
  declare take: (step: NextStep) => Promise<void>;
  declare private atEnd: boolean;
  declare private announcement: string;
  /** Files are dragged over the conversation. */
  declare private dragging: boolean;
  /** What is open above the conversation. */
  declare private sheet: SheetName | null;
  /** Key of the message that is being edited. */
  declare private edited: number | null;
  #bound: Thread | null = null;
  #asked: string | null = null;
  #scroll: StickyScroll | null = null;
  #near: Near | null = null;
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.atEnd = true;
    this.announcement = "";
    this.dragging = false;
    this.sheet = null;
    this.edited = null;
    this.offline = "";
    this.choice = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of ["dragover", "dragleave", "drop"] as const) this.addEventListener(type, this.#onDrag);
  }

  get #composer(): ChatComposer | null {
    return this.querySelector<ChatComposer>("chat-composer");
  }

  focusField(): void {
    this.#composer?.focus();
  }

  stop(): void {
    this.thread.stop();
  }

  readonly #onDrag = (event: DragEvent): void => {
    if (!dragsFiles(event)) return;
    event.preventDefault();
    const inside = event.relatedTarget instanceof Node && this.contains(event.relatedTarget);
    this.dragging = event.type === "dragover" || (event.type === "dragleave" && inside);
    if (event.type === "drop") void this.#composer?.attach([...(event.dataTransfer?.files ?? [])]);
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("thread") || this.#bound === this.thread) return;
    this.#bound?.removeEventListener("change", this.#redraw);
    this.#bound?.removeEventListener("finished", this.#onFinished);
    this.#bound = this.thread;
    this.thread.addEventListener("change", this.#redraw);
    this.thread.addEventListener("finished", this.#onFinished);
    this.announcement = "";
    this.edited = null;
    this.#scroll?.toEnd();
  }

  protected override firstUpdated(): void {
    const box = this.querySelector(".scroll") as HTMLElement;
    this.#scroll = new StickyScroll(box, (atEnd) => {
      this.atEnd = atEnd;
    });
    offerQuotes(this);
    this.#near = new Near(box, this.querySelector(".log") as HTMLElement, this.#redraw);
  }

  protected override updated(): void {
    const asked = this.thread.approval?.id ?? null;
    if (asked === this.#asked) return;
    this.#asked = asked;
    if (asked === null) this.focusField();
    // It takes the focus itself.
    else void import("../kit/approval-card.ts");
  }

  override render() {
    const { thread } = this;
    const empty = !thread.entries.length && !thread.opening;
    return html`
      <div class="scroll" tabindex="-1">
        <div class="column">
          ${empty ? emptyState(this.choice, this.thread.session.agent, (text) => this.#send({ text, pictures: [] })) : nothing}
          <div class="log" role="log" aria-label=${w.conversation} aria-live="off" aria-busy=${thread.busy}>
            ${repeat(blocksOf(thread.entries), keyOf, (block, index) => this.#block(block, index))}
          </div>
          ${pager(this.#branches(thread.entries.length))}
          ${this.#unanswered ? unanswered(() => void thread.retry()) : nothing}
          ${
            thread.approval
              ? html`<approval-card
                  .approval=${thread.approval}
                  @answer=${({ detail }: CustomEvent<string>) => thread.respond(detail)}
                ></approval-card>`
              : nothing
          }
          ${
            thread.failure
              ? errorCard(
                  thread.failure,
                  (step) => this.#take(step),
                  () => thread.dismissFailure(),
                )
              : nothing
          }
        </div>
      </div>
      <div class="drop-hint" ?hidden=${!this.dragging}>${w.dropFiles}</div>
      <div class="dock">
        ${
          this.atEnd
            ? nothing
            : html`<button
                type="button"
                class="jump"
                data-testid="jump-to-latest"
                @click=${() => this.#scroll?.toEnd()}
              >
                ${icons.down} ${w.jump}
              </button>`
        }
        <chat-composer
          .thread=${thread}
          .busy=${thread.busy}
          @send=${(event: CustomEvent<Message>) => this.#send(event.detail)}
          @stop=${() => thread.stop()}
        ></chat-composer>
        ${statusLine(this.status, this.offline, this.choice, [
          this.#sheetLink("tools", w.tools),
          this.#sheetLink("activity", w.activity),
        ])}
      </div>
      ${this.#openSheet(thread)}
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
        ${this.announcement}
      </div>
    `;
  }

  #block(block: Block, index: number) {
    const { entries } = this.thread;
    const draw = () =>
      framed(
        block,
        repeat(
          block,
          ({ key }) => key,
          (entry, i) => this.#placed(entry, index * BLOCK + i),
        ),
      );
    // The last ones are drawn wherever a person looks: with them a conversation opens.
    if (entries.length - index * BLOCK <= LAST * BLOCK) return draw();
    if (this.#near?.has(keyOf(block)))
      return guard(
        [
          "drawn",
          language(),
          this.#rests,
          this.thread.forks,
          this.thread.drafts.readFrom,
          this.edited,
          ...block,
        ],
        draw,
      );
    return guard(["bare", ...block], () => framed(block, bareText(block), "bare"));
  }

  /** An entry, after the line where the model begins to read. */
  #placed(entry: Entry, index: number) {
    const drawn = this.#entry(entry, this.thread.entries.length - 1 - index);
    if (!index || index !== this.thread.drafts.readFrom) return drawn;
    bring("read-from", () => import("./read-from.ts"));
    return html`<read-from @choose=${() => this.take("choose")}></read-from>${drawn}`;
  }

  /** @param fromEnd how many entries follow */
  #entry(entry: Entry, fromEnd: number) {
    const branches = this.#branches(this.thread.entries.length - 1 - fromEnd);
    const rests = this.#rests;
    const drawn = [entry, branches?.fork, rests, language()];
    if (entry.kind === "user") {
      if (!this.thread.busy && this.edited === entry.key) return this.#editor(entry);
      const queued = this.thread.busy && fromEnd === 1 && this.#starting && !this.#begun;
      const edit = rests ? () => void this.#edit(entry) : null;
      const more = (event: Event) => void this.#more(event, entry, false);
      return guard([...drawn, queued], () => userMessage(entry, queued, { branches, edit, more }));
    }
    const again = fromEnd === 0 && rests;
    const broken = this.thread.broken === entry;
    const waiting = entry.streaming ? this.#waiting(entry) : "";
    return guard([...drawn, fromEnd === 0, again, broken, waiting], () =>
      answerMessage(entry, waiting, {
        alcove: this.alcove,
        copy: (event, text) => void this.#copy(event, text),
        retry: again ? () => void this.thread.retry() : null,
        goOn: broken ? () => void this.thread.goOn() : null,
        branches,
        more: (event) => void this.#more(event, entry, fromEnd === 0),
      }),
    );
  }

  /** @param last whether it is the last message */
  async #more(event: Event, entry: Entry, last: boolean): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    const { openMessageMenu } = await import("./turn/message-menu.ts");
    const { alcove, thread } = this;
    const choose = () => void this.take("choose");
    const write = () => this.focusField();
    openMessageMenu(button, { alcove, thread, entry, last, rests: this.#rests, choose, write });
  }

  /** No turn runs, in any tab. */
  get #rests(): boolean {
    return !this.thread.busy && !this.thread.elsewhere;
  }

  /** @param index of an entry */
  #branches(index: number): Branches | null {
    const { thread } = this;
    const fork = this.#rests ? thread.forks.get(index) : undefined;
    return fork ? { fork, choose: (to) => void thread.switchBranch(fork, to) } : null;
  }

  #editor(entry: UserEntry) {
    const sent = ({ detail }: CustomEvent<string>) => {
      // What was typed stays while another tab answers.
      if (!this.#rests) return;
      this.edited = null;
      this.#scroll?.toEnd();
      void this.thread.rewrite(entry, detail);
      this.focusField();
    };
    return html`<message-editor
      class="message user"
      .text=${entry.text}
      ?alone=${entry.pictures.length + (entry.files?.length ?? 0) > 0}
      @sent=${sent}
      @left=${() => void this.#leaveEditor(entry)}
    ></message-editor>`;
  }

  async #edit({ key }: UserEntry): Promise<void> {
    await import("./message-editor.ts");
    this.edited = key;
  }

  /** The focus goes back to where it came from. */
  async #leaveEditor({ key }: UserEntry): Promise<void> {
    this.edited = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-entry="${key}"] [data-testid=edit-message]`)?.focus();
  }

  /** A server of the person's answers while a model of this device still loads. */
  get #begun(): boolean {
    const last = this.thread.entries.at(-1);
    return last?.kind === "answer" && last.parts.length > 0;
  }

  get #starting(): boolean {
    return ["booting", "downloading", "loading", "recovering"].includes(this.status.phase);
  }

  /** The last question has no answer, and none is on its way. */
  get #unanswered(): boolean {
    const { thread } = this;
    const rests = !thread.busy && !thread.elsewhere && !thread.opening && !thread.failure;
    return rests && thread.entries.at(-1)?.kind === "user";
  }

  #waiting(answer: AnswerEntry): string {
    if (this.thread.elsewhere) return w.anotherTab;
    if (this.thread.approval) return w.decision;
    if (answer.parts.length > 0) return "";
    if (this.status.phase === "recovering") return w.recovering;
    if (this.#starting) return w.notReady;
    return this.status.phase === "thinking" ? w.doing({ what: told(this.status.text) }) : w.thinking;
  }

  #send(message: Message): void {
    this.#scroll?.toEnd();
    void this.thread.send(message);
    this.focusField();
  }

  #sheetLink(name: SheetName, label: string) {
    const open = () => void this.#showSheet(name);
    return html`<button type="button" class="text-button" data-testid=${name} @click=${open}>${label}</button>`;
  }

  /** No sheet is part of the first load. */
  async #showSheet(name: SheetName): Promise<void> {
    await (name === "tools" ? import("./tools.ts") : import("./activity.ts"));
    this.sheet = name;
  }

  #openSheet(thread: Thread) {
    const closed = () => this.#closeSheet();
    if (this.sheet === "tools") return html`<chat-tools .thread=${thread} @closed=${closed}></chat-tools>`;
    if (!this.sheet) return nothing;
    return html`<chat-activity .thread=${thread} @closed=${closed}></chat-activity>`;
  }

  async #closeSheet(): Promise<void> {
    const name = this.sheet;
    this.sheet = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-testid=${name}]`)?.focus();
  }

  #take(step: NextStep): void {
    if (step === "retry") void this.thread.retry();
    else if (step === "edit") {
      this.thread.edit();
      this.focusField();
    } else void this.take(step);
  }

  async #copy(event: Event, text: string): Promise<void> {
    this.announcement = await copyFrom(event, text);
  }

  readonly #onFinished = (): void => {
    const last = this.thread.entries.at(-1);
    if (last?.kind === "answer") this.announcement = beginning(answerText(last)) || w.stopped;
  };
}

/** Nobody listens to more in one go, and a page of it takes long to lay out. */
const MOST_SPOKEN = 5_000;

const beginning = (text: string): string =>
  text.length > MOST_SPOKEN ? w.rest({ beginning: text.slice(0, MOST_SPOKEN) }) : text;

customElements.define("chat-view", ChatView);

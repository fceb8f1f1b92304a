/** The Vision tab: what is looked at, what the model says of it, and which model that is. */
import { html, nothing, type TemplateResult } from "lit";
import { copyFrom } from "../kit/clipboard.ts";
import { errorCard } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { acceptFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { LightElement } from "../kit/light-element.ts";
import { statusWords } from "../kit/status-line.ts";
import type { TabElement } from "../state/tab.ts";
import type { Workbench } from "../state/workbench.ts";
import { asking } from "./asking.ts";
import { captions } from "./captions.ts";
import "./example-panel.ts";
import { historyList } from "./history-list.ts";
import { modelLine } from "./model-line.ts";
import { chosenModel, Observer } from "./observer.ts";
import { PictureReading } from "./reading.ts";
import { aboutPicture, readingPanel } from "./reading-panel.ts";
import type { RelayConnection } from "./relay/connection.ts";
import { relayHere } from "./relay/here.ts";
import { relayPanel } from "./relay/panel.ts";
import { sentTo, setSentTo } from "./sent-to.ts";
import { type Kind, Source } from "./source.ts";
import { type SourceActions, sourceRow, welcome } from "./source-picker.ts";
import { type StageActions, stage } from "./stage.ts";
import { vilaPanel } from "./vila/panel.ts";
import { Sending } from "./vila/sending.ts";
import { w } from "./words.ts";

/** Screen readers hear of a new caption no more often. */
const SAY_MS = 6_000;

class VisionTab extends LightElement implements TabElement {
  static override properties = {
    workbench: { attribute: false },
    dropping: { state: true },
    choosing: { state: true },
    announcement: { state: true },
  };
  declare workbench: Workbench;
  /** A file is held over the tab. */
  declare private dropping: boolean;
  /** The dialog for models is open. */
  declare private choosing: boolean;
  declare private announcement: string;
  #source!: Source;
  #observer!: Observer;
  #reading!: PictureReading;
  /** To robots and scripts, where the page was opened from `build.py vila`. */
  #relay: RelayConnection | null = null;
  #sending!: Sending;
  /** The model of this tab was looking before frames were sent. */
  #watched = false;
  #announced = "";
  #failure: Failure | null = null;
  #asked: string | undefined;
  #shown = false;
  #kind: Kind | null = null;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.dropping = false;
    this.choosing = false;
    this.announcement = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#source = new Source(signal);
    this.#observer = new Observer(this.workbench.opened, this.#source);
    this.#reading = new PictureReading(this.workbench.opened, this.#source);
    this.#reading.addEventListener("change", this.#redraw);
    this.#relay = relayHere(this.workbench.opened, chosenModel);
    this.#relay?.addEventListener("change", this.#redraw, { signal });
    this.#sending = new Sending(this.workbench.opened, this.#source);
    this.#sending.addEventListener("change", () => this.#turns());
    this.#source.addEventListener("change", this.#redraw);
    this.#observer.addEventListener("change", this.#redraw);
    this.#observer.addEventListener("change", () => this.#say());
    this.#observer.addEventListener("opened", () => void this.workbench.models.refresh());
    this.workbench.addEventListener("change", this.#redraw, { signal });
    this.workbench.models.addEventListener("change", this.#redraw, { signal });
    document.addEventListener("paste", this.#onPaste, { signal });
    acceptFiles(this, this.#files, signal);
    void this.workbench.models.refresh();
  }

  stop(): void {
    if (this.#reading.busy) this.#reading.stop();
    else if (this.#observer.busy) this.#observer.stop();
  }

  /** The tab was left: the camera's lamp goes out, and nothing is looked at any more. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    clearTimeout(this.#sayTimer);
    this.#observer.stop();
    this.#reading.stop();
    this.#sending.stop();
    this.#source.close();
  }

  protected override updated(): void {
    this.#bringIntoView();
    this.#keepFocus();
  }

  /** What failed and what answers may stand outside of what a phone shows. */
  #bringIntoView(): void {
    const failure = this.#source.failure ?? this.#observer.failure;
    const { answer } = this.#observer;
    const fresh = failure !== this.#failure ? failure : null;
    const asked = answer?.asked !== this.#asked ? answer : null;
    this.#failure = failure;
    this.#asked = answer?.asked;
    const selector = fresh ? ".card.error" : asked ? ".asked" : "";
    if (selector) this.querySelector(selector)?.scrollIntoView({ block: "nearest" });
  }

  /** The button that was pressed is drawn anew between the welcome and the studio: the focus follows it. */
  #keepFocus(): void {
    const { kind } = this.#source;
    const before = this.#kind;
    this.#kind = kind;
    if (kind === before || document.activeElement !== document.body) return;
    this.querySelector<HTMLElement>(`[data-testid=source-${kind ?? before}]`)?.focus();
  }

  override render() {
    const { kind, opening } = this.#source;
    // While another source is asked for, everything stays in its place.
    this.#shown = kind !== null || (opening !== null && this.#shown);
    return html`
      <div class="scroll" data-dropping=${this.dropping}>
        <div class="tab-column vision" data-testid="vision">
          ${this.#relay ? relayPanel(this.#relay) : nothing} ${this.#problems()}
          ${this.#shown ? this.#studio() : welcome(opening, this.#model(), this.#sources)}
          ${historyList(this.#observer.history, this.#copy, () => this.#observer.forget())}
          <vision-examples .alcove=${this.workbench.opened}></vision-examples>
        </div>
      </div>
      ${this.dropping ? html`<p class="drop-here" aria-hidden="true">${w.drop}</p>` : nothing}
      ${
        this.choosing
          ? html`<vision-models
              .models=${this.workbench.models}
              .used=${this.#entry?.id}
              @used=${(event: CustomEvent<string>) => this.#observer.use(event.detail)}
              @closed=${() => void this.#chosen()}
            ></vision-models>`
          : nothing
      }
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="vision-announcer">
        ${this.announcement}
      </div>
    `;
  }

  #studio(): TemplateResult {
    const source = this.#source;
    const observer = this.#observer;
    const moves = source.streams && !source.frozen;
    return html`
      ${sourceRow(source.opening ?? source.kind, this.#sources)}
      <div class="studio">
        ${stage(source, this.#doing(), this.#reading.reading, this.#stage)}
        <div class="studio-side">
          ${captions(observer, moves, this.#idle(), { copy: this.#copy })}
          ${this.#written()}
          ${source.streams ? vilaPanel(this.#sending, source.kind ?? "") : nothing}
          ${asking(observer, moves, { ask: (question) => void observer.ask(question), copy: this.#copy })}
          ${this.#model()}
        </div>
      </div>
    `;
  }

  #written(): TemplateResult {
    const reader = this.workbench.status.roles?.reader;
    const actions = { copy: this.#copy, ask: this.#takeToChat };
    return readingPanel(this.#reading, reader ? statusWords(reader) : "", actions);
  }

  /** What was read, and what the model sees, wait in a new conversation for the person's question. */
  readonly #takeToChat = (text: string): void => {
    const { caption } = this.#observer;
    const seen = caption && !caption.writing ? caption.text : "";
    const { workbench } = this;
    workbench.startNew();
    const { thread } = workbench;
    thread.drafts.draft = [thread.drafts.draft, aboutPicture(text, seen)].filter(Boolean).join("\n\n");
    thread.dispatchEvent(new Event("draft"));
  };

  #problems(): TemplateResult | typeof nothing {
    const source = this.#source;
    const observer = this.#observer;
    if (source.failure) {
      const { kind } = source.failure;
      const again = () =>
        kind === "camera" || kind === "screen" ? this.#open(kind) : this.#chooseFile(kind);
      return errorCard(source.failure, again, () => source.dismissFailure(), "retry");
    }
    if (observer.failure) {
      return errorCard(
        observer.failure,
        (step) => (step === "choose" || step === "redownload" ? void this.#choose() : observer.again()),
        () => observer.dismissFailure(),
      );
    }
    if (!source.remark) return nothing;
    return html`<p class="banner" role="status" data-testid="vision-remark">${source.remark}</p>`;
  }

  #model(): TemplateResult {
    const { usualMs, loading } = this.#observer;
    const { status } = this.workbench;
    return modelLine({
      entry: this.#entry,
      usualMs,
      loading,
      status: status.vision,
      choose: () => void this.#choose(),
    });
  }

  /** The model that looks, or will when something is opened. */
  get #entry() {
    const { entries } = this.workbench.models;
    const { model } = this.#observer;
    const seeing = entries?.filter(({ sees }) => sees);
    return (
      seeing?.find(({ id }) => id === model) ?? (model ? undefined : seeing?.find(({ shipped }) => shipped))
    );
  }

  /** One looks at a time: while a server does, the model of this tab does not. */
  #turns(): void {
    const { on } = this.#sending;
    const observer = this.#observer;
    if (on && observer.watching) {
      this.#watched = true;
      observer.watch(false);
    } else if (!on && this.#watched) {
      this.#watched = false;
      observer.watch(true);
    }
    const host = (on && this.#sending.server?.host) || null;
    if (host !== sentTo()) {
      setSentTo(host);
      this.workbench.dispatchEvent(new Event("change"));
    }
    this.#redraw();
  }

  /** What the live view is doing, beside the lamp. */
  #doing(): string {
    if (this.#sending.on) return w.sentTo({ server: this.#sending.server?.host ?? "" });
    const { watching, loading, prompt } = this.#observer;
    if (loading) return w.gettingReady;
    return watching && prompt ? w.live : w.paused;
  }

  /** What stands where no caption is yet. */
  #idle(): string {
    const { loading, failure, watching, prompt, busy, caption } = this.#observer;
    const { vision } = this.workbench.status;
    if (failure) return w.cannotLook;
    if (loading) return vision ? statusWords(vision) : w.loading;
    if (caption && !caption.writing) return w.noWordsHere;
    if (!prompt) return w.writePrompt;
    if (this.#source.frozen && !busy) return w.isFrozen;
    if (this.#source.streams && !watching) return w.isPaused;
    return w.looking;
  }

  readonly #sources: SourceActions = {
    open: (kind) => this.#open(kind),
    file: (file) => void this.#source.openFile(file),
  };

  readonly #stage: StageActions = {
    camera: (id) => void this.#source.choose(id),
    flip: () => void this.#source.flip(),
    freeze: () => this.#source.freeze(),
    thaw: () => this.#source.thaw(),
    page: (number) => void this.#source.turnTo(number),
    close: () => {
      this.#observer.stop();
      this.#source.close();
    },
  };

  #open(kind: Kind): void {
    if (kind === "camera") void this.#source.openCamera();
    else void this.#source.openScreen();
  }

  #chooseFile(kind: Kind): void {
    this.querySelector<HTMLInputElement>(`[data-testid=source-${kind}]`)?.click();
  }

  /** The dialog comes when it is first wanted. */
  async #choose(): Promise<void> {
    await import("./model-dialog.ts");
    this.choosing = true;
  }

  async #chosen(): Promise<void> {
    this.choosing = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-testid=vision-model]")?.focus();
  }

  readonly #copy = async (event: Event, text: string): Promise<void> => {
    this.announcement = await copyFrom(event, text);
  };

  /** Tells screen readers what is new: answers when they are whole, captions now and then. */
  #say(): void {
    if (this.#sayTimer !== undefined) return;
    const { answer, caption } = this.#observer;
    const whole = [answer, caption].find(
      (each) => each && !each.writing && each.text && each.text !== this.#announced,
    );
    if (!whole) return;
    this.#announced = whole.text;
    this.announcement = whole.words?.length === 0 ? w.unchanged : whole.text;
    this.#sayTimer = setTimeout(() => {
      this.#sayTimer = undefined;
      this.#say();
    }, SAY_MS);
  }

  readonly #onPaste = (event: ClipboardEvent): void => {
    const file = event.clipboardData?.files[0];
    if (!file || this.choosing) return;
    event.preventDefault();
    void this.#source.openFile(file);
  };

  readonly #files = {
    onOver: (over: boolean) => {
      this.dropping = over;
    },
    onDrop: (files: File[]) => void this.#source.openFile(files[0] as File),
  };
}

customElements.define("vision-tab", VisionTab);

/** The Storage tab: what lies on this device, what moves, and what a person can do about it. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ModelEntry, StorageReport } from "../../sdk/index.ts";
import { errorCard } from "../kit/error-card.ts";
import { acceptFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { LightElement } from "../kit/light-element.ts";
import { onePer } from "../kit/one-per.ts";
import { currentPart } from "../state/route.ts";
import type { Workbench } from "../state/workbench.ts";
import { adding } from "./adding.ts";
import { clearing } from "./clearing.ts";
import { conversations, mayHoldConversations } from "./conversations.ts";
import { ADDED, BROUGHT, DeviceStore } from "./device-store.ts";
import { type DownloadActions, downloadList } from "./download-list.ts";
import { leftovers } from "./leftovers.ts";
import { type ModelActions, modelHere } from "./model-here.ts";
import { overview } from "./overview.ts";
import { shortOfRoom } from "./short.ts";
import { w } from "./words.ts";

/** What the person is asked about who wants it all deleted. */
const EVERYTHING = "everything";

const LOADING: ReadonlySet<string> = new Set(["downloading", "loading"]);

/** The one store of the page. */
const storeOf = onePer((workbench: Workbench) => new DeviceStore(workbench.opened));

class StorageTab extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    asked: { state: true },
    clearing: { state: true },
    dropping: { state: true },
  };
  declare workbench: Workbench;
  /** What the person is asked about: a model, a leftover, or everything. */
  declare private asked: string | null;
  /** Everything is being deleted. */
  declare private clearing: boolean;
  /** Files are held over the tab. */
  declare private dropping: boolean;
  #store!: DeviceStore;
  #left = new AbortController();
  /** An engine fetches or loads a model. */
  #loading = false;
  readonly #redraw = onFrame(() => this.requestUpdate());
  /** What an engine fetches for itself is no download of the list: it tells by its status when it is here. */
  readonly #followLoads = () => {
    const before = this.#loading;
    const roles = this.workbench.alcove?.status.roles ?? {};
    this.#loading = Object.values(roles).some(({ phase }) => LOADING.has(phase));
    if (before !== this.#loading) void this.#store.refresh();
    this.#redraw();
  };

  constructor() {
    super();
    this.asked = null;
    this.clearing = false;
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#store = storeOf(this.workbench);
    this.#store.addEventListener("change", this.#redraw, { signal });
    void this.#store.watch(signal);
    this.workbench.addEventListener("change", this.#followLoads, { signal });
    acceptFiles(this, this.#files, signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
  }

  /** Settings lead to the question about everything. */
  protected override firstUpdated(): void {
    if (currentPart() !== "clear") return;
    const shown = () => this.querySelector<HTMLElement>("#storage-clearing");
    const arrive = () => {
      if (!shown()) return;
      this.#store.removeEventListener("change", arrive);
      void this.updateComplete.then(() => shown()?.focus());
    };
    this.#store.addEventListener("change", arrive, { signal: this.#left.signal });
    arrive();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("asked") && this.asked) this.querySelector<HTMLElement>(".storage-keep-it")?.focus();
  }

  override render() {
    return html`<div class="scroll" data-dropping=${this.dropping}>
        <div class="tab-column" data-testid="storage">${this.#content()}</div>
      </div>
      ${this.dropping ? html`<p class="drop-here" aria-hidden="true">${w.drop}</p>` : nothing}`;
  }

  #content(): TemplateResult {
    const store = this.#store;
    const { report } = store;
    const here = store.entries?.filter(({ cached }) => cached);
    if (store.failure && !report) {
      return errorCard(store.failure, () => void store.refresh(), null, "retry");
    }
    if (!report || !here) return html`<p class="note" role="status">${w.looking}</p>`;
    return html`
      ${overview(report, {
        refused: store.refused,
        failure: store.failures.get("persist"),
        keep: () => void store.persist(),
      })}
      ${shortOfRoom(store.suggested, this.asked === "short", {
        ask: () => {
          this.asked = "short";
        },
        keep: this.#keep,
        confirm: () => this.#remove(store.suggested.map(({ id }) => id)),
      })}
      ${downloadList(store, this.#downloads)} ${this.#models(report, here)}
      ${adding({
        moving: store.moving.get(ADDED),
        failure: store.failures.get(ADDED),
        add: (files) => void store.add(files),
        stop: () => store.stop(ADDED),
      })}
      ${conversations({
        some: this.workbench.conversations.length > 0,
        importing: store.importing,
        report: store.imported,
        failure: store.failures.get(BROUGHT),
        packing: store.packing,
        save: () => void this.workbench.export(),
        pack: () => void store.pack(),
        bring: (files) => void this.#bring(files),
      })}
      ${leftovers(
        // What an engine is just fetching is nobody's leftover.
        {
          lost: this.#loading ? [] : store.lost,
          halves: this.#loading ? [] : store.halves,
          keptPrompts: report.kinds.keptPrompts.bytes,
        },
        this.asked,
        store.failures,
        {
          ask: (key) => {
            this.asked = key;
          },
          keep: this.#keep,
          again: (id) => (store.comesAgain(id) ? () => void store.resume(id) : undefined),
          remove: (kind, id) => {
            this.asked = null;
            void store.removeItem(kind, id).then(() => this.#focusTitle());
          },
        },
      )}
      ${clearing({
        asked: this.asked === EVERYTHING,
        running: this.clearing,
        failure: store.failures.get(EVERYTHING),
        ask: () => {
          this.asked = EVERYTHING;
        },
        keep: this.#keep,
        confirm: () => void this.#clear(),
      })}
    `;
  }

  #models(report: StorageReport, here: readonly ModelEntry[]): TemplateResult {
    const store = this.#store;
    const { items } = report.kinds.models;
    return html`<section aria-labelledby="storage-models">
      <h2 id="storage-models">${w.models}</h2>
      <ul class="models" data-testid="models-here">
        ${repeat(
          here,
          ({ id }) => id,
          (entry) => {
            const own = items.filter(({ model }) => model === entry.id);
            return modelHere(
              {
                entry,
                bytes: own.reduce((sum, { bytes }) => sum + bytes, 0) || entry.bytes,
                used: this.workbench.thread.choice?.model === entry.id,
                sound: store.sound.has(entry.id),
                moving: store.moving.get(entry.id),
                failure: store.failures.get(entry.id),
                asked: this.asked === entry.id,
              },
              this.#actions,
            );
          },
        )}
      </ul>
      ${here.length ? nothing : html`<p class="note">${w.noModels}</p>`}
    </section>`;
  }

  readonly #actions: ModelActions = {
    verify: (id) => void this.#store.verify(id),
    stop: (id) => this.#store.stop(id),
    save: (id) => void this.#store.exportFiles(id),
    pin: (id, on) => void this.#store.pin(id, on),
    remove: (id, confirmed) => {
      if (confirmed) this.#remove([id]);
      else this.asked = id;
    },
    keep: () => this.#keep(),
  };

  /** Nothing is deleted: the focus goes back to where the question came from. */
  readonly #keep = async (): Promise<void> => {
    const place = document.activeElement?.closest("li, section");
    this.asked = null;
    await this.updateComplete;
    place?.querySelector<HTMLElement>("h3[tabindex], button")?.focus();
  };

  readonly #downloads: DownloadActions = {
    pause: (id) => void this.#store.pause(id),
    resume: (id, acceptChanged) => void this.#store.resume(id, acceptChanged),
    cancel: (id) => void this.#store.cancel(id).then(() => this.#focusTitle()),
  };

  #remove(ids: readonly string[]): void {
    this.asked = null;
    void this.#store.remove(ids).then(() => this.#focusTitle());
  }

  /** Shows what came, unless the person has gone elsewhere meanwhile. */
  async #bring(files: readonly File[]): Promise<void> {
    const id = await this.#store.bring(files);
    if (id && this.isConnected) this.workbench.open(id);
  }

  async #clear(): Promise<void> {
    this.asked = null;
    this.clearing = true;
    const { clearEverything } = await import("./clear.ts");
    await this.#store.attempt(EVERYTHING, () => clearEverything(this.workbench.opened));
    this.clearing = false;
  }

  /** The button that had the focus is gone with its row: the sum takes it, which has changed. */
  async #focusTitle(): Promise<void> {
    await this.updateComplete;
    if (document.activeElement === document.body) this.querySelector<HTMLElement>("#storage-sum")?.focus();
  }

  readonly #files = {
    onOver: (over: boolean) => {
      this.dropping = over;
    },
    onDrop: (files: File[]) => {
      // Beside a voice's graph, its settings are JSON too.
      const voice = files.some(({ name }) => /\.onnx$/i.test(name));
      const said = voice ? [] : files.filter(mayHoldConversations);
      const models = files.filter((file) => !said.includes(file));
      if (models.length) void this.#store.add(models);
      if (said.length) void this.#bring(said);
    },
  };
}

customElements.define("storage-tab", StorageTab);

/** The folder that a conversation works in: chosen, allowed again, taken away. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, FolderStanding } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { LightElement } from "../kit/light-element.ts";
import type { Thread } from "../state/thread.ts";
import { w } from "./words/sheets.ts";

/** Of browsers that give a folder of the person's. */
const pick = (
  globalThis as { showDirectoryPicker?(of: { mode: "readwrite" }): Promise<FileSystemDirectoryHandle> }
).showDirectoryPicker?.bind(globalThis);

/** The wheels of Amplifier's tools for files, as they are called in `alcove.python.installed()`. */
const TOOLS = ["amplifier_module_tool_filesystem", "amplifier_module_tool_search"];

class ChatFolder extends LightElement {
  static override properties = {
    thread: { attribute: false },
    standing: { state: true },
    tools: { state: true },
    failure: { state: true },
  };
  declare thread: Thread;
  declare standing: FolderStanding | null;
  /** Amplifier's tools for files are installed. */
  declare tools: boolean;
  declare failure: Failure | null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.standing = null;
    this.tools = true;
    this.failure = null;
    void this.#attempt(async () => undefined);
  }

  /** Does `work`, and shows how it stands then. */
  async #attempt(work: (alcove: Alcove, conversation: string) => Promise<unknown>): Promise<void> {
    this.failure = null;
    try {
      const alcove = await this.thread.session.alcove;
      await work(alcove, (await this.thread.session.connect()).id);
      // It may have been opened anew.
      this.standing = await alcove.home.folder((await this.thread.session.connect()).id);
      const names = (await alcove.python.installed()).map(({ name }) => name);
      this.tools = TOOLS.every((tool) => names.some((name) => name.startsWith(tool)));
    } catch (thrown) {
      const failure = toFailure(thrown);
      // The person closed the dialog.
      if (failure.code !== "cancelled") this.failure = failure;
    }
  }

  override render(): TemplateResult {
    const { standing, failure } = this;
    return html`<section class="tools-folder" aria-label=${w.folder}>
      <p class="tools-title">${standing ? w.worksIn({ folder: html`<bdi data-testid="folder-name">${standing.name}</bdi>` }) : w.worksNowhere}</p>
      <p class="tools-about">${this.#words()}</p>
      <p class="card-actions">
        ${standing?.state === "ask" ? this.#button("folder-allow", w.allowAgain, () => this.#allow()) : nothing}
        ${this.#choose()}
        ${standing ? this.#button("folder-away", w.takeAway, () => this.#set(null)) : nothing}
        ${standing && !this.tools ? this.#files("folder-tools", w.addTools, ".whl", (files) => this.#install(files)) : nothing}
      </p>
      ${failure ? failureLine(failure, "folder-failure") : nothing}
    </section>`;
  }

  #words(): string {
    if (this.standing?.state === "ask") return w.allowAsked;
    if (this.standing?.state === "gone") return w.folderGone;
    if (this.standing && !this.tools) return w.folderTools;
    return w.aboutFolder;
  }

  #choose(): TemplateResult {
    if (pick)
      return this.#button("folder-choose", this.standing ? w.anotherFolder : w.chooseFolder, () =>
        this.#pick(),
      );
    return this.#files("folder-give", w.chooseFiles, "", (files) => this.#give(files));
  }

  #button(testId: string, words: string, press: () => Promise<void>): TemplateResult {
    return html`<button type="button" class="button" data-testid=${testId} ?disabled=${this.thread.busy} @click=${press}>
      ${words}
    </button>`;
  }

  #files(
    testId: string,
    words: string,
    accept: string,
    take: (files: File[]) => Promise<void>,
  ): TemplateResult {
    return html`<label class="button file-button">
      ${words}
      <input
        type="file"
        multiple
        accept=${accept}
        data-testid=${testId}
        ?disabled=${this.thread.busy}
        @change=${(event: Event) => {
          const files = takeChosen(event);
          if (files.length) void take(files);
        }}
      />
    </label>`;
  }

  #set(folder: FileSystemDirectoryHandle | string | null): Promise<void> {
    return this.#attempt(async () => {
      this.thread.session.folder = folder;
    });
  }

  async #pick(): Promise<void> {
    // Before anything is waited for: the browser asks only after a click.
    const picked = pick?.({ mode: "readwrite" });
    await this.#attempt(async () => {
      const folder = await picked;
      if (folder) this.thread.session.folder = folder;
    });
  }

  #allow(): Promise<void> {
    return this.#attempt(async ({ home }, conversation) => {
      if (await home.allow(conversation)) this.thread.session.outdate();
    });
  }

  #give(files: File[]): Promise<void> {
    return this.#attempt(async ({ home }, conversation) => {
      this.thread.session.folder = await home.giveTo(conversation, files);
    });
  }

  #install(files: File[]): Promise<void> {
    return this.#attempt(async ({ python }) => {
      for (const file of files) await python.install(file);
      this.thread.session.outdate();
    });
  }
}

customElements.define("chat-folder", ChatFolder);

/**
 * `<alcove-chat>`: an agent in a page, in one tag. It opens a conversation when it is put into the page, and closes it
 * when it is taken out; the conversation itself is kept.
 */
import {
  type Alcove,
  type ChatEvent,
  type ChatSession,
  openAlcove,
  type SessionOptions,
} from "../sdk/index.ts";
import { approvalCard } from "./approval.ts";
import { failureText, type Log, newLog } from "./log.ts";
import { sheet } from "./style.ts";
import { onLanguage, wordsFor } from "./words.ts";

/** All tags of a page that are given none share one. */
let shared: Promise<Alcove> | undefined;

function sharedAlcove(base: string | null): Promise<Alcove> {
  shared ??= openAlcove(base === null ? {} : { base });
  const opening = shared;
  opening.catch(() => {
    if (shared === opening) shared = undefined;
  });
  return opening;
}

/** Attributes: `system`, `model`, `agent`, `resume`, `greeting`, `placeholder`, `base`. Emits `alcove-event`. */
export class AlcoveChatElement extends HTMLElement {
  /** What the conversation is opened with, beside the attributes. Set it before the tag is put into the page. */
  options: SessionOptions = {};
  /** The page's own Alcove, where it has opened one. */
  alcove: Alcove | undefined;
  #log: Log | undefined;
  #field: HTMLTextAreaElement | undefined;
  #button: HTMLButtonElement | undefined;
  #status: HTMLElement | undefined;
  #session: Promise<ChatSession> | undefined;
  #stop: AbortController | undefined;
  /** Ends when the tag is taken out of the page: an Alcove lives on, and would hold the tag. */
  #here = new AbortController();
  #followed = new WeakSet<Alcove>();

  /** The conversation, once the tag is in a page. */
  get session(): Promise<ChatSession> | undefined {
    return this.#session;
  }

  connectedCallback(): void {
    if (!this.shadowRoot) this.#draw();
    this.#label();
    if (!this.#session) this.#open();
  }

  disconnectedCallback(): void {
    // A tag that is only moved is back by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  /** Sends a message, as the person does; resolves when the answer has ended. One that comes too early waits. */
  async send(text: string): Promise<void> {
    if (!this.isConnected || this.#stop || text.trim() === "") return;
    const session = this.#session ?? this.#open();
    const stop = new AbortController();
    this.#stop = stop;
    this.#label();
    this.#log?.add("person", text);
    const answer = this.#log?.add("answer", "");
    const cards: HTMLElement[] = [];
    try {
      for await (const event of (await session).send(text, { signal: stop.signal })) {
        // Of a tag that was taken out nothing is drawn into what comes next in it.
        if (this.#stop === stop) this.#hear(event, answer, cards);
      }
    } catch (thrown) {
      // Taken out of the page, there is nobody to be told.
      if (this.isConnected && !stop.signal.aborted)
        this.#log?.add("failure", failureText(thrown, wordsFor(this)));
    } finally {
      // What nobody has answered is refused with the end of its turn.
      for (const card of cards) card.remove();
      await answer?.done();
      if (this.#stop === stop) this.#stop = undefined;
      this.#label();
    }
  }

  /** Ends the answer under way. */
  stop(): void {
    this.#stop?.abort();
  }

  #hear(event: ChatEvent, answer: ReturnType<Log["add"]> | undefined, cards: HTMLElement[]): void {
    this.dispatchEvent(new CustomEvent("alcove-event", { detail: event, bubbles: true, composed: true }));
    if ("agent" in event && event.type !== "approval" && event.agent) return;
    if (event.type === "thinking" && event.instead) answer?.takeBack();
    else if (event.type === "text") answer?.append(event.text);
    if (event.type !== "text") answer?.settle();
    if (event.type === "tool" && event.phase === "start") this.#say(wordsFor(this).using(event.name));
    else if (event.type === "notice") this.#log?.add("notice", event.text);
    else if (event.type === "approval") {
      const card = approvalCard(event, wordsFor(this).asks);
      cards.push(card);
      this.#log?.put(card);
    }
  }

  #open(): Promise<ChatSession> {
    const attribute = (name: string) => {
      const value = this.getAttribute(name);
      return value === null ? {} : { [name]: value };
    };
    const given = ["system", "model", "agent", "resume"].map(attribute);
    const options: SessionOptions = Object.assign({}, ...given, this.options);
    const { signal } = this.#here;
    const opening = (async () => {
      const alcove = await (this.alcove ?? sharedAlcove(this.getAttribute("base")));
      this.#follow(alcove, signal);
      return alcove.openSession(options);
    })();
    this.#session = opening;
    opening.then(
      (session) => this.#tell(session, signal),
      (thrown) => {
        if (this.#session !== opening) return;
        // The next message tries again.
        this.#session = undefined;
        this.#log?.add("failure", failureText(thrown, wordsFor(this)));
        this.#say("");
      },
    );
    return opening;
  }

  async #tell(session: ChatSession, here: AbortSignal): Promise<void> {
    const earlier = await session.history();
    if (here.aborted) return;
    for (const { role, content } of earlier) {
      const text = textIn(content);
      if (text && role === "user") this.#log?.add("person", text, true);
      if (text && role === "assistant") void this.#log?.add("answer", text, true).done();
    }
  }

  #follow(alcove: Alcove, here: AbortSignal): void {
    if (here.aborted || this.#followed.has(alcove)) return;
    this.#followed.add(alcove);
    onLanguage(() => this.#label(), here);
    const tell = () => this.#say(alcove.status.phase === "ready" ? "" : alcove.status.text);
    alcove.addEventListener("status", tell, { signal: here });
    tell();
  }

  #close(): void {
    this.stop();
    this.#stop = undefined;
    this.#label();
    this.#here.abort();
    this.#here = new AbortController();
    this.#followed = new WeakSet();
    const closing = this.#session;
    this.#session = undefined;
    this.#log?.clear();
    void closing?.then((session) => session.close()).catch(() => undefined);
  }

  #draw(): void {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    this.#log = newLog(this.getAttribute("greeting") ?? "");
    this.#status = Object.assign(document.createElement("p"), { className: "status" });
    this.#status.setAttribute("role", "status");
    const form = document.createElement("form");
    this.#field = document.createElement("textarea");
    this.#field.rows = 1;
    this.#button = document.createElement("button");
    form.append(this.#field, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      // The Enter that ends the composition of a word, which Safari tells by its code alone.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      if (!this.#stop) this.#submit();
    });
    root.append(this.#log.element, this.#status, form);
    this.#label();
  }

  #submit(): void {
    if (this.#stop) {
      this.stop();
      return;
    }
    const field = this.#field as HTMLTextAreaElement;
    const text = field.value;
    if (text.trim() === "") return;
    field.value = "";
    void this.send(text);
  }

  #label(): void {
    const words = wordsFor(this);
    if (this.#button) this.#button.textContent = this.#stop ? words.stop : words.send;
    if (this.#field) {
      this.#field.placeholder = this.getAttribute("placeholder") ?? words.write;
      this.#field.setAttribute("aria-label", this.#field.placeholder);
    }
    this.#log?.element.setAttribute("aria-label", words.conversation);
  }

  #say(text: string): void {
    if (this.#status) this.#status.textContent = text;
  }
}

/** What was said, without pictures, thinking, and what documents and files say. */
function textIn(content: string | Record<string, unknown>[]): string {
  if (typeof content === "string") return content;
  const said = content.filter((block) => block.type === "text" && !("sources" in block || "file" in block));
  return said.map(({ text }) => text).join("");
}

if (!customElements.get("alcove-chat")) customElements.define("alcove-chat", AlcoveChatElement);

declare global {
  interface HTMLElementTagNameMap {
    "alcove-chat": AlcoveChatElement;
  }
}

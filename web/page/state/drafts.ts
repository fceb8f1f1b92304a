/**
 * What a person typed or attached is never lost: the draft of every conversation, and a message that was sent
 * but is not yet known to be in the transcript, live in sessionStorage; so does from where on the model reads.
 */
import { MOST_PICTURES } from "../../sdk/index.ts";
import { read, write } from "../kit/storage.ts";

/** Name of the conversation that has no id yet. */
const NEW = "new";

/** What a person sends. */
export interface Message {
  text: string;
  /** Data URLs. */
  pictures: readonly string[];
}

type Kind = "draft" | "outbox" | "pictures" | "outbox-pictures" | "look" | "read-from";

const KINDS: readonly Kind[] = ["draft", "outbox", "pictures", "outbox-pictures", "look", "read-from"];

export class Drafts {
  #name: string;
  /** They may be megabytes, and are asked for at every key. */
  #pictures: readonly string[] | undefined;
  #readFrom: number | undefined;

  /** Files that wait for the next message; they go with the page. */
  files: readonly File[] = [];

  constructor(conversation: string | undefined) {
    this.#name = conversation ?? NEW;
  }

  get draft(): string {
    return this.#read("draft");
  }

  set draft(text: string) {
    this.#write("draft", text);
  }

  /** Pictures that wait to be sent. */
  get pictures(): readonly string[] {
    this.#pictures ??= list(this.#read("pictures"));
    return this.#pictures;
  }

  set pictures(urls: readonly string[]) {
    this.#pictures = urls;
    this.#write("pictures", urls.join("\n"));
  }

  /** What was typed and attached, as a message. */
  get waiting(): Message {
    return { text: this.draft, pictures: this.pictures };
  }

  set waiting({ text, pictures }: Message) {
    this.draft = text;
    this.pictures = pictures;
  }

  /** A message goes back before what has been typed since. */
  takeBack({ text, pictures }: Message): void {
    this.outbox = NOTHING;
    this.draft = [text, this.draft].filter(Boolean).join("\n");
    this.pictures = [...new Set([...pictures, ...this.pictures])].slice(0, MOST_PICTURES);
  }

  /** The message that is on its way; empty once the transcript holds it. */
  get outbox(): Message {
    return { text: this.#read("outbox"), pictures: list(this.#read("outbox-pictures")) };
  }

  set outbox({ text, pictures }: Message) {
    this.#write("outbox", text);
    this.#write("outbox-pictures", pictures.join("\n"));
  }

  /** Whether this conversation's model may look by itself. */
  get look(): boolean {
    return this.#read("look") !== "";
  }

  set look(on: boolean) {
    this.#write("look", on ? "on" : "");
  }

  /** The place of the first entry that the model still reads, as the last turn told it; 0 where it reads all. */
  get readFrom(): number {
    this.#readFrom ??= Number(this.#read("read-from"));
    return this.#readFrom;
  }

  set readFrom(entry: number) {
    if (entry === this.readFrom) return;
    this.#readFrom = entry;
    this.#write("read-from", entry ? `${entry}` : "");
  }

  /** The new conversation got its id: what was typed goes with it. */
  moveTo(conversation: string): void {
    const values = KINDS.map((kind) => [kind, this.#read(kind)] as const);
    for (const kind of KINDS) this.#write(kind, "");
    this.#name = conversation;
    for (const [kind, value] of values) this.#write(kind, value);
  }

  /** Puts a message that never arrived back before what has been typed since. */
  restoreOutbox(): void {
    const { outbox, draft } = this;
    this.outbox = NOTHING;
    this.pictures = [...new Set([...outbox.pictures, ...this.pictures])];
    if (outbox.text && !draft.startsWith(outbox.text)) {
      this.draft = draft ? `${outbox.text}\n${draft}` : outbox.text;
    }
  }

  #read(kind: Kind): string {
    return read("session", `alcove.${kind}.${this.#name}`) ?? "";
  }

  #write(kind: Kind, value: string): void {
    write("session", `alcove.${kind}.${this.#name}`, value);
  }
}

export const NOTHING: Message = { text: "", pictures: [] };

export const isEmpty = ({ text, pictures }: Message): boolean => !text.trim() && pictures.length === 0;

/** Whether the two are one message, as far as the transcript tells: it may keep its pictures otherwise encoded. */
export const same = (one: Message, other: Message): boolean =>
  one.text === other.text && one.pictures.length === other.pictures.length;

const list = (urls: string): string[] => (urls ? urls.split("\n") : []);

/**
 * What a person typed or attached is never lost: the draft of every conversation, and messages that were sent
 * but are not yet known to be in the transcript, live in sessionStorage; so does from where on the model reads.
 */
import type { TextFile } from "../../sdk/index.ts";
import { read, write } from "../kit/storage.ts";

/** Name of the conversation that has no id yet. */
const NEW = "new";

/** What a person sends. */
export interface Message {
  text: string;
  /** Data URLs. */
  pictures: readonly string[];
  /** Those that it brings the text of. */
  files?: readonly TextFile[];
}

/** A message that waits for the answer under way. */
export interface Queued extends Message {
  /** The answer was stopped, or failed: only the person sends it. */
  held?: true;
}

const KINDS = ["draft", "pictures", "files", "sent", "queue", "look", "read-from"] as const;

type Kind = (typeof KINDS)[number];

export class Drafts {
  #name: string;
  /** They may be megabytes, and are asked for at every key. */
  #pictures: readonly string[] | undefined;
  #files: readonly TextFile[] | undefined;
  #readFrom: number | undefined;

  /** Files that code is given with the next message; they go with the page. */
  forCode: readonly File[] = [];

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

  /** Files whose text waits to be sent. */
  get files(): readonly TextFile[] {
    this.#files ??= parsed<TextFile[]>(this.#read("files"), []);
    return this.#files;
  }

  set files(files: readonly TextFile[]) {
    this.#files = files;
    this.#write("files", files.length ? JSON.stringify(files) : "");
  }

  /** What was typed and attached, as a message. */
  get waiting(): Message {
    return { text: this.draft, pictures: this.pictures, files: this.files };
  }

  set waiting({ text, pictures, files = [] }: Message) {
    this.draft = text;
    this.pictures = pictures;
    this.files = files;
  }

  /** A message goes back before what has been typed since. */
  putBack({ text, pictures, files = [] }: Message): void {
    this.draft = [text, this.draft].filter(Boolean).join("\n");
    this.pictures = [...new Set([...pictures, ...this.pictures])];
    this.files = [...files, ...this.files.filter((other) => !files.some((file) => isSame(file, other)))];
  }

  /** {@link putBack}, of the message that was on its way. */
  takeBack(message: Message): void {
    this.outbox = NOTHING;
    this.putBack(message);
  }

  /** The message that is on its way; empty once the transcript holds it. */
  get outbox(): Message {
    return parsed<Message>(this.#read("sent"), NOTHING);
  }

  set outbox(message: Message) {
    this.#write("sent", isEmpty(message) ? "" : JSON.stringify(message));
  }

  /** Messages that wait for the answer under way, in their order. */
  get queue(): readonly Queued[] {
    return parsed<Queued[]>(this.#read("queue"), []);
  }

  set queue(messages: readonly Queued[]) {
    this.#write("queue", messages.length ? JSON.stringify(messages) : "");
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
    const typed = outbox.text && draft.startsWith(outbox.text);
    this.takeBack(typed ? { ...outbox, text: "" } : outbox);
  }

  #read(kind: Kind): string {
    return read("session", `alcove.${kind}.${this.#name}`) ?? "";
  }

  #write(kind: Kind, value: string): void {
    write("session", `alcove.${kind}.${this.#name}`, value);
  }
}

export const NOTHING: Message = { text: "", pictures: [] };

export const isEmpty = ({ text, pictures, files = [] }: Message): boolean =>
  !text.trim() && pictures.length === 0 && files.length === 0;

/** Whether the two are one message, as far as the transcript tells: it may keep its pictures otherwise encoded. */
export const same = (one: Message, other: Message): boolean =>
  one.text === other.text &&
  one.pictures.length === other.pictures.length &&
  (one.files?.length ?? 0) === (other.files?.length ?? 0);

const isSame = (one: TextFile, other: TextFile): boolean =>
  one.name === other.name && one.text === other.text;

const list = (urls: string): string[] => (urls ? urls.split("\n") : []);

/** What was kept as JSON; `nothing` where it is not there, or is none. */
function parsed<T>(kept: string, nothing: T): T {
  try {
    return kept ? JSON.parse(kept) : nothing;
  } catch {
    return nothing;
  }
}

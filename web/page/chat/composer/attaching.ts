/**
 * What is attached to the message that is written, as it comes in: pictures; files whose text is read; and files that code
 * opens, which are tables and what holds no text.
 */
import { MOST_PICTURES } from "../../../sdk/index.ts";
import { toFailure } from "../../kit/failure.ts";
import type { Thread } from "../../state/thread.ts";
import { w } from "../words/chat.ts";
import { attach, fileWords, isPicture, MOST_BYTES } from "./attachments.ts";

/** What one wants counted, not read. */
const TABLE = /\.(?:csv|tsv|xlsx?)$/i;

export class Attaching {
  readonly #thread: () => Thread;
  readonly #changed: (thread: Thread) => void;
  /** How many pictures, and how many other files, are being read. */
  readonly reads = { pictures: 0, files: 0 };
  /** Why something could not be attached. */
  problem = "";

  /** @param changed called with the conversation whose attachments have changed */
  constructor(thread: () => Thread, changed: (thread: Thread) => void) {
    this.#thread = thread;
    this.#changed = changed;
  }

  /** Attaches files to the message; of pictures as many as it takes. */
  async add(files: readonly File[]): Promise<void> {
    const thread = this.#thread();
    this.problem = "";
    for (const file of files) {
      if (file.size > MOST_BYTES) this.problem = w.tooLarge({ file: fileWords(file) });
      else if (isPicture(file)) {
        if (!(await this.#picture(thread, file))) break;
      } else if (TABLE.test(file.name)) this.#forCode(thread, file);
      else await this.read(file);
    }
    this.#changed(thread);
  }

  /** False where the message takes no more. */
  async #picture(thread: Thread, file: File): Promise<boolean> {
    const { drafts } = thread;
    if (drafts.pictures.length >= MOST_PICTURES) {
      this.problem = w.mostPictures({ most: MOST_PICTURES });
      return false;
    }
    await this.#while("pictures", thread, async () => {
      const attached = await attach(file);
      if ("problem" in attached) this.problem = attached.problem;
      // Two drops at once fill the same places.
      else if (drafts.pictures.length < MOST_PICTURES) drafts.pictures = [...drafts.pictures, attached.url];
    });
    return true;
  }

  /** Attaches a file's text; one of which none can be read goes to code. */
  async read(file: File): Promise<void> {
    const thread = this.#thread();
    await this.#while("files", thread, async () => {
      try {
        const { readFile } = await import("./text-files.ts");
        this.problem = (await readFile(thread, file)) || this.problem;
        thread.drafts.forCode = thread.drafts.forCode.filter((other) => other !== file);
      } catch (thrown) {
        this.problem = `${toFailure(thrown).message} ${w.goesToPython}`;
        this.#forCode(thread, file);
      }
    });
  }

  /** One of the same name takes the place of the other, as it does for the code that opens it. */
  #forCode({ drafts }: Thread, file: File): void {
    drafts.forCode = [...drafts.forCode.filter(({ name }) => name !== file.name), file];
  }

  /** Something is not attached yet. */
  get reading(): boolean {
    return this.reads.pictures + this.reads.files > 0;
  }

  async #while(what: "pictures" | "files", thread: Thread, work: () => Promise<void>): Promise<void> {
    this.reads[what] += 1;
    this.#changed(thread);
    try {
      await work();
    } finally {
      this.reads[what] -= 1;
      this.#changed(thread);
    }
  }
}

/** What is happening, in one line of plain words: the page draws it and nothing else decides it. */
import type { ErrorData } from "../../../workers/wire/errors.ts";

/** What a language model of this page can be there for. */
export type LanguageRole = "chat" | "eyes" | "embedder";
/** What an engine of this page can be there for. */
export type Role = LanguageRole | "ears" | "voice" | "reader";

export interface Status {
  phase: "booting" | "downloading" | "loading" | "ready" | "thinking" | "answering" | "recovering" | "error";
  text: string;
  /** Bytes, while something with a known size moves. */
  loaded?: number;
  total?: number;
  /** 0 to 1. */
  fraction?: number;
  tokensPerSecond?: number;
  error?: ErrorData;
  /** What the engine of each role is doing, beside all this; a role that rests is not there. */
  roles?: Partial<Record<Role, Status>>;
  /** The same as `roles.eyes`. */
  vision?: Status;
}

/** What one part of Alcove reports; the most urgent report is the status. */
type Part = "turn" | "python" | Role;

/**
 * An engine that loads explains a turn that waits, so the engine comes first while it works. What the eyes, the ears,
 * the voice and the reader do is told beside the rest: they work while a conversation goes on.
 */
const ORDER: Part[] = ["chat", "turn", "python", "embedder"];
const ROLES: Role[] = ["chat", "eyes", "embedder", "ears", "voice", "reader"];
const READY: Status = { phase: "ready", text: "Ready" };

export class StatusBoard {
  readonly #reports = new Map<Part, Status>();
  readonly #onChange: (status: Status) => void;
  #rate: number | undefined;

  constructor(onChange: (status: Status) => void) {
    this.#onChange = onChange;
  }

  get status(): Status {
    const status = { ...this.#main() };
    for (const role of ROLES) {
      const report = this.#reports.get(role);
      if (report) status.roles = { ...status.roles, [role]: report };
    }
    if (status.roles?.eyes) status.vision = status.roles.eyes;
    return status;
  }

  /** Sets what `part` is doing; null when it is at rest. */
  report(part: Part, status: Status | null): void {
    if (status) this.#reports.set(part, status);
    else this.#reports.delete(part);
    this.#onChange(this.status);
  }

  #main(): Status {
    for (const part of ORDER) {
      const report = this.#reports.get(part);
      if (report) return report;
    }
    return this.#rate === undefined ? READY : { ...READY, tokensPerSecond: this.#rate };
  }

  /** Remembers the speed of the last answer. */
  rate(tokensPerSecond: number | undefined): void {
    this.#rate = tokensPerSecond;
  }
}

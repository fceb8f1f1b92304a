/** What is happening, in one line of plain words: the page draws it and nothing else decides it. */
import type { ErrorData } from "../../../workers/wire/errors.ts";

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
  /** What the vision model is doing beside all this; not there while it rests. */
  vision?: Status;
}

/** What one part of Alcove reports; the most urgent report is the status, and "eyes" is told beside it. */
export type Part = "turn" | "engine" | "python" | "eyes" | "embedder";

/** An engine that loads explains a turn that waits, so the engine comes first while it works. */
const ORDER: Part[] = ["engine", "turn", "python", "embedder"];
const READY: Status = { phase: "ready", text: "Ready" };

export class StatusBoard {
  readonly #reports = new Map<Part, Status>();
  readonly #onChange: (status: Status) => void;
  #rate: number | undefined;

  constructor(onChange: (status: Status) => void) {
    this.#onChange = onChange;
  }

  get status(): Status {
    const vision = this.#reports.get("eyes");
    return vision ? { ...this.#main(), vision } : this.#main();
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

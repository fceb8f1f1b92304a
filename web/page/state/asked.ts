import type { Approval, ChatEvent } from "../../sdk/index.ts";

/** What a turn asks the person. Tools that run side by side ask one after the other. */
export class Asked {
  #open: readonly Approval[] = [];

  /** What is to be answered now. */
  get first(): Approval | null {
    return this.#open[0] ?? null;
  }

  /** Takes an event of the turn: a question, or what shows that one needs no answer any more. */
  take(event: ChatEvent): void {
    if (event.type === "tool")
      this.#open = this.#open.filter(({ call, agent }) => call !== event.id || agent?.id !== event.agent?.id);
    if (event.type === "approval") this.#open = [...this.#open, event];
  }

  respond(option: string): void {
    const [approval, ...others] = this.#open;
    this.#open = others;
    // A turn that is over needs no answer any more.
    approval?.respond(option).catch(() => undefined);
  }

  clear(): void {
    this.#open = [];
  }
}

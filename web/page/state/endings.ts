/** What is kept beside a message: how an answer ended, when it was said, and what it cost. */

export interface Figures {
  tokensPerSecond: number;
  ttftMs: number;
  completionTokens: number;
}

interface Ending {
  /** How an answer ended that did not come to its own end. */
  finishReason: string | null;
  figures: Figures | null;
  time: string | undefined;
}

export function endOf(metadata: unknown): Ending {
  const { finish_reason: reason, usage } = (metadata ?? {}) as Record<string, unknown>;
  const { completionTokens, tokensPerSecond, ttftMs } = (usage ?? {}) as Record<string, unknown>;
  const measured = [completionTokens, tokensPerSecond, ttftMs].every((figure) => typeof figure === "number");
  return {
    finishReason: typeof reason === "string" ? reason : null,
    figures: measured ? ({ completionTokens, tokensPerSecond, ttftMs } as Figures) : null,
    time: timeOf(metadata),
  };
}

export function timeOf(metadata: unknown): string | undefined {
  const { time } = (metadata ?? {}) as Record<string, unknown>;
  return typeof time === "string" ? time : undefined;
}

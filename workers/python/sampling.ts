/** How the model chooses its words; what is left out is as the plan has it, or as it suits the model. */
export interface Sampling {
  /** 0 to 2: 0 takes the likeliest word each time. */
  temperature?: number;
  /** 0 to 1: only of the likeliest words, which together are this likely, one is taken. */
  topP?: number;
  /** Of one answer; at that length it stops. */
  maxTokens?: number;
  /** -2 to 2: above 0 what was said often comes less. */
  frequencyPenalty?: number;
  /** -2 to 2: above 0 what was said at all comes less. */
  presencePenalty?: number;
  /** A whole number: the same question gets the same answer. */
  seed?: number;
  /** Texts at which the answer ends. */
  stop?: string | string[];
}

/** A passage that an answer is made from, or that its model found; the answer names it as `[n]`. */
export interface AnswerSource {
  n: number;
  /** The document's id and name. */
  document: string;
  name: string;
  /** From 1. */
  page: number;
  /** `start` to `end` of the document's text. */
  text: string;
  start: number;
  end: number;
}

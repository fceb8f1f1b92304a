/**
 * Texts → the tokens of an embedding model. WebLLM's tokenizer leaves out what the model's own one puts round a
 * text ("[CLS] … [SEP]"), and would shorten a long text without a word where tokenizer.json says so.
 */

/** What stands before and after every text. */
export interface Frame {
  before: number[];
  after: number[];
}

interface Described {
  truncation?: unknown;
  padding?: unknown;
  post_processor?: PostProcessor | null;
}

interface PostProcessor {
  type?: string;
  /** TemplateProcessing. */
  single?: { SpecialToken?: { id: string }; Sequence?: unknown }[];
  special_tokens?: Record<string, { ids: number[] }>;
  /** BertProcessing and RobertaProcessing. */
  cls?: [string, number];
  sep?: [string, number];
  /** Sequence. */
  processors?: PostProcessor[];
}

/** The frame that tokenizer.json asks for; empty where it asks for none. */
export function frameOf(tokenizer: string): Frame {
  return frame((JSON.parse(tokenizer) as Described).post_processor);
}

function frame(step: PostProcessor | null | undefined): Frame {
  const none = { before: [], after: [] };
  if (step?.processors) {
    const found = step.processors.map(frame);
    return found.find(({ before, after }) => before.length + after.length > 0) ?? none;
  }
  if (step?.cls && step.sep) return { before: [step.cls[1]], after: [step.sep[1]] };
  const parts = step?.single ?? [];
  const text = parts.findIndex((part) => part.Sequence);
  if (text < 0) return none;
  const ids = (some: typeof parts) =>
    some.flatMap((part) => step?.special_tokens?.[part.SpecialToken?.id ?? ""]?.ids ?? []);
  return { before: ids(parts.slice(0, text)), after: ids(parts.slice(text + 1)) };
}

/** tokenizer.json without what cuts, pads or frames a text. */
export function plain(tokenizer: string): string {
  return JSON.stringify({
    ...(JSON.parse(tokenizer) as Described),
    truncation: null,
    padding: null,
    post_processor: null,
  });
}

/** Puts the frame round `tokens`, but not round a text that brings it, as WebLLM's own examples do. */
export function framed(tokens: number[], { before, after }: Frame): number[] {
  const starts = before.every((token, i) => tokens[i] === token);
  const ends = after.every((token, i) => tokens[tokens.length - after.length + i] === token);
  return [...(starts ? [] : before), ...tokens, ...(ends ? [] : after)];
}

/** The places of texts in batches of at most `most`, texts of like length together: padding costs time. */
export function batches(lengths: number[], most: number): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  const found: number[][] = [];
  for (let at = 0; at < order.length; at += most) found.push(order.slice(at, at + most));
  return found;
}

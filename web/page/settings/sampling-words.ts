/** How a model chooses its words, for somebody who is no engineer: styles that suit many, and each number by itself. */
import type { Sampling } from "../../sdk/index.ts";
import { words } from "../kit/words.ts";

export const samplingWords = words("sampling", {
  model: "As the model has it",
  aboutModel: "What its makers found best. Right for most of what one asks.",
  exact: "Exact",
  aboutExact: "The likeliest words, each time the same. For facts, lists and code.",
  balanced: "Balanced",
  aboutBalanced: "Some variety, nothing far-fetched. For letters and everyday talk.",
  inventive: "Inventive",
  aboutInventive: "Words that surprise. For stories and ideas; a small model may lose the thread.",
  temperature: "Warmth",
  aboutTemperature: "Low keeps to the likeliest words, high dares others. Its makers call it temperature.",
  topP: "Choice of words",
  aboutTopP: "How far down the list of likely words it may go (top-p). Low leaves few, 1 leaves all.",
  maxTokens: "Longest answer",
  aboutMaxTokens:
    "In tokens, each about three quarters of a word. It stops there, in the middle of a sentence too.",
  frequencyPenalty: "Against repeating words",
  aboutFrequencyPenalty: "Above 0, what was said often comes less (frequency penalty).",
  presencePenalty: "Towards new subjects",
  aboutPresencePenalty: "Above 0, what was said at all comes less (presence penalty).",
  seed: "Seed",
  aboutSeed: "With the same number, the same question gets the same answer. “Try again” takes none.",
});

type Name = "model" | "exact" | "balanced" | "inventive";

/** What suits many. */
export const STYLES: readonly { id: Name; about: `about${Capitalize<Name>}`; sampling: Sampling }[] = [
  { id: "model", about: "aboutModel", sampling: {} },
  { id: "exact", about: "aboutExact", sampling: { temperature: 0 } },
  { id: "balanced", about: "aboutBalanced", sampling: { temperature: 0.7, topP: 0.9 } },
  { id: "inventive", about: "aboutInventive", sampling: { temperature: 1.1, topP: 0.95 } },
];

/** A number of the sampling: a slider's, or one that is typed. */
export interface Dial {
  name: Exclude<keyof Sampling, "stop">;
  about: `about${Capitalize<Exclude<keyof Sampling, "stop">>}`;
  from: number;
  to: number;
  step: number;
  typed?: true;
}

/** The usual first. */
export const DIALS: readonly Dial[] = [
  { name: "temperature", about: "aboutTemperature", from: 0, to: 2, step: 0.05 },
  { name: "topP", about: "aboutTopP", from: 0.05, to: 1, step: 0.05 },
  { name: "maxTokens", about: "aboutMaxTokens", from: 1, to: 1_000_000, step: 1, typed: true },
  { name: "frequencyPenalty", about: "aboutFrequencyPenalty", from: -2, to: 2, step: 0.1 },
  { name: "presencePenalty", about: "aboutPresencePenalty", from: -2, to: 2, step: 0.1 },
  { name: "seed", about: "aboutSeed", from: 0, to: 4_294_967_294, step: 1, typed: true },
];

/** The style that is chosen; "own" where it is none of them. */
export function styleOf({ temperature, topP }: Sampling): Name | "own" {
  const same = (sampling: Sampling) => sampling.temperature === temperature && sampling.topP === topP;
  return STYLES.find(({ sampling }) => same(sampling))?.id ?? "own";
}

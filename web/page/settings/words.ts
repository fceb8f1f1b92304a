/** What can be set, in plain words. */
import type { Sampling } from "../../sdk/index.ts";
import type { ChoiceName } from "../state/choices.ts";

/** What suits many, each with when one takes it. */
export const STYLES: readonly { id: string; name: string; about: string; sampling: Sampling }[] = [
  {
    id: "model",
    name: "As the model has it",
    about: "What its makers found best. Right for most of what one asks.",
    sampling: {},
  },
  {
    id: "exact",
    name: "Exact",
    about: "The likeliest words, each time the same. For facts, lists and code.",
    sampling: { temperature: 0 },
  },
  {
    id: "balanced",
    name: "Balanced",
    about: "Some variety, nothing far-fetched. For letters and everyday talk.",
    sampling: { temperature: 0.7, topP: 0.9 },
  },
  {
    id: "inventive",
    name: "Inventive",
    about: "Words that surprise. For stories and ideas; a small model may lose the thread.",
    sampling: { temperature: 1.1, topP: 0.95 },
  },
];

interface Dial {
  name: Exclude<keyof Sampling, "stop">;
  title: string;
  about: string;
  /** A slider's, or of a number that is typed. */
  from: number;
  to: number;
  step: number;
  typed?: true;
}

/** What can be set of the sampling, the usual first. */
export const DIALS: readonly Dial[] = [
  {
    name: "temperature",
    title: "Warmth",
    about: "Low keeps to the likeliest words, high dares others. Its makers call it temperature.",
    from: 0,
    to: 2,
    step: 0.05,
  },
  {
    name: "topP",
    title: "Choice of words",
    about: "How far down the list of likely words it may go (top-p). Low leaves few, 1 leaves all.",
    from: 0.05,
    to: 1,
    step: 0.05,
  },
  {
    name: "maxTokens",
    title: "Longest answer",
    about: "In tokens, each about three quarters of a word. It stops there, in the middle of a sentence too.",
    from: 1,
    to: 1_000_000,
    step: 1,
    typed: true,
  },
  {
    name: "frequencyPenalty",
    title: "Against repeating words",
    about: "Above 0, what was said often comes less (frequency penalty).",
    from: -2,
    to: 2,
    step: 0.1,
  },
  {
    name: "presencePenalty",
    title: "Towards new subjects",
    about: "Above 0, what was said at all comes less (presence penalty).",
    from: -2,
    to: 2,
    step: 0.1,
  },
  {
    name: "seed",
    title: "Seed",
    about: "With the same number, the same question gets the same answer. “Try again” takes none.",
    from: 0,
    to: 4_294_967_294,
    step: 1,
    typed: true,
  },
];

/** The style that is chosen; "own" where it is none of them. */
export function styleOf({ temperature, topP }: Sampling): string {
  const same = (sampling: Sampling) => sampling.temperature === temperature && sampling.topP === topP;
  return STYLES.find(({ sampling }) => same(sampling))?.id ?? "own";
}

/** A choice of this device, and what each of its values is called. */
interface ChoiceWords<Name extends ChoiceName = ChoiceName> {
  name: Name;
  title: string;
  about?: string;
  values: Readonly<Record<string, string>>;
}

export const LOOKS: readonly ChoiceWords[] = [
  { name: "theme", title: "Colours", values: { auto: "As the system", light: "Light", dark: "Dark" } },
  {
    name: "text",
    title: "Size of text",
    values: { small: "Small", usual: "Usual", large: "Large", larger: "Larger" },
  },
  {
    name: "width",
    title: "Width of a conversation",
    about: "Long lines are harder to read; tables and code like the room.",
    values: { usual: "Usual", wide: "Wide", full: "All there is" },
  },
  {
    name: "density",
    title: "Room between things",
    values: { usual: "Usual", compact: "Less" },
  },
];

export const SENDS: ChoiceWords = {
  name: "send",
  title: "What sends a message",
  values: { enter: "Enter", "ctrl-enter": "Ctrl or ⌘ and Enter" },
};

export const SIGNS: ChoiceWords = {
  name: "signs",
  title: "The key “?” opens the list of keys",
  about: "Off, if you speak to your computer and it types for you.",
  values: { on: "On", off: "Off" },
};

/** What lies where, for somebody who wonders. */
export const KEPT: readonly { what: string; where: string }[] = [
  {
    what: "What you and the models say",
    where: "In this browser's database. Nobody else can read it, unless they can use this browser.",
  },
  {
    what: "Settings, prompts, agents, what you allowed tools",
    where: "In the same database. A server's address and key lie there too, and go to that server alone.",
  },
  {
    what: "Models",
    where: "As files of this site, in this browser. They are fetched from where you chose, and checked.",
  },
  {
    what: "How the page looks, what you have typed and not sent",
    where: "In this browser's small storage.",
  },
];

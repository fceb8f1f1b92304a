/** What a person is told who is here for the first time. */
import type { Capabilities, Choice, ModelEntry } from "../../sdk/index.ts";
import { size } from "../kit/format.ts";
import { answers, titles } from "../kit/models/filter.ts";
import { told } from "../kit/told.ts";
import { list, words } from "../kit/words.ts";

export const w = words("first", {
  ask: "What can it do, and what not?",
  about: "About Alcove",
  begin: "Begin",
  showRound: "Show me round",
  others: "Other models",

  here: "It all runs here.",
  elsewhere: "What answers runs elsewhere.",
  onProcessor:
    "The model and its tools run in this tab, on your processor. From the next visit on they need no network.",
  onCard:
    "The model and its tools run in this tab, on your graphics card. From the next visit on they need no network.",
  onServer: "Your own server, {server}, answers: what you write goes there.",

  answering: "What answers:",
  fetched: "{name} ({size}, fetched once), for {device}. {why}",
  kept: "{name} ({size}, on this device), for {device}. {why}",
  plain: "{name}. {why}",
  threads: { one: "one processor thread", other: "{count} processor threads" },
  memory: "about {size} GB of memory",
  muchMemory: "8 GB of memory or more",
  larger: {
    one: "One larger model fits this device.",
    other: "{count} larger models fit this device.",
  },

  expect: "What to expect.",
  verySmall:
    "It is very small: good at short notes, rewording and easy questions; poor at facts, sums, code and long texts. It errs in a sure voice.",
  small:
    "It is small: good at drafts, summaries and simple code; poor at rare facts, sums and long reasoning. It may err in a sure voice.",
  large: "It writes, sums up and codes well. It still makes facts up now and then: check what matters.",
  unknown: "What it says may be wrong: check what matters.",

  tourModel: "What answers",
  tourModelWords:
    "The model that answers this conversation. Another one, a larger one or a server of yours: choose it here.",
  tourWrite: "Write, show, say",
  tourWriteWords:
    "Write here; attach, paste or drop pictures and files; or dictate. Tools that change something ask first.",
  tourTabs: "More than a chat",
  tourTabsWords: "The camera, talking, agents, and what is stored on this device: each has a tab of its own.",
  at: "{at} of {all}",
  back: "Back",
  next: "Next",
  done: "Done",
  end: "End the tour",
});

/** Models with fewer bytes than this know little, whatever they are compressed to. */
const SMALL_BYTES = 400e6;
const LARGE_BYTES = 2e9;

/** Whether it is an engine of this page that answers. */
export const answersHere = ({ provider }: Choice): boolean =>
  provider === "webllm" || provider === "llamacpp";

/** What runs where, in a sentence. */
export function whereWords({ provider, device }: Choice): string {
  if (provider === "webllm") return w.onCard;
  return provider === "llamacpp" ? w.onProcessor : w.onServer({ server: device });
}

/** Which model it is, what it costs, and why this device got that one. */
export function chosenWords(
  { name, why: english }: Choice,
  model: ModelEntry | undefined,
  capabilities: Capabilities,
): string {
  const why = told(english);
  if (!model) return w.plain({ name, why });
  const values = { name, size: size(model.bytes), device: deviceWords(capabilities), why };
  return model.cached ? w.kept(values) : w.fetched(values);
}

/** What may be asked of a model of this size, and what not. */
export function honestWords(bytes: number | undefined): string {
  if (bytes === undefined) return w.unknown;
  return bytes < SMALL_BYTES ? w.verySmall : bytes < LARGE_BYTES ? w.small : w.large;
}

/** What this device has to compute with. */
function deviceWords({ threads, memory, webgpu }: Capabilities): string {
  const gigabytes = memory === null ? [] : [memory >= 8 ? w.muchMemory : w.memory({ size: memory })];
  const card = webgpu.supported && !webgpu.software ? [webgpu.adapter] : [];
  return list([w.threads({ count: threads }), ...gigabytes, ...card]);
}

/** How many larger models it could run; empty where there is none. */
export function largerWords(models: readonly ModelEntry[], bytes: number): string {
  const larger = models.filter((model) => model.fits && model.bytes > bytes && answers(model));
  const { length } = titles(larger, { text: "", use: "", fitting: true });
  return length === 0 ? "" : w.larger({ count: length });
}

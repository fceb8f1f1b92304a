/** What a person is told who is here for the first time. */
import type { Capabilities, Choice, ModelEntry } from "../../sdk/index.ts";
import { size } from "../kit/format.ts";
import { answers, titles } from "../kit/models/filter.ts";

/** Models with fewer bytes than this know little, whatever they are compressed to. */
const SMALL_BYTES = 400e6;
const LARGE_BYTES = 2e9;

/** What runs where, in a sentence. */
export function whereWords({ provider, device }: Choice): string {
  if (provider === "openai") return `Your own server, ${device}, answers: what you write goes there.`;
  if (provider !== "webllm" && provider !== "llamacpp") return `${device} answers.`;
  const chip = provider === "webllm" ? "graphics card" : "processor";
  return `The model and its tools run in this tab, on your ${chip}. From the next visit on they need no network.`;
}

/** Which model it is, what it costs, and why this device got that one. */
export function chosenWords(
  { name, why, provider }: Choice,
  model: ModelEntry | undefined,
  device: Capabilities,
): string {
  if (provider === "openai") return `${name}. ${why}`;
  const cost = model ? ` (${size(model.bytes)}, ${model.cached ? "on this device" : "fetched once"})` : "";
  return `${name}${cost}, for ${deviceWords(device)}. ${why}`;
}

/** What may be asked of a model of this size, and what not. */
export function honestWords(bytes: number | undefined): string {
  if (bytes === undefined) return "What it says may be wrong: check what matters.";
  if (bytes < SMALL_BYTES) {
    return (
      "It is very small: good at short notes, rewording and easy questions; poor at facts, sums, code and long " +
      "texts. It errs in a sure voice."
    );
  }
  if (bytes < LARGE_BYTES) {
    return (
      "It is small: good at drafts, summaries and simple code; poor at rare facts, sums and long reasoning. It may " +
      "err in a sure voice."
    );
  }
  return "It writes, sums up and codes well. It still makes facts up now and then: check what matters.";
}

/** What this device has to compute with. */
function deviceWords({ threads, memory, webgpu }: Capabilities): string {
  const parts = [
    threads > 1 ? `${threads} processor threads` : "one processor thread",
    ...(memory === null ? [] : [memory >= 8 ? "8 GB of memory or more" : `about ${memory} GB of memory`]),
    ...(webgpu.supported && !webgpu.software ? [webgpu.adapter] : []),
  ];
  return new Intl.ListFormat("en", { type: "conjunction" }).format(parts);
}

/** How many larger models it could run; empty where there is none. */
export function largerWords(models: readonly ModelEntry[], bytes: number): string {
  const larger = models.filter((model) => model.fits && model.bytes > bytes && answers(model));
  const { length } = titles(larger, { text: "", use: "", fitting: true });
  return length === 0
    ? ""
    : length === 1
      ? "One larger model fits this device."
      : `${length} larger models fit this device.`;
}

/** What the tour points at, one place after the other: the first selector that is to be seen. */
export const STOPS: readonly { at: readonly string[]; title: string; words: string }[] = [
  {
    at: ["[data-testid=model-button]"],
    title: "What answers",
    words:
      "The model that answers this conversation. Another one, a larger one or a server of yours: choose it here.",
  },
  {
    at: ["chat-composer"],
    title: "Write, show, say",
    words:
      "Write here; attach, paste or drop pictures and files; or dictate. Tools that change something ask first.",
  },
  {
    at: [".sidebar:not([inert]) .tab-links", ".tab-switch"],
    title: "More than a chat",
    words: "The camera, talking, agents, and what is stored on this device: each has a tab of its own.",
  },
];

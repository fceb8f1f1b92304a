/** What the tools of ours are to a person, and what each of them may do. */
import type { ToolName } from "../../../sdk/index.ts";
import { words } from "../words.ts";

export type May = "computes" | "sees" | "hears" | "speaks" | "reads" | "writes" | "runs" | "network";

export interface ToolWords {
  name: ToolName;
  title: string;
  about: string;
  may: readonly May[];
  /** The person is asked before each use. */
  asks: boolean;
}

export const may = words("tools-may", {
  computes: "only computes",
  sees: "sees what you show it",
  hears: "hears what you say",
  speaks: "is heard around you",
  reads: "reads on this device",
  writes: "writes on this device",
  runs: "runs code, sealed off",
  network: "reaches the network",
  asks: "asks you first",
});

export const MAY: Readonly<Record<May, string>> = may;

export const titles = words("tools", {
  calculator: "Calculator",
  clock: "Clock",
  todo: "Steps",
  python: "Python",
  look: "Eyes",
  listen: "Ears",
  say: "Voice",
  storage: "Notes",
  documents: "Documents",
  web_fetch: "Web pages",
});

export const abouts = words("tools-about", {
  calculator: "Arithmetic without rounding, however long the numbers.",
  clock: "Date and time, time zones, how far two days are apart.",
  todo: "A list of steps for a longer task, kept in the conversation.",
  python: "Runs code that the model writes and draws figures. It reaches neither this page nor the network.",
  look: "Looks through the camera, at the screen or at the last picture, by the vision model.",
  listen: "Listens through the microphone until you have said something.",
  say: "Says a short text aloud.",
  storage: "Keeps texts on this device, for later conversations too.",
  documents: "Searches and reads the documents that you added.",
  web_fetch: "Reads a page of the web. Many sites do not allow that from a browser.",
});

const tool = (name: keyof typeof titles & ToolName, may: readonly May[], asks = false): ToolWords => ({
  name,
  may,
  asks,
  get title() {
    return titles[name];
  },
  get about() {
    return abouts[name];
  },
});

/** The harmless ones first. */
export const TOOLS: readonly ToolWords[] = [
  tool("calculator", ["computes"]),
  tool("clock", ["computes"]),
  tool("todo", ["computes"]),
  tool("python", ["runs"]),
  tool("look", ["sees"], true),
  tool("listen", ["hears"], true),
  tool("say", ["speaks"], true),
  tool("storage", ["reads", "writes"], true),
  tool("documents", ["reads"]),
  tool("web_fetch", ["network"], true),
];

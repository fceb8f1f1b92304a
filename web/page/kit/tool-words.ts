/** What the tools of ours are to a person, and what each of them may do. */
import type { ToolName } from "../../sdk/index.ts";

export type May = "computes" | "sees" | "hears" | "speaks" | "reads" | "writes" | "runs" | "network";

export interface ToolWords {
  name: ToolName;
  title: string;
  about: string;
  may: readonly May[];
  /** The person is asked before each use. */
  asks: boolean;
}

export const MAY: Record<May, string> = {
  computes: "only computes",
  sees: "sees what you show it",
  hears: "hears what you say",
  speaks: "is heard around you",
  reads: "reads on this device",
  writes: "writes on this device",
  runs: "runs code, sealed off",
  network: "reaches the network",
};

/** The harmless ones first. */
export const TOOLS: readonly ToolWords[] = [
  {
    name: "calculator",
    title: "Calculator",
    about: "Arithmetic without rounding, however long the numbers.",
    may: ["computes"],
    asks: false,
  },
  {
    name: "clock",
    title: "Clock",
    about: "Date and time, time zones, how far two days are apart.",
    may: ["computes"],
    asks: false,
  },
  {
    name: "todo",
    title: "Steps",
    about: "A list of steps for a longer task, kept in the conversation.",
    may: ["computes"],
    asks: false,
  },
  {
    name: "python",
    title: "Python",
    about: "Runs code that the model writes and draws figures. It reaches neither this page nor the network.",
    may: ["runs"],
    asks: false,
  },
  {
    name: "look",
    title: "Eyes",
    about: "Looks through the camera, at the screen or at the last picture, by the vision model.",
    may: ["sees"],
    asks: true,
  },
  {
    name: "listen",
    title: "Ears",
    about: "Listens through the microphone until you have said something.",
    may: ["hears"],
    asks: true,
  },
  {
    name: "say",
    title: "Voice",
    about: "Says a short text aloud.",
    may: ["speaks"],
    asks: true,
  },
  {
    name: "storage",
    title: "Notes",
    about: "Keeps texts on this device, for later conversations too.",
    may: ["reads", "writes"],
    asks: true,
  },
  {
    name: "documents",
    title: "Documents",
    about: "Searches and reads the documents that you added.",
    may: ["reads"],
    asks: false,
  },
  {
    name: "web_fetch",
    title: "Web pages",
    about: "Reads a page of the web. Many sites do not allow that from a browser.",
    may: ["network"],
    asks: true,
  },
];

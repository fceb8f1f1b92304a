/** What Alcove and its conversations are opened with. */
import type { Approvals, Budget, Sampling, ToolName } from "../../workers/python/protocol.ts";
import type { BundleSource } from "./agents/given.ts";
import type { Status } from "./engines/status.ts";
import type { Folder } from "./home/home.ts";
import type { Provider } from "./models/choice.ts";
import type { AnyTool } from "./sessions/chat.ts";

export interface OpenOptions {
  /** Hears every change of what Alcove is doing, from the first moment. */
  onProgress?: (status: Status) => void;
  /**
   * The address of Alcove's own files (the package's folder `site`), on the page's origin and relative to the page, where
   * they do not lie beside `alcove.js`: a bundler has moved that. It counts for the whole page.
   */
  base?: string | undefined;
  /**
   * Root of a mirror of the hubs that the catalogue names: the same paths below another address, absolute or
   * relative to the site. "https://huggingface.co/mlc-ai/X/…" is then fetched from "<mirror>/mlc-ai/X/…".
   */
  mirror?: string | undefined;
  /** Address of a bundle that comes with the page, relative to the site: the first of its agents, with the id "site". */
  agent?: string | undefined;
  /**
   * Addresses that code in Python may ask. It asks the site, this very device, the servers that a session's plan
   * names, and nothing else.
   */
  connect?: readonly string[];
}

/** An agent: a part of an Amplifier mount plan (`session`, `providers`, `tools`, `hooks`), and what it is. */
export interface AgentPlan {
  /** For the model that chooses among agents. */
  description?: string;
  /** Its system prompt; the conversation's where it is left out. */
  instruction?: string;
  /** What it has besides the tools of the conversation: modules, and tools of ours by name. */
  tools?: (ToolName | Record<string, unknown>)[];
  [part: string]: unknown;
}

export interface SessionOptions {
  /** What answers: an engine here, or a server of the person's. "auto" takes the best that this device can run. */
  provider?: "auto" | Provider;
  /** A model of `alcove.models.list()`, or one that the server knows. */
  model?: string;
  /** System prompt; the model's own when left out. */
  system?: string;
  /** How the model chooses its words; a resumed conversation has its again. */
  sampling?: Sampling;
  /** What the model may call: tools of ours by name, and functions of the page. A resumed conversation has ours again. */
  tools?: AnyTool[];
  /** "ask" (default) asks the person before a tool with side effects runs; "allow" does not; or of each tool. */
  approvals?: Approvals;
  /** Limits of one turn. */
  budget?: Budget;
  /** The `id` of an earlier conversation. */
  resume?: string;
  /** Ids of the documents that it is about (`SendOptions.documents`). A resumed conversation has its again. */
  documents?: readonly string[];
  /** Agents that the model may let work, by name: a part of the plan. */
  agents?: Record<string, AgentPlan>;
  /** An agent of `alcove.agents`, by its id. A resumed conversation has its again. */
  agent?: string;
  /** A bundle that is not kept: what `alcove.agents.add` takes. */
  bundle?: BundleSource;
  /** A whole Amplifier mount plan instead of ours. */
  plan?: Record<string, unknown>;
  /**
   * The folder that it works in: of the person's (`showDirectoryPicker`), or of Python's home by its name. It is kept with
   * the conversation; null takes it away.
   */
  folder?: Folder | null;
}

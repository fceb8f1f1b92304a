/** Bundles as they cross between the page and Python, and what is told of them. */

/** A file of a bundle: its path within that, with slashes. */
export interface BundleFile {
  name: string;
  bytes: ArrayBuffer;
}

/** What is known of a bundle before anything runs (`py_app/agents/report.py`). */
export interface BundleReport {
  name: string;
  version: string;
  description: string;
  /** What its own file tells the model. */
  instruction: string;
  mounted: string[];
  /** What of it is left out, and why: a module's name, or what it names and is not there. */
  refused: { module: string; reason: string }[];
  /**
   * The tools that the model has; `asks`: the person is asked before one runs; `own`: a tool of ours that its own file
   * names, left out of what was kept before it was known.
   */
  tools: { name: string; description: string; asks: boolean; own?: boolean }[];
  /** What its prompt and its tools take of the model's window, by estimate. */
  tokens: number;
  /** The providers of its mount plan; none where it leaves the model to the person. */
  providers: { module: string; config?: Record<string, unknown> }[];
  /** The addresses of the MCP servers that it names; left out of what was kept before there were any. */
  servers?: string[];
  /** The MCP servers of the person's own that it asks for, by their ids; it gets those that its conversation is given. */
  ownServers?: string[];
  /** The sub-agents that it names. */
  agents: string[];
  /** Its file. */
  entry: string;
  /** What that says, where the bundle is that one file. */
  text?: string;
}

/** What a person may change in a bundle (`py_app/agents/edit.py`). */
export interface BundleChanges {
  name?: string;
  description?: string;
  instruction?: string;
  /** Names of tools of ours, in place of those that it has. */
  tools?: string[];
  /** Null: whatever the person uses. */
  model?: { provider: string; model: string } | null;
  /** The whole file anew. */
  text?: string;
}

/** A bundle as it is kept: a zip, and what is told of it. */
export interface ReadBundle {
  archive: ArrayBuffer;
  report: BundleReport;
}

/** Whose conversation it is. Where `system` or `model` is set, the configuration's counts and not the bundle's. */
export interface SessionAgent {
  id?: string;
  name: string;
  archive: ArrayBuffer;
  /** Of its providers: Python may ask the servers that they name. */
  providers: BundleReport["providers"];
  /** And those of its tools. */
  servers: string[];
  /** What of it was refused when it was read, and need not be told again. */
  known: string[];
  system?: true;
  model?: true;
}

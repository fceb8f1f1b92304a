/** What Python is given of a bundle, and says of it (`py_app/agents/`). */

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
  /** The tools that the model has; `asks`: the person is asked before one runs. */
  tools: { name: string; description: string; asks: boolean }[];
  /** What its prompt and its tools take of the model's window, by estimate. */
  tokens: number;
  /** The providers of its mount plan; none where it leaves the model to the person. */
  providers: { module: string; config?: Record<string, unknown> }[];
  /** The sub-agents that it names. */
  agents: string[];
  /** Its file. */
  entry: string;
  /** What that says, where the bundle is that one file. */
  text?: string;
}

/** A bundle as it is kept: a zip, and what is told of it. */
export interface ReadBundle {
  archive: ArrayBuffer;
  report: BundleReport;
}

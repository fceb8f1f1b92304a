/** The Python examples of this tab: files of the build, run as they are in the Python of this page. */

import files from "folder:./examples";
import type { Alcove } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import runner from "./example_runner.py";

export interface Example {
  name: string;
  title: string;
  sentence: string;
  source: string;
}

/** The docstring's first line is the title, its second paragraph says what it does. */
function read([name, source]: readonly [string, string]): Example {
  const docstring = /^\s*[rR]?("""|''')([\s\S]*?)\1/.exec(source)?.[2] ?? "";
  const [title = name, sentence = ""] = docstring
    .split(/\n\s*\n/)
    .map((text) => text.trim().replace(/\s+/g, " "));
  return { name, title: title.replace(/\.$/, ""), sentence, source };
}

export const EXAMPLES: readonly Example[] = files.map(read);

interface Result {
  output: string;
  ended: "done" | "stopped" | "failed";
  why: string;
}

const FOLLOW_MS = 400;
const SETUP = `if "ExampleRunner" not in globals():
    exec(${JSON.stringify(runner)})
alcove_examples = ExampleRunner()
`;

/** One example that runs, or ran. Emits `change`. */
export class ExampleRun extends EventTarget {
  readonly example: Example;
  output = "";
  /** Null while it runs. */
  ended: Result["ended"] | null = null;
  stopping = false;
  /** Python itself could not run it. */
  failure: Failure | null = null;
  why = "";
  readonly #alcove: Promise<Alcove>;
  /** Python has a runner for it. */
  readonly #ready: Promise<unknown>;

  constructor(alcove: Promise<Alcove>, example: Example) {
    super();
    this.#alcove = alcove;
    this.example = example;
    this.#ready = alcove.then(({ python }) => python.run(SETUP));
    void this.#run();
  }

  /** Ends it at its next wait, or when it next prints. */
  stop(): void {
    this.stopping = true;
    this.#changed();
    const ask = async () => (await this.#alcove).python.run("alcove_examples.stop()");
    void this.#ready.then(ask).catch(() => undefined);
  }

  async #run(): Promise<void> {
    let timer: ReturnType<typeof setInterval> | undefined;
    try {
      const { python } = await this.#alcove;
      await this.#ready;
      timer = setInterval(() => void this.#follow(), FOLLOW_MS);
      const result = await python.run(`await alcove_examples.run(${JSON.stringify(this.example.source)})`);
      const { output, ended, why } = result as Result;
      Object.assign(this, { output, ended, why });
    } catch (thrown) {
      this.ended = "failed";
      this.failure = toFailure(thrown);
    } finally {
      clearInterval(timer);
      this.#changed();
    }
  }

  /** Shows what was printed so far. */
  async #follow(): Promise<void> {
    const { python } = await this.#alcove;
    const output = await python.run("alcove_examples.output()").catch(() => this.output);
    if (this.ended) return;
    this.output = String(output);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Runs what Python calls on the page: a function of the page's, or the page's part of a tool of ours. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** Stands before the names of what tools of ours do here. No model can name one: it names the tool. */
const OURS = "alcove:";

interface Context {
  chat: { id: string };
  signal: AbortSignal;
}

/** @throws AlcoveError `bad-request` for an unknown tool, or with what the function threw */
export async function callTool<C extends Context>(
  tools: ReadonlyMap<string, { execute(input: never, context: C): unknown }>,
  name: string,
  input: unknown,
  context: C,
): Promise<unknown> {
  if (name.startsWith(OURS)) {
    const { callBuiltIn } = await import("./built-in.ts");
    const where = { conversation: context.chat.id, signal: context.signal };
    return callBuiltIn(name.slice(OURS.length), input, where);
  }
  const tool = tools.get(name);
  if (!tool) throw new AlcoveError("bad-request", `There is no tool called "${name}".`);
  try {
    return await tool.execute(input as never, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AlcoveError("bad-request", `The tool "${name}" failed: ${message}`);
  }
}

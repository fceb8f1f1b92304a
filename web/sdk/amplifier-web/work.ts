/** What upstream's facade does once it is used. */
import { AlcoveError, type ErrorCode } from "../../../workers/wire/errors.ts";
import type { Alcove } from "../alcove.ts";
import type { Status } from "../engines/status.ts";
import type { SessionOptions } from "../options.ts";
import type { ChatSession, PageTool } from "../sessions/chat.ts";
import type { Approval } from "../sessions/permissions.ts";
import { AmplifierError } from "./error.ts";
import type { AmplifierWebConfig, Execution, Running } from "./types.ts";

type Tell = (stage: string, percent: number, message: string) => void;
type Code = ConstructorParameters<typeof AmplifierError>[0];

const STAGES: Partial<Record<Status["phase"], string>> = {
  booting: "pyodide",
  recovering: "pyodide",
  downloading: "webllm",
  loading: "webllm",
};

/** A bundle that is not here by then does not come. */
const PATIENCE_MS = 60_000;

/** Opens Alcove and a conversation, and waits for its model. */
export async function begin(config: AmplifierWebConfig, tell: Tell): Promise<Running> {
  const onProgress = ({ phase, text, fraction = 0 }: Status) => {
    const stage = STAGES[phase];
    if (stage) tell(stage, Math.round(fraction * 100), text);
  };
  const { openAlcove } = await import("../index.ts");
  const alcove = await openAlcove({ onProgress });
  try {
    await alcove.ready;
    tell("session", 60, "Creating session...");
    const model = await modelOf(alcove, config, tell);
    if (config.bundle && !config.bundleContent) config.bundleContent = await textAt(config.bundle);
    if (model) config.model = model;
    else delete config.model;
    const chat = await session(alcove, config, []).catch((thrown) => {
      throw config.bundleContent ? failure(thrown, "BUNDLE_LOAD_FAILED") : thrown;
    });
    await loaded(alcove);
    return { alcove, chat, tools: [] };
  } catch (thrown) {
    await alcove.close();
    throw thrown;
  }
}

/** The model that was named, here and whole; undefined where Alcove is to choose. */
async function modelOf(
  alcove: Alcove,
  { model, skipWebLLM }: AmplifierWebConfig,
  tell: Tell,
): Promise<string | undefined> {
  if (!model || skipWebLLM) return undefined;
  const entry = (await alcove.models.list()).find(({ id }) => id === model);
  if (!entry?.fits) {
    const why = entry ? "This device cannot run the model" : "There is no model called";
    tell("webllm", 0, `${why} "${model}": another one answers.`);
    return undefined;
  }
  await alcove.models.download(model, {
    onProgress: ({ bytes, total }) =>
      tell("webllm", total ? Math.round((100 * bytes) / total) : 0, `Loading model: ${model}`),
  });
  return model;
}

/** Resolves when no model is on its way. @throws AmplifierError when it does not come */
function loaded(alcove: Alcove): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const chat = alcove.status.roles?.chat;
      if (chat && ["downloading", "loading", "recovering"].includes(chat.phase)) return;
      alcove.removeEventListener("status", look);
      if (chat?.phase !== "error") resolve();
      else
        reject(new AmplifierError("MODEL_LOAD_FAILED", chat.text, { cause: chat.error, recoverable: true }));
    };
    alcove.addEventListener("status", look);
    look();
  });
}

async function textAt(address: string): Promise<string> {
  const failed = (message: string, cause?: unknown) =>
    new AmplifierError("BUNDLE_LOAD_FAILED", message, { cause, recoverable: true });
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw failed(`Failed to fetch bundle: ${response.status}`);
    return await response.text();
  } catch (thrown) {
    if (thrown instanceof AmplifierError) throw thrown;
    throw failed(`The bundle cannot be fetched: ${address}`, thrown);
  }
}

/** A conversation as `config` wants it; `resume` goes on with one. */
export async function session(
  alcove: Alcove,
  config: AmplifierWebConfig,
  tools: PageTool[],
  resume?: string,
): Promise<ChatSession> {
  const { model, systemPrompt, skipWebLLM, bundleContent } = config;
  const server = skipWebLLM && (await alcove.server.get());
  const options: SessionOptions = {
    ...(server ? { provider: "openai" as const, model: server.model } : model ? { model } : {}),
    ...(systemPrompt ? { system: systemPrompt } : {}),
    ...(bundleContent === undefined ? {} : { bundle: bundleContent }),
    ...(resume && (await alcove.conversations.head(resume)) ? { resume } : {}),
    tools,
  };
  return alcove.openSession(options);
}

export async function run(
  chat: ChatSession,
  prompt: string,
  onChunk: (chunk: { type: "delta"; delta: string; content: string }) => void,
  approve: Approve,
): Promise<Execution> {
  const done: Execution = { content: "", toolCalls: [], usage: {} };
  for await (const event of chat.send(prompt)) {
    if (event.type === "text") onChunk({ type: "delta", delta: event.text, content: event.text });
    else if (event.type === "approval") {
      await event.respond((await allows(event, approve)) ? "Allow once" : "Deny");
    } else if (event.type === "tool" && event.phase === "end") {
      done.toolCalls.push({ name: event.name, arguments: event.input, result: event.result });
    } else if (event.type === "usage") {
      const { promptTokens, completionTokens } = event;
      const [prompt_tokens, completion_tokens] = [
        (done.usage.prompt_tokens ?? 0) + promptTokens,
        (done.usage.completion_tokens ?? 0) + completionTokens,
      ];
      done.usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
    } else if (event.type === "end") done.content = event.text;
  }
  return done;
}

type Approve = AmplifierWebConfig["approveToolCall"];

/** Whatever goes wrong refuses. */
async function allows({ tool = "", prompt, details = "" }: Approval, approve: Approve): Promise<boolean> {
  try {
    return (await approve?.({ name: tool, arguments: JSON.parse(details), prompt })) === true;
  } catch {
    return false;
  }
}

/** Runs code that registers tools in Python, and adds them to those of the page. */
export async function register({ alcove, tools }: Running, code: string): Promise<void> {
  const { python } = alcove;
  await python.run("from py_app.amplifier_web import *");
  await python.run(code);
  const declared = JSON.parse(String(await python.run("session.declared()"))) as Omit<PageTool, "execute">[];
  for (const tool of declared) {
    const at = tools.findIndex(({ name }) => name === tool.name);
    const call = (input: unknown) => `await session.call(${text(tool.name)}, ${text(JSON.stringify(input))})`;
    const made: PageTool = {
      ...tool,
      execute: async (input: unknown) => {
        const { success, output } = JSON.parse(String(await python.run(call(input)))) as Called;
        if (!success) throw new Error(typeof output === "string" ? output : JSON.stringify(output));
        return output;
      },
    };
    if (at < 0) tools.push(made);
    else tools[at] = made;
  }
}

interface Called {
  success: boolean;
  output: unknown;
}

/** A text as Python's literal of it: JSON's is one too. */
const text = (value: string): string => JSON.stringify(value);

const CODES: Partial<Record<ErrorCode, Code>> = {
  "model-not-found": "MODEL_LOAD_FAILED",
  "model-invalid": "MODEL_LOAD_FAILED",
  "download-failed": "NETWORK_ERROR",
  "out-of-memory": "OUT_OF_MEMORY",
};

export function failure(thrown: unknown, code: Code, before = ""): AmplifierError {
  if (thrown instanceof AmplifierError) return thrown;
  const { message } = thrown as Error;
  if (!(thrown instanceof AlcoveError)) return new AmplifierError(code, before + message, { cause: thrown });
  const suggestion = { suggestion: thrown.action, recoverable: true };
  return new AmplifierError(CODES[thrown.code] ?? code, before + message, { cause: thrown, ...suggestion });
}

/** Which engine and which model answer a conversation, and why. */

import type { ModelSpec } from "../../../workers/engine/contract.ts";
import { embedsOnly, makesEmbeddings } from "../../../workers/engine/embedding.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Models } from "./catalogue.ts";
import { fitOf } from "./fit.ts";
import type { Server } from "./server.ts";

export type Provider = "webllm" | "llamacpp" | "openai";
export const PROVIDERS: readonly Provider[] = ["webllm", "llamacpp", "openai"];

/** Whether a provider is an engine of this page. */
export const isEngine = (provider: string): boolean => provider === "webllm" || provider === "llamacpp";

export interface Choice {
  /** A {@link Provider}, or another one that the conversation's plan names. */
  provider: string;
  /** Id of the model. */
  model: string;
  /** Its name for a person. */
  name: string;
  /** What computes: a graphics card, the processor, or a server's host. */
  device: string;
  /** One plain sentence. */
  why: string;
}

export interface Wish {
  provider: "auto" | Provider;
  model?: string | undefined;
  /** What the conversation had before. */
  before?: { provider: string; model: string } | undefined;
  /** The model that the person prefers for new conversations. */
  preferred?: string | undefined;
}

/** The parts of Alcove that a choice looks at. */
export interface Choosing {
  models: Models;
  server: Server;
  capabilities: Capabilities;
}

/**
 * Takes what is asked for, else what the conversation had, else what the person prefers, else the best that
 * this device runs. Only what was asked for fails; anything else that cannot be had is passed over.
 * @throws AlcoveError model-not-found, unsupported, or bad-request when no server is set up
 */
export async function choose(wish: Wish, on: Choosing): Promise<Choice> {
  const { provider, model, before, preferred } = wish;
  if (provider === "openai") return ofServer(on.server, model, "You chose your own server.");
  if (model !== undefined) return ofModel(await on.models.find(model), provider, on, "You chose this model.");
  if (provider !== "auto") {
    return ofModel(on.models.first(provider), provider, on, "You chose this engine.");
  }
  if (before?.provider === "openai") {
    const kept = await ofServer(on.server, before.model, "This conversation uses your own server.").catch(
      () => undefined,
    );
    if (kept) return kept;
  }
  const earlier: [string | undefined, string][] = [
    [before?.model, "This conversation began with it."],
    [preferred, "You chose this model."],
  ];
  for (const [id, why] of earlier) {
    const spec = id === undefined ? undefined : await on.models.find(id).catch(() => undefined);
    if (spec && converses(spec) && fitOf(spec, on.capabilities).fits)
      return choiceOf(spec, on.capabilities, why);
  }
  return best(on);
}

/** The processor does it, after the graphics card failed with `error`. */
export function fallback(error: AlcoveError, on: Choosing): Choice {
  return choiceOf(
    on.models.first("llamacpp"),
    on.capabilities,
    `The graphics card could not do it: ${error.message}`,
  );
}

/** The graphics card where there is a real one that a shipped model fits, else the processor. */
function best({ models, capabilities }: Choosing): Choice {
  const { webgpu } = capabilities;
  const onCpu = (why: string) => choiceOf(models.first("llamacpp"), capabilities, why);
  if (!webgpu.supported) return onCpu(webgpu.reason);
  if (webgpu.software) return onCpu("There is no graphics card that the browser can use.");
  const spec = models.first("webllm");
  const { fits, why } = fitOf(spec, capabilities);
  return fits ? choiceOf(spec, capabilities, "Your graphics card is the fastest here.") : onCpu(why);
}

/** A model that makes embeddings says nothing; one that is good for pictures only, nothing sensible otherwise. */
const converses = (spec: ModelSpec): boolean =>
  !makesEmbeddings(spec) && (!spec.goodFor || spec.goodFor.some((use) => use !== "vision"));

function ofModel(spec: ModelSpec, provider: string, on: Choosing, why: string): Choice {
  if (makesEmbeddings(spec)) throw embedsOnly();
  if (provider !== "auto" && provider !== spec.engine) {
    throw new AlcoveError("bad-request", `The model "${spec.id}" does not run on "${provider}".`, {
      action: `Use "${spec.engine}" or "auto".`,
    });
  }
  const { webgpu } = on.capabilities;
  if (spec.engine === "webllm" && !webgpu.supported) {
    throw new AlcoveError("unsupported", `This model needs a graphics card. ${webgpu.reason}`, {
      action: "Choose a model that runs on the processor.",
    });
  }
  return choiceOf(spec, on.capabilities, why);
}

async function ofServer(server: Server, model: string | undefined, why: string): Promise<Choice> {
  const { baseUrl, model: usual } = await server.required();
  const id = model ?? usual;
  return { provider: "openai", model: id, name: id, device: new URL(baseUrl).host, why };
}

function choiceOf({ id, name, engine }: ModelSpec, { webgpu, threads }: Capabilities, why: string): Choice {
  const processor = threads > 1 ? "Processor" : "Processor, one thread";
  const card = webgpu.software ? `${webgpu.adapter}, in software` : webgpu.adapter;
  return { provider: engine, model: id, name, device: engine === "webllm" ? card : processor, why };
}

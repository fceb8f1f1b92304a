/** What a mount plan lets answer, where it names providers of its own. */
import { type Choice, type Choosing, choose } from "./choice.ts";

interface Planned {
  /** Its name without "provider-". */
  provider: string;
  config: Record<string, unknown>;
}

/** The provider that a turn would use: the plan's first; null where it names none. */
export function plannedProvider(plan: { providers?: unknown } | undefined): Planned | null {
  const providers: unknown = plan?.providers;
  const first: unknown = Array.isArray(providers) ? providers[0] : undefined;
  const { module, config } = (first ?? {}) as { module?: unknown; config?: Record<string, unknown> | null };
  if (typeof module !== "string") return null;
  return { provider: module.replace(/^provider-/, ""), config: config ?? {} };
}

/** @throws AlcoveError as `choose` does for an engine of ours that cannot be had */
export async function plannedChoice({ provider, config }: Planned, on: Choosing): Promise<Choice> {
  const why = "The conversation's plan names it.";
  const model = typeof config.model === "string" ? config.model : undefined;
  if (provider === "llamacpp" || provider === "webllm")
    return { ...(await choose({ provider, model }, on)), why };
  const address = [config.base_url, config.host].find((each) => typeof each === "string");
  return { provider, model: model ?? "", name: model ?? provider, device: hostOf(address) ?? provider, why };
}

function hostOf(address: unknown): string | undefined {
  return typeof address === "string" && URL.canParse(address) ? new URL(address).host : undefined;
}

/** The agents that come with a site: Alcove's own, each a small bundle, and before them the page's, if it has one. */
import type { BundleFile } from "../../../workers/python/protocol.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import analyst from "./built-in/analyst.md";
import assistant from "./built-in/assistant.md";
import eyes from "./built-in/eyes.md";
import researcher from "./built-in/researcher.md";
import { next, read } from "./given.ts";
import type { Shipped } from "./kept.ts";

const OURS: Record<string, string> = { assistant, analyst, researcher, eyes };

/** The id of the page's own. */
const SITE = "site";

/** @param agent address of the page's own bundle */
export async function shipped(agent: URL | undefined): Promise<Shipped> {
  const ours = Object.entries(OURS).map(([id, text]): Shipped[number] => {
    const { buffer } = new TextEncoder().encode(text);
    return [id, { name: `${id}.md`, bytes: buffer }];
  });
  return agent ? [[SITE, await siteFile(agent)], ...ours] : ours;
}

async function siteFile(address: URL): Promise<BundleFile> {
  const over = new AbortController();
  try {
    const response = await next(fetch(address, { signal: over.signal }));
    if (!response.ok) throw new Error(String(response.status));
    return { name: address.pathname.split("/").at(-1) ?? SITE, bytes: await read(response) };
  } catch (thrown) {
    const code = toAlcoveError(thrown).code === "timeout" ? "timeout" : "download-failed";
    throw new AlcoveError(code, "The agent of this page could not be fetched.", {
      action: "Check the connection and reload the page.",
      detail: String(thrown),
    });
  } finally {
    over.abort();
  }
}

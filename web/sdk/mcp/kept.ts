/** The MCP servers that the person added, as this device keeps them: their tokens leave it only for their server. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Settings } from "../store/settings.ts";

/** What signing in left: `web/sdk/mcp/sign-in.ts`. */
export interface SignedIn {
  /** The origin that signs people in. */
  at: string;
  client?: unknown;
  tokens?: unknown;
  /** When they came. */
  renewed?: number;
}

export interface KeptServer {
  id: string;
  name: string;
  url: string;
  token?: string;
  /** The tools that the model gets; all of few where it is left out. */
  chosen?: string[];
  signedIn?: SignedIn;
}

const NAME = "mcp";

export class KeptServers {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async all(): Promise<KeptServer[]> {
    return (await this.#settings.get<KeptServer[]>(NAME)) ?? [];
  }

  /** @throws AlcoveError `bad-request` for one that is not there */
  async get(id: string): Promise<KeptServer> {
    const found = (await this.all()).find((server) => server.id === id);
    if (found) return found;
    throw new AlcoveError("bad-request", `There is no MCP server called "${id}".`, {
      action: "Add it first.",
    });
  }

  async put(server: KeptServer): Promise<void> {
    await this.#settings.update<KeptServer[]>(NAME, (kept = []) =>
      kept.some(({ id }) => id === server.id)
        ? kept.map((each) => (each.id === server.id ? server : each))
        : [...kept, server],
    );
  }

  /** Changes a server in one piece: what another tab keeps of it meanwhile is not lost. One that is gone stays so. */
  async change(id: string, change: (server: KeptServer) => KeptServer): Promise<void> {
    await this.#settings.update<KeptServer[]>(NAME, (kept = []) =>
      kept.map((each) => (each.id === id ? change(each) : each)),
    );
  }

  async remove(id: string): Promise<void> {
    await this.#settings.update<KeptServer[]>(NAME, (kept = []) => kept.filter((each) => each.id !== id));
  }
}

/**
 * A server of the person's that speaks OpenAI's protocol. Its address and key lie in this device's storage; the
 * key leaves it only for that server.
 */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { allow } from "../../../workers/wire/gate.ts";
import type { Settings } from "../store/settings.ts";

/** What is kept. */
interface ServerAccess {
  /** Up to where "/chat/completions" is appended, e.g. "http://localhost:8080/v1". */
  baseUrl: string;
  apiKey: string;
  model: string;
}

const NAME = "server";

export class Server {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What is set up, without the key; null when nothing is. */
  async get(): Promise<{ baseUrl: string; model: string; hasKey: boolean } | null> {
    const access = await this.#settings.get<ServerAccess>(NAME);
    return access ? { baseUrl: access.baseUrl, model: access.model, hasKey: access.apiKey !== "" } : null;
  }

  /**
   * Keeps the address, the model and the key; without `apiKey` the key that is kept stays, if the host does.
   * @throws AlcoveError `bad-request` for an address that a browser may not call, and for what is no key.
   */
  async set({ baseUrl, model, apiKey }: { baseUrl: string; model: string; apiKey?: string }): Promise<void> {
    const { serverAddress, serverKey } = await import("./server-setup.ts");
    const kept = await this.#settings.get<ServerAccess>(NAME);
    const url = serverAddress(baseUrl);
    const sameHost = kept && new URL(kept.baseUrl).origin === new URL(url).origin;
    const access: ServerAccess = {
      baseUrl: url,
      model: model.trim(),
      apiKey: serverKey(apiKey ?? (sameHost ? kept.apiKey : "")),
    };
    await this.#settings.set(NAME, access);
  }

  /** Deletes the address and the key from this device. */
  forget(): Promise<void> {
    return this.#settings.remove(NAME);
  }

  /** @throws AlcoveError `bad-request` when no server is set up. */
  async required(): Promise<ServerAccess> {
    const access = await this.#settings.get<ServerAccess>(NAME);
    if (access) return access;
    throw new AlcoveError("bad-request", "No server is set up.", {
      action: "Enter the address of your server first.",
    });
  }

  /**
   * The ids of the models that the server offers.
   * @throws AlcoveError bad-request, download-failed, timeout; unsupported for a server that sends elsewhere
   */
  async models(): Promise<string[]> {
    const access = await this.required();
    allow(access.baseUrl);
    return (await import("./server-setup.ts")).listModels(access);
  }
}

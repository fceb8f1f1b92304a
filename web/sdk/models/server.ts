/**
 * A server of the person's that speaks OpenAI's protocol. Its address and key lie in this device's storage; the
 * key leaves it only for that server.
 */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { allow } from "../../../workers/wire/gate.ts";
import type { Settings } from "../store/settings.ts";
import { bad, modelIds, serverAddress, serverKey } from "./server-address.ts";

/** What is kept. */
interface ServerAccess {
  /** Up to where "/chat/completions" is appended, e.g. "http://localhost:8080/v1". */
  baseUrl: string;
  apiKey: string;
  model: string;
}

const NAME = "server";
const LIST_MS = 10_000;

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
    if (!access) throw bad("No server is set up.", "Enter the address of your server first.");
    return access;
  }

  /**
   * The ids of the models that the server offers.
   * @throws AlcoveError bad-request, download-failed, timeout; unsupported for a server that sends elsewhere
   */
  async models(): Promise<string[]> {
    const { baseUrl, apiKey } = await this.required();
    const headers: HeadersInit = apiKey ? { Authorization: `Bearer ${apiKey}` } : {};
    let response: Response;
    allow(baseUrl);
    try {
      response = await fetch(`${baseUrl}/models`, {
        headers,
        // As `providers/openai` asks it: a key is not taken to another address.
        redirect: "manual",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(LIST_MS),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") {
        throw new AlcoveError("timeout", "Your server did not answer in time.");
      }
      throw new AlcoveError("download-failed", "Your server cannot be reached.", {
        action: "Check that it runs and that it allows this page (CORS).",
      });
    }
    if (response.type === "opaqueredirect") {
      const { host } = new URL(baseUrl);
      throw new AlcoveError("unsupported", `The server at ${host} sends us to another address.`, {
        action: "Enter the address that it sends to; a key is not taken there by itself.",
      });
    }
    if (response.status === 401 || response.status === 403) {
      throw bad("Your server does not accept the key.", "Correct the key.");
    }
    const ids = response.ok ? modelIds(await response.json().catch(() => null)) : null;
    if (!ids) throw bad("There is no list of models at this address.", 'It usually ends in "/v1".');
    return ids;
  }
}

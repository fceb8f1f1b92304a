/**
 * The ViLA server that the person set up. Its address and key lie in this device's storage, beside those of the
 * person's own server; the key leaves it only for that server.
 */
import type { Settings } from "../store/settings.ts";
import { vilaAddress } from "./address.ts";
import { type VilaOptions, VilaStream } from "./stream.ts";

/** What is kept. */
interface VilaAccess {
  /** Without the key. */
  url: string;
  apiKey: string;
}

const NAME = "vila";

export class VilaServer {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What is set up, without the key; null when nothing is. */
  async get(): Promise<{ url: string; host: string; hasKey: boolean } | null> {
    const access = await this.#settings.get<VilaAccess>(NAME);
    return access ? { url: access.url, host: new URL(access.url).host, hasKey: access.apiKey !== "" } : null;
  }

  /**
   * Keeps the address and the key, which may also stand in the address; without one the key that is kept stays, if the
   * host does.
   * @throws AlcoveError `bad-request` for an address that a browser may not call, and for what is no key
   */
  async set({ url, apiKey = "" }: { url: string; apiKey?: string }): Promise<void> {
    const address = vilaAddress(url, apiKey);
    const given = address.searchParams.get("api_key") ?? "";
    address.searchParams.delete("api_key");
    await this.#settings.update<VilaAccess>(NAME, (kept) => {
      const same = kept && new URL(kept.url).host === address.host;
      return { url: address.href, apiKey: given || (same ? kept.apiKey : "") };
    });
  }

  /** Deletes the address and the key from this device. */
  forget(): Promise<void> {
    return this.#settings.remove(NAME);
  }

  /** A stream to it, not started; null when nothing is set up. */
  async stream(options: Omit<VilaOptions, "url" | "apiKey">): Promise<VilaStream | null> {
    const access = await this.#settings.get<VilaAccess>(NAME);
    return access ? new VilaStream({ ...options, ...access }) : null;
  }
}

/**
 * Signing in to an MCP server: OAuth with PKCE, as the SDK does it. The page where that happens is of another site, so it
 * comes back by a page of ours (`web/signed-in/`), which tells this tab.
 */
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { siteBase } from "../base.ts";
import { webAddress } from "../models/server-setup.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { KeptServer, KeptServers, SignedIn } from "./kept.ts";

const CHANNEL = "alcove-sign-in";
const PATIENCE_MS = 10 * 60_000;
const FRESH_MS = 30_000;
const returnPage = (): string => new URL("signed-in/index.html", siteBase()).href;

/** What a server keeps of a sign-in, and how one is begun. */
export class SignInProvider implements OAuthClientProvider {
  readonly #kept: KeptServers;
  readonly #id: string;
  readonly #show: (url: URL) => void;
  readonly #state = crypto.randomUUID();
  #verifier = "";

  /** @param show shows the person the page where they sign in; by default nobody is asked unexpectedly */
  constructor(kept: KeptServers, id: string, show: (url: URL) => void = () => undefined) {
    this.#kept = kept;
    this.#id = id;
    this.#show = show;
  }

  get redirectUrl(): string {
    return returnPage();
  }

  get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: "Alcove",
      redirect_uris: [returnPage()],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state(): string {
    return this.#state;
  }

  async clientInformation(): Promise<OAuthClientInformationMixed | undefined> {
    const client = (await this.#signedIn())?.client as OAuthClientInformationMixed | undefined;
    // Another place of this site has another page to come back to.
    const returns = (client as { redirect_uris?: string[] } | undefined)?.redirect_uris;
    return returns && !returns.includes(returnPage()) ? undefined : client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): Promise<void> {
    return this.#keep({ client });
  }

  async tokens(): Promise<OAuthTokens | undefined> {
    return (await this.#signedIn())?.tokens as OAuthTokens | undefined;
  }

  saveTokens(tokens: OAuthTokens): Promise<void> {
    return this.#keep({ tokens, renewed: Date.now() });
  }

  redirectToAuthorization(url: URL): void {
    this.#show(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  async invalidateCredentials(scope: "all" | "client" | "tokens" | "verifier" | "discovery"): Promise<void> {
    // Another request, or another tab, may just have got new ones: those of before are refused for it.
    const isFresh = Date.now() - ((await this.#signedIn())?.renewed ?? 0) < FRESH_MS;
    if (scope === "all" || (scope === "tokens" && !isFresh)) await this.#keep({ tokens: undefined });
    if (scope === "all" || scope === "client") await this.#keep({ client: undefined });
  }

  async #signedIn(): Promise<SignedIn | undefined> {
    return (await this.#kept.get(this.#id)).signedIn;
  }

  async #keep(news: Partial<SignedIn>): Promise<void> {
    await this.#kept.change(this.#id, (server) =>
      server.signedIn ? { ...server, signedIn: { ...server.signedIn, ...news } } : server,
    );
  }
}

/**
 * The origin where people sign in to the server at `url`; undefined where it offers no such thing. Only the server itself
 * is asked.
 * @param header its WWW-Authenticate
 */
export async function signInAt(
  url: string,
  header: string | undefined,
  patience: number,
): Promise<string | undefined> {
  const { discoverAuthorizationServerMetadata, discoverOAuthProtectedResourceMetadata } = await import(
    "./library.ts"
  );
  const { origin } = new URL(url);
  const fetchFn = guardedFetch({ origins: new Set([origin]), patience });
  const named = /resource_metadata="?([^",\s]+)/i.exec(header ?? "")?.[1];
  try {
    const about = named ? { resourceMetadataUrl: named } : {};
    const { authorization_servers: at } = await discoverOAuthProtectedResourceMetadata(url, about, fetchFn);
    if (at?.[0]) return webAddress(at[0]).origin;
  } catch {
    // Servers of the first days sign people in themselves; and one may name what is no address of the web.
  }
  const own = await discoverAuthorizationServerMetadata(origin, { fetchFn }).catch(() => undefined);
  return own && origin;
}

/**
 * Lets the person sign in, in a window of its own; call it from a click, or no window opens.
 * @throws AlcoveError `bad-request` when that was refused, `cancelled`, `timeout`; `unsupported` where no window opens
 */
export async function signIn(
  kept: KeptServers,
  server: KeptServer,
  at: string,
  { signal, patience }: { signal: AbortSignal; patience: number },
): Promise<void> {
  // First of all: a browser opens a window for a click only.
  const shown = globalThis.open("about:blank", "_blank", "popup,width=520,height=680");
  if (!shown) {
    throw new AlcoveError("unsupported", "The browser lets no window open.", {
      action: "Allow windows of this site, and sign in again.",
    });
  }
  // What stands in it is another site's, and has no hold on this page.
  shown.opener = null;
  const show = (url: URL) => {
    if (url.origin !== at)
      throw new AlcoveError("unsupported", `${at} sends us to ${url.origin} to sign in.`);
    shown.location.replace(url.href);
  };
  const provider = new SignInProvider(kept, server.id, show);
  const fetchFn = guardedFetch({ origins: new Set([new URL(server.url).origin, at]), patience });
  const over = new AbortController();
  const returned = comesBack(provider.state(), AbortSignal.any([signal, over.signal]));
  // Nobody waits for it where the way there fails.
  returned.catch(() => undefined);
  try {
    const { auth } = await import("./library.ts");
    // A registration is good for those who gave it.
    await kept.change(server.id, ({ signedIn, ...rest }) => {
      const client = signedIn?.at === at ? signedIn.client : undefined;
      return { ...rest, signedIn: { at, ...(client ? { client } : {}) } };
    });
    await auth(provider, { serverUrl: server.url, fetchFn });
    const authorizationCode = await returned;
    await auth(provider, { serverUrl: server.url, authorizationCode, fetchFn });
  } catch (thrown) {
    over.abort();
    shown.close();
    if (thrown instanceof AlcoveError) throw thrown;
    throw new AlcoveError("bad-request", `Signing in at ${new URL(at).host} failed.`, {
      action: "Try again, or give the server a token.",
      detail: String(thrown).slice(0, 300),
    });
  }
}

/** The code that the page of ours was given for `state`. */
async function comesBack(state: string, signal: AbortSignal): Promise<string> {
  const channel = new BroadcastChannel(CHANNEL);
  const late = AbortSignal.timeout(PATIENCE_MS);
  const code = new Promise<string>((resolve, reject) => {
    channel.onmessage = ({ data }: MessageEvent<{ state?: string; code?: string; error?: string }>) => {
      if (data.state !== state) return;
      if (data.code) resolve(data.code);
      else reject(new AlcoveError("bad-request", `You were not signed in (${data.error ?? "no word why"}).`));
    };
  });
  try {
    return await beforeAbort(code, AbortSignal.any([signal, late]));
  } catch (thrown) {
    throw late.aborted ? new AlcoveError("timeout", "Nobody signed in within ten minutes.") : thrown;
  } finally {
    channel.close();
  }
}

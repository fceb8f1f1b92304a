/** Signing in to an MCP server by OAuth with PKCE: a server, another that signs people in, and a person who does. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, test } from "node:test";
import { KeptServers } from "../../../../web/sdk/mcp/kept.ts";
import { SignInProvider } from "../../../../web/sdk/mcp/sign-in.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import { person, sound, TOOL } from "./mcp_servers.ts";

const ending: (() => unknown)[] = [];
after(() => {
  for (const end of ending) end();
});

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => unknown;

async function serve(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await handler(request, response, Buffer.concat(chunks).toString());
    if (response.headersSent) return;
    if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  ending.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  await new Promise((listening) => server.once("listening", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Whoever signs people in. */
const log: string[] = [];
const codes = new Map<string, string>();
let valid = "";
let issued = 0;
const tokens = () => {
  valid = `token-${++issued}`;
  return { access_token: valid, token_type: "Bearer", expires_in: 60, refresh_token: "again" };
};
const authority = await serve((request, response, body) => {
  const url = new URL(request.url ?? "", authority);
  log.push(url.pathname);
  switch (url.pathname) {
    case "/.well-known/oauth-authorization-server":
      return {
        issuer: authority,
        authorization_endpoint: `${authority}/authorize`,
        token_endpoint: `${authority}/token`,
        registration_endpoint: `${authority}/register`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
      };
    case "/register":
      response.writeHead(201, { "Content-Type": "application/json" });
      return response.end(JSON.stringify({ ...JSON.parse(body), client_id: "alcove-1" }));
    case "/authorize": {
      const asked = url.searchParams;
      codes.set("code-1", asked.get("code_challenge") ?? "");
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.search = String(new URLSearchParams({ code: "code-1", state: asked.get("state") ?? "" }));
      return response.writeHead(302, { Location: back.href }).end();
    }
    case "/token": {
      const given = new URLSearchParams(body);
      if (given.get("grant_type") === "refresh_token") return tokens();
      const challenge = createHash("sha256")
        .update(given.get("code_verifier") ?? "")
        .digest("base64url");
      return codes.get(given.get("code") ?? "") === challenge ? tokens() : response.writeHead(400).end("{}");
    }
  }
});

/** A server that wants to know the person. */
function guarded(header: (origin: string) => string, at = authority): Promise<string> {
  const tools = sound(
    () => [TOOL],
    () => ({ content: [{ type: "text", text: "known" }] }),
  );
  const origin: Promise<string> = serve(async (request, response, body) => {
    if (
      request.url?.includes("/where") ||
      request.url?.startsWith("/.well-known/oauth-protected-resource/mcp")
    ) {
      return { resource: `${await origin}/mcp`, authorization_servers: [at] };
    }
    if (!request.url?.startsWith("/mcp")) return undefined;
    if (request.method !== "POST") return response.writeHead(405).end();
    if (request.headers.authorization !== `Bearer ${valid}`) {
      return response.writeHead(401, { "WWW-Authenticate": header(await origin) }).end();
    }
    const message = JSON.parse(body);
    const result = await tools(message, response, request);
    if (message.id === undefined) return response.writeHead(202).end();
    return { jsonrpc: "2.0", id: message.id, result };
  });
  return origin.then((found) => `${found}/mcp`);
}

const realm = globalThis as unknown as { open: unknown };
afterEach(() => {
  realm.open = undefined;
});

/** The person's browser: it follows the page where they sign in to the page of ours, which tells the tab. */
function browser(answer: (said: Record<string, string>) => Record<string, string> = (said) => said): {
  shown: string[];
} {
  const shown: string[] = [];
  const popup: { opener: unknown; close(): void; location: { replace(url: string): Promise<void> } } = {
    opener: globalThis,
    close: () => undefined,
    location: {
      replace: async (url: string) => {
        assert.equal(popup.opener, null, "somebody else's page has no hold on ours");
        shown.push(url);
        const back = await fetch(url, { redirect: "manual" });
        const said = Object.fromEntries(new URL(back.headers.get("Location") ?? "").searchParams);
        const channel = new BroadcastChannel("alcove-sign-in");
        channel.postMessage({ code: "forged", state: "somebody else's" });
        channel.postMessage(answer(said));
        channel.close();
      },
    },
  };
  realm.open = () => popup;
  return { shown };
}

test("a person signs in where the server says, and stays so", async () => {
  const { servers, settings } = person();
  const url = await guarded((origin) => `Bearer resource_metadata="${origin}/where"`);
  const { id, state, signInAt, tools } = await servers.add({ url });
  assert.deepEqual([state, signInAt, tools], ["sign-in", authority, []]);
  assert.deepEqual(log, [], "nobody else was asked before the person said so");
  const { shown } = browser();
  const known = await servers.signIn(id);
  assert.deepEqual([known.state, known.tools.length], ["ready", 1]);
  assert.equal(new URL(shown[0] ?? "").searchParams.get("code_challenge_method"), "S256");
  assert.ok(!JSON.stringify(await servers.list()).includes("token-"));
  assert.ok(JSON.stringify(await settings.get("mcp")).includes("token-1"));

  // What has run out is renewed without a word.
  valid = "another";
  const [tool] = await servers.toolsOf(id);
  assert.deepEqual((await tool?.run({}, {}))?.content, [{ type: "text", text: "known" }]);
  assert.ok(JSON.stringify(await settings.get("mcp")).includes("token-2"));
  await servers.remove(id);
  assert.ok(!JSON.stringify(await settings.get("mcp")).includes("token-"));
});

test("the server is found by its usual address where it says nothing", async () => {
  const { servers } = person();
  const { signInAt } = await servers.add({ url: await guarded(() => "Bearer") });
  assert.equal(signInAt, authority);
});

test("a server that offers no way to sign in wants a token", async () => {
  const { servers } = person();
  const url = await serve((request, response) =>
    request.method === "POST" ? response.writeHead(401).end() : undefined,
  );
  const { id, state, signInAt, error } = await servers.add({ url });
  assert.deepEqual([state, signInAt], ["sign-in", undefined]);
  assert.match(error?.action ?? "", /token/);
  await assert.rejects(servers.signIn(id), { code: "unsupported" });
});

test("where nobody can sign in is no place to sign in", async () => {
  for (const at of ["nowhere:at-all", "http://sign-in.example.org", "https://me:secret@example.org"]) {
    const { servers } = person();
    const { state, signInAt } = await servers.add({ url: await guarded(() => "Bearer", at) });
    assert.deepEqual([state, signInAt], ["sign-in", undefined], at);
  }
});

test("a sign-in that is refused, forged or shut out is none", async () => {
  const { servers, settings } = person();
  const { id } = await servers.add({ url: await guarded(() => "Bearer") });
  realm.open = () => null;
  await assert.rejects(servers.signIn(id), { code: "unsupported" });
  browser(({ state = "" }) => ({ state, error: "access_denied" }));
  await assert.rejects(servers.signIn(id), /access_denied/);
  browser(({ state = "" }) => ({ state, code: "stolen" }));
  await assert.rejects(servers.signIn(id), { code: "bad-request" });
  browser(() => ({ state: "not ours", code: "code-1" }));
  const stop = new AbortController();
  const waiting = servers.signIn(id, { signal: stop.signal });
  setTimeout(() => stop.abort(), 200);
  await assert.rejects(waiting, { code: "cancelled" });
  assert.ok(!JSON.stringify(await settings.get("mcp")).includes("token-"));
  assert.equal((await servers.look(id)).state, "sign-in");
});

test("tokens that were just renewed are not thrown away for those of before", async () => {
  const kept = new KeptServers(new Settings(null));
  const tokens = (refresh: string) => ({ access_token: "a", token_type: "Bearer", refresh_token: refresh });
  const signedIn = { at: authority, tokens: tokens("old"), renewed: Date.now() - 3_600_000 };
  await kept.put({ id: "x", name: "X", url: "https://example.org/mcp", signedIn });
  const [one, other] = [new SignInProvider(kept, "x"), new SignInProvider(kept, "x")];
  await one.saveTokens(tokens("new"));
  await other.invalidateCredentials("tokens");
  assert.equal((await other.tokens())?.refresh_token, "new");
  await kept.change("x", (server) => ({ ...server, chosen: ["add"], signedIn }));
  await other.invalidateCredentials("tokens");
  assert.equal(await other.tokens(), undefined);
  assert.deepEqual((await kept.get("x")).chosen, ["add"]);
  await kept.remove("x");
  await assert.rejects(
    one.saveTokens(tokens("late")).then(() => kept.get("x")),
    { code: "bad-request" },
  );
});

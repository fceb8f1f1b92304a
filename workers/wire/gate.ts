/**
 * The gate to the network. A content security policy is written before anybody knows which server a person will name,
 * so it lets `https:` through; this lets only those origins through that somebody named: a realm that closed its gate
 * asks the site, this very device, and what {@link allow} was told of.
 *
 * It is a gate and no wall: it stands in the realm that it guards. What a browser itself enforces is in
 * docs/hosting.md.
 */
import { AlcoveError } from "./errors.ts";

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;
const HERE = new Set(["blob:", "data:"]);

/** `alcove.js` and the page are bundles of their own, with one gate. */
const KEY = Symbol.for("alcove.gate");
const realm = globalThis as unknown as typeof globalThis & {
  origin: string;
  location: { href: string };
  [KEY]?: Set<string>;
};

/** Where a socket goes through is where the requests do. */
const originOf = ({ protocol, host }: URL): string => `${protocol.replace(/^ws/, "http")}//${host}`;

/** Lets requests to the origins of `addresses` through, from now on. What is no address of the web is passed over. */
export function allow(...addresses: string[]): void {
  for (const address of addresses) {
    if (URL.canParse(address)) realm[KEY]?.add(originOf(new URL(address)));
  }
}

/** Asks an address that is let through this one time. */
export function askOnce(address: URL, init: RequestInit): Promise<Response> {
  const named = realm[KEY];
  const origin = originOf(address);
  const known = !named || named.has(origin);
  named?.add(origin);
  // The gate is passed before this call returns.
  const answer = realm.fetch(address, init);
  if (!known) named?.delete(origin);
  return answer;
}

/** Every address of the web that stands somewhere in `value`, which is plain JSON. */
export function addressesIn(value: unknown): string[] {
  if (typeof value === "string") return /^(?:https?|wss?):/i.test(value) ? [value] : [];
  return value && typeof value === "object" ? Object.values(value).flatMap(addressesIn) : [];
}

/** @throws AlcoveError `unsupported` for an address that nobody named */
export function pass(address: string | URL): void {
  const url = new URL(address, realm.location.href);
  if (HERE.has(url.protocol) || LOOPBACK.test(url.hostname)) return;
  const origin = originOf(url);
  if (origin === realm.origin || realm[KEY]?.has(origin)) return;
  throw new AlcoveError("unsupported", `Alcove asks nothing of ${url.host}: nobody named it.`, {
    action: "Name it first: as your server, as a model's address, or with openAlcove({ connect }).",
    detail: url.origin,
  });
}

/** Closes this realm's gate, for good. */
export function closeGate(): void {
  if (realm[KEY]) return;
  Object.defineProperty(realm, KEY, { value: new Set<string>() });
  const ask = realm.fetch;
  realm.fetch = async (input, init) => {
    pass(input instanceof Request ? input.url : input);
    return ask.call(realm, input, init);
  };
  const { XMLHttpRequest: Xhr } = realm;
  const told = realm.navigator as Navigator | undefined;
  if (Xhr) {
    const open = Xhr.prototype.open as (...given: unknown[]) => void;
    Xhr.prototype.open = function (this: XMLHttpRequest, ...given: unknown[]): void {
      pass(String(given[1]));
      open.apply(this, given);
    };
  }
  if (told?.sendBeacon) {
    const send = told.sendBeacon.bind(told);
    told.sendBeacon = (url, data) => {
      pass(url);
      return send(url, data);
    };
  }
  for (const name of ["WebSocket", "EventSource", "WebTransport"] as const) {
    const Kind = realm[name] as (new (...given: unknown[]) => object) | undefined;
    if (!Kind) continue;
    const construct = (target: typeof Kind, given: unknown[], made: new () => object): object => {
      pass(String(given[0]));
      return Reflect.construct(target, given, made);
    };
    Object.defineProperty(realm, name, { value: new Proxy(Kind, { construct }), writable: true });
  }
}

/**
 * The one place where an address becomes a script that a worker may run (Trusted Types: the policy "alcove"). With
 * `require-trusted-types-for 'script'` a browser starts a worker from nothing else.
 *
 * `alcove.js` and the page are bundles of their own, and a realm gives each policy's name out once: so the policy is
 * kept where every copy of this module finds it.
 */

interface ScriptPolicy {
  createScriptURL(url: string): unknown;
}

interface Realm {
  trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
  };
  [key: symbol]: ScriptPolicy | undefined;
}

const KEY = Symbol.for("alcove.scripts");
const realm = globalThis as unknown as Realm & { origin: string; location: { href: string } };

/** Scripts of this origin: files of the site, and blobs that its own code made. */
function ours(url: string): string {
  if (new URL(url, realm.location.href).origin === realm.origin) return url;
  throw new TypeError(`No script of another origin is run: ${url}`);
}

/**
 * `url` as `new Worker` and its like take it where Trusted Types are enforced, else as it is. (The type is the one
 * that their declarations ask for.)
 * @throws TypeError for an address of another origin
 */
export function scriptUrl(url: string | URL): string {
  const text = ours(String(url));
  if (!realm.trustedTypes) return text;
  realm[KEY] ??= realm.trustedTypes.createPolicy("alcove", { createScriptURL: ours });
  return realm[KEY].createScriptURL(text) as string;
}

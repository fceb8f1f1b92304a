/** Where the site's own files lie: beside alcove.js, or where a page says that it has put them. */
import { BUILD } from "../../workers/build.ts";
import { AlcoveError } from "../../workers/wire/errors.ts";

// In words that no bundler takes for an address of a file: bundled into somebody's page, it is not used.
const own = () => new URL("..", String(import.meta.url)).href;

const PATIENCE_MS = 30_000;

let given: string | undefined;

/** Absolute, ending in "/". */
export const siteBase = (): string => given ?? own();

/**
 * Says where they are, for the whole page.
 * @param base a folder's address, relative to the page
 * @throws AlcoveError `bad-request` where there are none, or those of another build
 */
export async function moveBase(base: string): Promise<void> {
  const folder = new URL(base.replace(/\/*$/, "/"), document.baseURI).href;
  const wrong = (message: string, detail?: string) =>
    new AlcoveError("bad-request", message, {
      action: "Copy the package's folder `site` there again, and give its address as `base`.",
      ...(detail ? { detail } : {}),
    });
  if (new URL(folder).origin !== origin) {
    throw wrong(`Alcove's files lie on another origin than this page: ${folder}`);
  }
  const about = await fetch(new URL("build.json", folder), { signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((response) => response.json() as Promise<{ id?: string }>)
    .catch((thrown) => {
      throw wrong(`Alcove's files are not at ${folder}`, String(thrown));
    });
  if (about.id !== BUILD.id) throw wrong(`The files at ${folder} are of another build of Alcove.`);
  given = folder;
}

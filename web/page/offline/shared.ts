/**
 * What another program of the device hands over: the system posts it to `share`, the service worker keeps it, and the
 * page that opens then takes it.
 */

/** The file of the site to which it is posted, as the manifest says; there is no such file. */
export const SHARE = "share";
/** Where the page begins when it could not be kept. */
export const NOT_SHARED = "#not-shared";

const MOST_FILES = 10;
/** Of all files together: as much as one that is attached to a message may have. */
const MOST_BYTES = 50_000_000;
const MOST_LETTERS = 100_000;

export interface Shared {
  text: string;
  files: readonly File[];
}

const cacheName = (scope: string): string => `alcove-shared ${scope}`;

/** Keeps what is posted, and leads to the page; at {@link NOT_SHARED} where it is too much or cannot be kept. */
export async function keepShared(request: Request, scope: string): Promise<Response> {
  const page = new URL("./", scope).href;
  try {
    if (isForeign(request, new URL(scope).origin)) return Response.redirect(page, 303);
    const shared = sharedOf(await request.formData());
    const form = new FormData();
    form.set("text", shared.text);
    for (const file of shared.files) form.append("files", file, file.name);
    await (await caches.open(cacheName(scope))).put(new URL(SHARE, scope).href, new Response(form));
    return Response.redirect(page, 303);
  } catch (thrown) {
    console.warn("What was shared could not be kept.", thrown);
    return Response.redirect(page + NOT_SHARED, 303);
  }
}

/**
 * A form on somebody else's page reaches this address too, but it comes from there: its browser says so by one of these, as
 * far as a service worker is told and the page does not keep it to itself. Whatever comes goes into the composer only.
 */
function isForeign({ referrer, headers }: Request, own: string): boolean {
  const site = headers.get("sec-fetch-site") ?? "none";
  if (site !== "none" && site !== "same-origin") return true;
  return [referrer, headers.get("origin") ?? ""].some(
    (from) => from.startsWith("http") && new URL(from).origin !== own,
  );
}

/** What was handed over, once; null where nothing was. */
export async function takeShared(scope: string): Promise<Shared | null> {
  if (!("caches" in globalThis)) return null;
  const [name, url] = [cacheName(scope), new URL(SHARE, scope).href];
  const kept = await caches.match(url, { cacheName: name });
  const form = await kept?.formData();
  await caches.delete(name);
  return form ? sharedOf(form) : null;
}

/** @throws RangeError when it is more than a message takes */
function sharedOf(form: FormData): Shared {
  const said = ["title", "text", "url"].flatMap((name) => {
    const value = form.get(name);
    // A form has Windows' ends of lines.
    return typeof value === "string" && value.trim() ? [value.trim().replaceAll("\r\n", "\n")] : [];
  });
  // Many programs put the address into the text as well.
  const parts = said.filter((part, at) => !said.some((other, i) => i !== at && holds(other, part, i < at)));
  const files = form.getAll("files").filter((each): each is File => each instanceof File && each.size > 0);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const text = parts.join("\n");
  if (files.length > MOST_FILES || bytes > MOST_BYTES || text.length > MOST_LETTERS) {
    throw new RangeError(`${files.length} files, ${bytes} bytes, ${text.length} letters are too much.`);
  }
  return { text, files };
}

const holds = (text: string, part: string, first: boolean): boolean =>
  text === part ? first : text.includes(part);

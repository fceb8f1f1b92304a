/** The site's headers where its host leaves them out. */

export type HeaderTable = Readonly<Record<string, string>>;

/** Answers with these have no body. */
const BODILESS = new Set([101, 204, 205, 304]);

/** Those of `wanted` that `response` lacks. What the host says itself holds. */
export const missingFrom = (response: Response, wanted: HeaderTable): string[] =>
  Object.keys(wanted).filter((name) => !response.headers.has(name));

/** `response` with what it lacks of `wanted`. */
export function withHeaders(response: Response, wanted: HeaderTable): Response {
  // Opaque answers, and the redirect of a navigation, go to the browser as they are: nobody can look into them.
  if (response.status === 0) return response;
  const missing = missingFrom(response, wanted);
  if (missing.length === 0) return response;
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const name of missing) headers.set(name, wanted[name] as string);
  return new Response(BODILESS.has(status) ? null : response.body, { status, statusText, headers });
}

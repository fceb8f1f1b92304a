/** Pictures that come as text. */
import { bytesOfBase64 } from "./base64.ts";
import { bad } from "./request.ts";

/**
 * The file that a data URL holds.
 * @throws AlcoveError `bad-request` for any other address (nothing is ever fetched for a message: a picture comes
 *   with it) and for what cannot be decoded
 */
export function blobOfDataUrl(url: unknown): Blob {
  if (typeof url !== "string" || !/^data:/i.test(url)) {
    throw bad("A picture's address is not a data URL; nothing is fetched.", "Send the picture itself.");
  }
  const comma = url.indexOf(",");
  const head = url.slice(5, comma < 0 ? undefined : comma);
  const type = head.split(";")[0] || "application/octet-stream";
  try {
    if (comma < 0) throw new Error("no comma");
    const body = decodeURIComponent(url.slice(comma + 1));
    if (!/;\s*base64\s*$/i.test(head)) return new Blob([body], { type });
    return new Blob([bytesOfBase64(body)], { type });
  } catch {
    throw bad("A picture's data URL cannot be read.", "Send it as data:image/png;base64,… in whole.");
  }
}

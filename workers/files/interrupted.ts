/** How a download is known that a better connection mends; apart, because the page asks too. */
import type { AlcoveError } from "../wire/errors.ts";

export const INTERRUPTED = "The download was interrupted.";

/** Whether `error` is of a download that broke off for want of a connection. */
export const lostConnection = ({ code, message }: AlcoveError): boolean =>
  code === "download-failed" && message === INTERRUPTED;

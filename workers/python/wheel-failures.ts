/** Why a wheel was not installed: micropip tells it by exceptions of its own, which Python hands on as they are. */
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";

/** A request that was not answered as it should be: with a status, or not at all. */
export interface FailedFetch {
  /** The package that it was for. */
  name: string;
  status?: number;
  thrown?: unknown;
}

/**
 * What is told of an installation that failed.
 * @param wanted the wheel that was asked for: its name, its address or a package's
 * @param failed what could not be fetched meanwhile: of several packages, it says which one
 */
export function notInstalled(thrown: unknown, wanted: string, failed: FailedFetch | undefined): AlcoveError {
  const error = toAlcoveError(thrown);
  // What we know by a better name: cancelled, a full memory.
  if (error.code !== "engine-crashed") return error;
  const detail = error.detail === undefined ? {} : { detail: error.detail };
  if (!failed) {
    return new AlcoveError(
      "bad-request",
      `"${packageOf(wanted) ?? wanted}" cannot be installed into this Python.`,
      {
        action: "Choose a wheel in pure Python (its name ends in none-any.whl), or one made for Pyodide.",
        ...detail,
      },
    );
  }
  const message = `The package "${failed.name}" could not be fetched.`;
  if (failed.thrown instanceof AlcoveError) {
    const { code, message: why, action } = failed.thrown;
    return new AlcoveError(code, `${message} ${why}`, { action, ...detail });
  }
  const gone = failed.status === 404 || failed.status === 410;
  return new AlcoveError("download-failed", message, {
    action: gone
      ? "There is none under this name: correct the name or the address."
      : "Check the connection and try again. A server of your own has to allow this page (CORS).",
    ...detail,
  });
}

/** The package that a wheel, or a page of Python's package index, is of. */
export function packageOf(path: string): string | undefined {
  const index = /\/(?:simple|pypi)\/([^/]+)/.exec(path)?.[1];
  const wheel = /([^/]+)\.whl$/.exec(path)?.[1]?.split("-")[0];
  return wheel ?? index;
}

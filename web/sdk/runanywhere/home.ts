/** The Alcove that RunAnywhere's names sit on: the page's, or one of their own, opened when it is first needed. */
import { Alcove } from "../alcove.ts";
import { SDKError } from "./errors.ts";
import { remembered } from "./registry.ts";
import { leave, moveIn, standing } from "./standing.ts";

/** The one that was opened here, and is to be closed here. */
let own: Promise<Alcove> | undefined;
let initialized = false;

export const isInitialized = (): boolean => initialized;

export function setInitialized(on: boolean): void {
  initialized = on;
}

/** @throws SDKError `NotInitialized` */
export function requireInitialized(): void {
  if (!initialized) throw SDKError.notInitialized();
}

/** @throws AlcoveError what opening it failed with */
export async function home(): Promise<Alcove> {
  while (true) {
    // Before anything is awaited: whoever asks meanwhile gets the same.
    const asked = standing() ?? openOwn();
    const alcove = await asked;
    if (alcove.closed) {
      leave(asked);
      continue;
    }
    introduce(alcove);
    return alcove;
  }
}

function openOwn(): Promise<Alcove> {
  own = moveIn(Alcove.open());
  return own;
}

/** The same where it is open already. */
export async function opened(): Promise<Alcove | undefined> {
  const alcove = await standing()?.catch(() => undefined);
  return alcove?.closed ? undefined : alcove;
}

/**
 * Leaves the Alcove that was opened here, at once: whoever asks from now on gets another. One of the page's stays.
 * @returns what closes it
 */
export function moveOut(): () => void {
  const closing = own;
  own = undefined;
  if (closing) leave(closing);
  return () => void closing?.then((alcove) => alcove.close()).catch(() => undefined);
}

/** Makes the models that were registered meanwhile known to an Alcove that is open already. */
export function tell(): void {
  void standing()
    ?.then(introduce)
    .catch(() => undefined);
}

function introduce(alcove: Alcove): void {
  for (const model of remembered()) alcove.models.register(model);
}

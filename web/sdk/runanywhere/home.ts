/** The Alcove that RunAnywhere's names sit on: the page's, or one of their own, opened when it is first needed. */
import { Alcove } from "../alcove.ts";
import { remembered } from "./registry.ts";

let opened: Promise<Alcove> | undefined;

/** Makes `alcove`, which the page opens, the one to sit on. */
export function moveIn(alcove: Promise<Alcove>): Promise<Alcove> {
  opened = alcove;
  // One that could not be opened is not kept.
  alcove.catch(() => {
    if (opened === alcove) opened = undefined;
  });
  return alcove;
}

/** @throws AlcoveError what opening it failed with */
export async function home(): Promise<Alcove> {
  let alcove = await opened;
  if (!alcove || alcove.closed) alcove = await moveIn(Alcove.open());
  introduce(alcove);
  return alcove;
}

/** Makes the models that were registered meanwhile known to an Alcove that is open already. */
export function tell(): void {
  void opened?.then(introduce).catch(() => undefined);
}

function introduce(alcove: Alcove): void {
  for (const model of remembered()) alcove.models.register(model);
}

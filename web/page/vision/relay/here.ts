/** The one connection of this page to a relay, where it was opened from one. It outlives the Vision tab's element. */
import type { Alcove } from "../../../sdk/index.ts";
import { RelayConnection, relayPort } from "./connection.ts";

let here: RelayConnection | null | undefined;

/** Connects at the first call; null where this page was not opened from a relay. */
export function relayHere(alcove: Promise<Alcove>, model: () => string | undefined): RelayConnection | null {
  if (here !== undefined) return here;
  const port = relayPort(location);
  here = port === null ? null : new RelayConnection(port, alcove, model);
  here?.start();
  return here;
}

/** One turn at a time in a conversation, whichever tab runs it: a Web Lock, which a tab that dies lets go. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

const nameOf = (id: string): string => `alcove-turn-${id}`;

const locks = (): LockManager | undefined => (globalThis.navigator as Navigator | undefined)?.locks;

/**
 * Runs a turn. Where the page has no Web Locks (it is not secure), every tab is alone.
 * @throws AlcoveError `busy` while another tab runs one, and what `turn` throws
 */
export async function withTurn<T>(id: string, turn: () => Promise<T>): Promise<T> {
  const manager = locks();
  if (!manager) return turn();
  return (await manager.request(nameOf(id), { ifAvailable: true }, (lock) => {
    if (lock) return turn();
    throw new AlcoveError("busy", "This conversation is being answered in another tab.", {
      action: "Wait for that answer, or stop it there.",
    });
  })) as T;
}

/** Whether some tab runs a turn. */
export async function isAnswered(id: string): Promise<boolean> {
  const { held = [] } = (await locks()?.query()) ?? {};
  return held.some(({ name }) => name === nameOf(id));
}

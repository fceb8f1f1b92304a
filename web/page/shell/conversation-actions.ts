import type { Alcove, PlaceChanges } from "../../sdk/index.ts";

/** What the list asks of the shell. */
export interface ConversationActions {
  open(id: string): void;
  /** Opens the search over all of them. */
  search(): void;
  rename(id: string, title: string): void;
  place(id: string, changes: PlaceChanges): void;
  /** Gives it to the person as a file that can be brought back. */
  export(id: string): void;
  /** Gives the person a file that is made. */
  save(make: (alcove: Alcove) => Promise<File>): void;
  /** @returns what brings it back; undefined where it could not be removed */
  remove(id: string): Promise<(() => Promise<void>) | undefined>;
}

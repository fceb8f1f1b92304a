/** What is done with a conversation in the database, each in one transaction. */
import type { Fork, TranscriptRecord, TurnEvent } from "../../../workers/python/protocol.ts";
import { type BrokenOff, withAnswer } from "./answer.ts";
import { forksAfter, type Path, switched, within } from "./branches.ts";
import { standing } from "./configured.ts";
import type { Connection, Head } from "./database.ts";
import type { Delta } from "./delta.ts";
import { placeOf } from "./place.ts";

/** Everything of one conversation, whatever its places. */
const allOf = (id: string, from = 0): IDBKeyRange =>
  IDBKeyRange.bound([id, from], [id, Number.POSITIVE_INFINITY]);

interface Transaction {
  done: Promise<void>;
  abort(): void;
  commit(): void;
}

/**
 * Ends a transaction with what `work` asks for: all of it is done, or nothing, also where it throws half way. It is said
 * to be the end: else the browser would wait until this page has heard how each request went.
 */
async function commit(
  tx: Transaction,
  work: (ask: (request: Promise<unknown>) => void) => void,
): Promise<void> {
  const requests: Promise<unknown>[] = [];
  const ask = (request: Promise<unknown>): void => {
    request.catch(() => undefined);
    requests.push(request);
  };
  ask(tx.done);
  try {
    work(ask);
    tx.commit();
    await Promise.all(requests);
  } catch (thrown) {
    try {
      tx.abort();
    } catch {
      // It was over already.
    }
    throw thrown;
  }
}

/** How a save ended: it was kept, the conversation was deleted, or of what comes before `from` only `count` are there. */
type Kept =
  | { outcome: "kept"; head: Head; from: number }
  | { outcome: "deleted" }
  | { outcome: "missing"; count: number };

/**
 * Keeps `delta`, with the place that it got. Where somebody else changed the conversation since `revision`, it comes after
 * what is there and takes nothing away.
 */
export async function keep(
  db: Connection,
  { from: wanted, messages, aside, branches: given, ...about }: Delta,
  { revision, writer }: { revision: number; writer: string },
): Promise<Kept> {
  const tx = db.transaction(["conversations", "messages", "answers", "branches", "deleted"], "readwrite");
  const heads = tx.objectStore("conversations");
  const head = await heads.get(about.id);
  // One that is there was not deleted.
  if (!head && (await tx.objectStore("deleted").getKey(about.id))) return { outcome: "deleted" };
  const mine = !head || head.revision === revision || head.writer === writer;
  const count = head?.count ?? 0;
  if (mine && wanted > count) return { outcome: "missing", count };
  const from = mine ? wanted : head.count;
  const kept: Head = {
    ...about,
    ...(head && standing(head, about)),
    created: head?.created ?? about.created,
    ...(head ? placeOf(head) : {}),
    // One that is not used is kept all the same.
    ...(head?.imported && head.plan && !about.plan ? { plan: head.plan, imported: true } : {}),
    count: from + messages.length,
    revision: (head?.revision ?? 0) + 1,
    writer,
  };
  const places = tx.objectStore("messages");
  const asideAt = mine && aside !== undefined && aside <= count ? aside : undefined;
  const branches = tx.objectStore("branches");
  let forks = mine ? given : undefined;
  const changes = !forks && (asideAt !== undefined || from < count);
  const known = changes ? ((await branches.get(about.id)) ?? []) : [];
  if (!forks && (asideAt !== undefined || known.length)) {
    const path = { messages: await places.getAll(allOf(about.id)), branches: known };
    forks = forksAfter(path, { from, messages, aside: asideAt });
  }
  await commit(tx, (ask) => {
    if (forks) ask(putForks(branches, about.id, forks));
    if (from < count) ask(places.delete(allOf(about.id, from)));
    for (const [index, message] of messages.entries()) ask(places.put(message, [about.id, from + index]));
    ask(tx.objectStore("answers").delete(allOf(about.id)));
    ask(heads.put(kept));
  });
  return { outcome: "kept", head: kept, from };
}

/** Most conversations have none. */
const putForks = (
  store: { put(forks: Fork[], id: string): Promise<unknown>; delete(id: string): Promise<unknown> },
  id: string,
  forks: Fork[],
): Promise<unknown> => (forks.length ? store.put(forks, id) : store.delete(id));

/**
 * Reads another branch from place `at` on.
 * @returns the conversation as it stands then; undefined where there is no such branch, or conversation
 */
export async function readOther(
  db: Connection,
  id: string,
  { at, to, writer }: { at: number; to: number; writer: string },
): Promise<(Path & { head: Head }) | undefined> {
  const tx = db.transaction(["conversations", "messages", "branches"], "readwrite");
  const [conversations, places, branches] = [
    tx.objectStore("conversations"),
    tx.objectStore("messages"),
    tx.objectStore("branches"),
  ] as const;
  const [head, messages, forks] = await Promise.all([
    conversations.get(id),
    places.getAll(allOf(id)),
    branches.get(id),
  ]);
  const path = head && switched({ messages, branches: forks ?? [] }, at, to);
  const changed = path && {
    ...head,
    count: path.messages.length,
    updated: new Date().toISOString(),
    revision: head.revision + 1,
    writer,
  };
  await commit(tx, (ask) => {
    if (!changed) return;
    ask(places.delete(allOf(id, at)));
    for (const [index, message] of path.messages.slice(at).entries())
      ask(places.put(message, [id, at + index]));
    ask(putForks(branches, id, path.branches));
    ask(conversations.put(changed));
  });
  return changed && { ...path, head: changed };
}

/** Keeps a piece of the answer under way; false where the conversation is not there. */
export async function say(db: Connection, id: string, place: number, piece: TurnEvent[]): Promise<boolean> {
  const tx = db.transaction(["conversations", "answers"], "readwrite");
  const known = (await tx.objectStore("conversations").getKey(id)) !== undefined;
  await commit(tx, (ask) => known && ask(tx.objectStore("answers").put(piece, [id, place])));
  return known;
}

/** {@link say} as the page is left: nothing may be waited for. */
export function sayLast(db: Connection, id: string, place: number, piece: TurnEvent[]): void {
  const tx = db.transaction("answers", "readwrite");
  tx.done.catch(() => undefined);
  tx.store.put(piece, [id, place]).catch(() => undefined);
  tx.commit();
}

/** A conversation, and what was said since of an answer under way or broken off. */
export interface Stored extends Path {
  head: Head;
  answer: TurnEvent[];
}

/** @param known what was read of it before: its messages are not read again where they are as they were */
export async function read(db: Connection, id: string, known?: Stored): Promise<Stored | undefined> {
  const tx = db.transaction(["conversations", "messages", "answers", "branches"]);
  const path = async (): Promise<Path> => {
    const [messages, branches = []] = await Promise.all([
      tx.objectStore("messages").getAll(allOf(id)),
      tx.objectStore("branches").get(id),
    ]);
    // An Alcove that knows no branches may have taken back what they belonged to.
    return { messages, branches: within(branches, messages.length) };
  };
  const [head, said, pieces] = await Promise.all([
    tx.objectStore("conversations").get(id),
    known ?? path(),
    tx.objectStore("answers").getAll(allOf(id)),
  ]);
  if (!head) return undefined;
  const same = !known || STATE.every((field) => head[field] === known.head[field]);
  const { messages, branches } = same ? said : await path();
  return { head, messages, branches, answer: pieces.flat() };
}

/** What of a head tells its messages from others. */
const STATE = ["revision", "writer", "created", "updated", "count"] as const;

/** A conversation without its messages. */
export const readHead = (db: Connection, id: string): Promise<Head | undefined> =>
  db.get("conversations", id);

/** How a conversation stands, without its messages. */
export async function look(
  db: Connection,
  id: string,
): Promise<{ head: Head | undefined; deleted: boolean; broken: boolean }> {
  const tx = db.transaction(["conversations", "answers", "deleted"]);
  const [head, piece] = await Promise.all([
    tx.objectStore("conversations").get(id),
    tx.objectStore("answers").getKey(allOf(id)),
  ]);
  const deleted = !head && (await tx.objectStore("deleted").getKey(id)) !== undefined;
  return { head, deleted, broken: piece !== undefined };
}

/**
 * Makes what is left of an answer that broke off a part of the conversation.
 * @returns its head, and by how many messages it has grown; undefined where it is not there
 */
export async function adopt(
  db: Connection,
  id: string,
  why: BrokenOff,
  writer: string,
): Promise<{ head: Head; grown: number } | undefined> {
  const tx = db.transaction(["conversations", "messages", "answers"], "readwrite");
  const heads = tx.objectStore("conversations");
  const places = tx.objectStore("messages");
  const [head, messages, pieces] = await Promise.all([
    heads.get(id),
    places.getAll(allOf(id)),
    tx.objectStore("answers").getAll(allOf(id)),
  ]);
  const all = withAnswer(messages, pieces.flat(), why);
  const adopted = head && { ...head, count: all.length, revision: head.revision + 1, writer };
  await commit(tx, (ask) => {
    ask(tx.objectStore("answers").delete(allOf(id)));
    if (!adopted) return;
    for (const [index, message] of all.entries()) {
      if (message !== messages[index]) ask(places.put(message, [id, index]));
    }
    ask(heads.put(adopted));
  });
  return adopted && { head: adopted, grown: all.length - messages.length };
}

/** Changes a head and nothing else. @returns the head as it is now; undefined where there is none */
export async function change(
  db: Connection,
  id: string,
  changed: (head: Head) => Head,
): Promise<Head | undefined> {
  const tx = db.transaction("conversations", "readwrite");
  const head = await tx.store.get(id);
  const now = head && changed(head);
  await commit(tx, (ask) => now && ask(tx.store.put(now)));
  return now;
}

/** Deletes a conversation for good: no save brings it back. */
export async function remove(db: Connection, id: string): Promise<void> {
  const tx = db.transaction(["conversations", "messages", "answers", "branches", "deleted"], "readwrite");
  await commit(tx, (ask) => {
    ask(tx.objectStore("branches").delete(id));
    ask(tx.objectStore("conversations").delete(id));
    ask(tx.objectStore("messages").delete(allOf(id)));
    ask(tx.objectStore("answers").delete(allOf(id)));
    ask(tx.objectStore("deleted").put(true, id));
  });
}

/** Brings back what {@link remove} took away, as it was. False where one of its id is there again. */
export async function restore(db: Connection, { head, messages, branches }: Stored): Promise<boolean> {
  const tx = db.transaction(["conversations", "messages", "branches", "deleted"], "readwrite");
  const free = (await tx.objectStore("conversations").getKey(head.id)) === undefined;
  await commit(tx, (ask) => {
    if (!free) return;
    ask(tx.objectStore("deleted").delete(head.id));
    // A tab that still has it open must not take it for what it knows.
    ask(tx.objectStore("conversations").put({ ...head, revision: head.revision + 1 }));
    if (branches.length) ask(tx.objectStore("branches").put(branches, head.id));
    for (const [index, message] of messages.entries())
      ask(tx.objectStore("messages").put(message, [head.id, index]));
  });
  return free;
}

/**
 * All heads. Pieces of an answer whose conversation is gone go too: a tab that closes cannot look whether it is there;
 * and its branches, where an Alcove has deleted it that knows none.
 */
export async function heads(db: Connection): Promise<Head[]> {
  const seen = db.transaction(["conversations", "answers", "branches"]);
  const [all, pieces, branched] = await Promise.all([
    seen.objectStore("conversations").getAll(),
    seen.objectStore("answers").getAllKeys(),
    seen.objectStore("branches").getAllKeys(),
  ]);
  const known = new Set(all.map(({ id }) => id));
  const orphans = pieces.filter(([id]) => !known.has(id));
  const gone = branched.filter((id) => !known.has(id));
  if (orphans.length || gone.length) {
    const tx = db.transaction(["answers", "branches"], "readwrite");
    await commit(tx, (ask) => {
      for (const key of orphans) ask(tx.objectStore("answers").delete(key));
      for (const id of gone) ask(tx.objectStore("branches").delete(id));
    });
  }
  return all;
}

/** Adds whole conversations, all or none. */
export async function add(db: Connection, records: readonly TranscriptRecord[]): Promise<Head[]> {
  const tx = db.transaction(["conversations", "messages", "branches", "deleted"], "readwrite");
  const places = tx.objectStore("messages");
  const added = records.map(
    ({ messages, branches: _, ...about }): Head => ({
      ...about,
      count: messages.length,
      revision: 1,
      renamed: true,
      imported: true,
    }),
  );
  await commit(tx, (ask) => {
    for (const head of added) ask(tx.objectStore("conversations").add(head));
    for (const { id, messages, branches } of records) {
      if (branches?.length) ask(tx.objectStore("branches").put(branches, id));
      // Who brings one from a file wants it back.
      ask(tx.objectStore("deleted").delete(id));
      for (const [index, message] of messages.entries()) ask(places.put(message, [id, index]));
    }
  });
  return added;
}

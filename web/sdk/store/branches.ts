/**
 * What a conversation says otherwise: where a message was edited, or an answer was asked for again, what stood there is
 * kept as a branch, and so is what that had in its turn.
 */
import type { Fork, TranscriptMessage } from "../../../workers/python/protocol.ts";

/** What is read from the first message to the last, and where it might go on otherwise. */
export interface Path {
  messages: TranscriptMessage[];
  branches: Fork[];
}

/** How the conversation stands at one message: what stands there in each branch, in the order in which they came. */
export interface Alternatives {
  /** The place among `messages` of the one that is read. */
  current: number;
  /** Undefined where nothing stands in a branch: its answer never came. */
  messages: (TranscriptMessage | undefined)[];
}

const forkAt = (path: Path, at: number): Fork =>
  path.branches.find((fork) => fork.at === at) ?? { at, current: 0, others: [] };

/** All branches from place `at` on, the one that is read among them. */
function branchesFrom(path: Path, at: number): Path[] {
  const { current, others } = forkAt(path, at);
  const read = { messages: path.messages.slice(at), branches: path.branches.filter((fork) => fork.at > at) };
  return [...others.slice(0, current), read, ...others.slice(current)];
}

/** The path that reads branch `chosen` of `all` from place `at` on. A branch in which nothing stands is let go. */
function reading(path: Path, at: number, all: readonly Path[], chosen: Path): Path {
  const kept = all.filter((branch) => branch === chosen || branch.messages.length > 0);
  const others = kept.filter((branch) => branch !== chosen);
  const before = path.branches.filter((fork) => fork.at < at);
  const fork = others.length ? [{ at, current: kept.indexOf(chosen), others }] : [];
  return {
    messages: [...path.messages.slice(0, at), ...chosen.messages],
    branches: [...before, ...fork, ...chosen.branches],
  };
}

/** What stands from place `at` on becomes a branch; after it another one begins, in which nothing stands yet. */
function setAside(path: Path, at: number): Path {
  const fresh = { messages: [], branches: [] };
  return reading(path, at, [...branchesFrom(path, at), fresh], fresh);
}

/** Reads branch `to` from place `at` on; undefined where there is none. */
export function switched(path: Path, at: number, to: number): Path | undefined {
  const isPlace = Number.isInteger(at) && at >= 0 && at <= path.messages.length;
  const all = isPlace ? branchesFrom(path, at) : [];
  const chosen = all[to];
  return chosen && reading(path, at, all, chosen);
}

export function alternatives(path: Path, at: number): Alternatives {
  const messages = branchesFrom(path, at).map((branch) => branch.messages[0]);
  return { current: forkAt(path, at).current, messages };
}

const placesOfUser = (messages: readonly TranscriptMessage[]): number[] =>
  messages.flatMap(({ role }, place) => (role === "user" ? [place] : []));

/** With all that its branches have in their turn. */
const moved = ({ at, current, others }: Fork, by: number): Fork => ({
  at: at + by,
  current,
  others: others.map(({ messages, branches }) => ({
    messages,
    branches: branches.map((fork) => moved(fork, by)),
  })),
});

/**
 * The forks of `path` when `messages` stand from place `from` on, those from place `aside` on being set aside before.
 * Python gives calls a result that never got one, also far in front of what is new: a fork stays at its message then.
 */
export function forksAfter(
  path: Path,
  {
    from,
    messages,
    aside,
  }: { from: number; messages: readonly TranscriptMessage[]; aside?: number | undefined },
): Fork[] {
  const { branches } = aside === undefined ? path : setAside(path, aside);
  const asked = placesOfUser(path.messages);
  const askedNow = placesOfUser([...path.messages.slice(0, from), ...messages]);
  const placeNow = (at: number): number => {
    const before = asked.filter((place) => place < at).length;
    if (at <= from || (before === 0 && asked[0] !== at)) return at;
    // It is a message of the person's; or so far behind one.
    const [number, behind] = asked[before] === at ? [before, 0] : [before - 1, at - (asked[before - 1] ?? 0)];
    return (askedNow[number] ?? Number.POSITIVE_INFINITY) + behind;
  };
  const count = from + messages.length;
  const there = branches.map((fork) => {
    // What is set aside is never lost.
    const at = fork.at === aside ? Math.min(placeNow(fork.at), count) : placeNow(fork.at);
    return at === fork.at ? fork : moved(fork, at - fork.at);
  });
  return within(there, count);
}

/** Those that begin inside of a conversation of `count` messages, or at its end: others went with what was taken back. */
export const within = (branches: readonly Fork[], count: number): Fork[] =>
  branches.filter(({ at }) => at <= count);

/**
 * The path without the messages from place `from` to `to`, and without what branched off inside of them; what was said
 * otherwise in the place of the first stays to be had.
 */
export function without({ messages, branches }: Path, from: number, to: number): Path {
  const rest = messages.slice(to);
  const before = branches.filter(({ at }) => at <= from);
  const after = branches.filter(({ at }) => at >= to).map((fork) => moved(fork, from - to));
  const [here, next] = [before.at(-1), after[0]];
  // What was said otherwise in its place, and in that of what follows it, are told apart no longer.
  const isOne = here?.at === from && next?.at === from;
  const forks = isOne
    ? [...before.slice(0, -1), joined(here, next), ...after.slice(1)]
    : [...before, ...after];
  const left = { messages: [...messages.slice(0, from), ...rest], branches: forks };
  // An empty conversation is in no list: what else it says is read then.
  const { current = 0 } = forks[0] ?? {};
  return left.messages.length ? left : (switched(left, 0, current ? current - 1 : 1) ?? left);
}

const joined = (here: Fork, next: Fork): Fork => ({
  at: next.at,
  current: here.others.length + next.current,
  others: [...here.others, ...next.others],
});

/** Adds the conversations of a file, batch by batch, and takes them away again where it fails. */
import type { FileReading } from "../../../workers/importing/client.ts";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { checked, equal, type ImportReport } from "./archive.ts";
import { notKept } from "./failures.ts";

/** What is asked of the store. */
interface Kept {
  signal: AbortSignal | undefined;
  /** All that are here, and when they began. */
  created(): { id: string; created: string }[];
  has(id: string): boolean;
  get(id: string): Promise<TranscriptRecord | undefined>;
  /** All or none. */
  add(records: readonly TranscriptRecord[]): Promise<void>;
  remove(id: string): Promise<void>;
}

/** @throws AlcoveError see `Conversations.import` */
export async function importFile(file: Blob, reading: FileReading, kept: Kept): Promise<ImportReport> {
  const report: ImportReport = { added: [], skipped: [], refused: [] };
  const next = () => (kept.signal ? beforeAbort(reading.next(), kept.signal) : reading.next());
  /** Those of `report.added` that are kept. */
  let there = 0;
  try {
    await reading.open(file);
    for (let found = await next(); found; found = await next()) {
      const records = new Map<string, TranscriptRecord>();
      for (const each of found) {
        const record = "record" in each ? checked(each.record) : each.reason;
        if (typeof record !== "string") await take(record, records, report, kept);
        else report.refused.push({ title: titleIn(each), reason: record });
      }
      await kept.add([...records.values()]).catch((thrown) => {
        throw notKept(thrown);
      });
      there = report.added.length;
    }
  } catch (thrown) {
    // One that cannot be deleted now can be deleted by the person.
    for (const id of report.added.slice(0, there)) await kept.remove(id).catch(() => undefined);
    throw thrown;
  } finally {
    reading.close();
  }
  return report;
}

const MOST_TITLE = 100;

function titleIn(found: { record: unknown } | { title: string }): string {
  const { title } = "title" in found ? found : ((found.record ?? {}) as { title?: unknown });
  return typeof title === "string" ? title.slice(0, MOST_TITLE) : "";
}

/** @param records what else is about to be added */
async function take(
  record: TranscriptRecord,
  records: Map<string, TranscriptRecord>,
  report: ImportReport,
  kept: Kept,
): Promise<void> {
  const get = async (id: string) => records.get(id) ?? (kept.has(id) ? await kept.get(id) : undefined);
  const here = await get(record.id);
  const same = here && (equal(here, record) ? here : await twin(record, records, get, kept));
  if (same) {
    report.skipped.push(same.id);
    return;
  }
  const id = here ? crypto.randomUUID() : record.id;
  records.set(id, { ...record, id });
  report.added.push(id);
}

/** One that an earlier import, or this one, put beside another of its id. */
async function twin(
  record: TranscriptRecord,
  records: ReadonlyMap<string, TranscriptRecord>,
  get: (id: string) => Promise<TranscriptRecord | undefined>,
  kept: Kept,
): Promise<TranscriptRecord | undefined> {
  const all = [...kept.created(), ...records.values()];
  for (const { id } of all.filter(({ created }) => created === record.created)) {
    const other = await get(id);
    if (other && equal(other, record)) return other;
  }
  return undefined;
}

/**
 * A disk may fall silent without an error: a drive that was unplugged, a share whose server sleeps. What asks it then
 * ends, so that nothing waits for it for ever, nor for a lock that was held meanwhile.
 */
import { AwakeTimer } from "../wire/awake.ts";

/** The longest single thing that is asked of a disk is the writing of one large file. */
const SILENT_MS = 60_000;

export class SilentDisk extends Error {}

/**
 * @param work calls `beat` whenever the disk has answered; where that comes too late, `beat` throws and ends what is left
 *   of the work
 * @throws SilentDisk when no answer came for a minute; else what the work throws
 */
export function whileItAnswers<T>(work: (beat: () => void) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let late: SilentDisk | undefined;
    const timer = new AwakeTimer(() => {
      late = new SilentDisk("The disk does not answer.");
      reject(late);
    });
    const beat = () => {
      if (late) throw late;
      timer.start(SILENT_MS);
    };
    beat();
    work(beat)
      .then(resolve, reject)
      .finally(() => timer.stop());
  });
}

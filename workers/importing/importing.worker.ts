/** Reads files of conversations, apart from the page: they may be large. */
import { serveWorker } from "../wire/link.ts";
import type { Found, ImportingProtocol } from "./protocol.ts";
import { batches } from "./reading.ts";

let reading: AsyncGenerator<Found[]> | null = null;

serveWorker<ImportingProtocol>({
  open: ({ file }) => {
    reading = batches(file);
  },
  next: async () => {
    const { value, done } = (await reading?.next()) ?? { done: true as const, value: undefined };
    return done ? null : value;
  },
});

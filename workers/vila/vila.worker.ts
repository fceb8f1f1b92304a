/** Sends frames to a ViLA server: JPEG, base64 and the connection stay off the page's thread. */
import { AlcoveError } from "../wire/errors.ts";
import { allow } from "../wire/gate.ts";
import { serveWorker } from "../wire/link.ts";
import type { CallContext } from "../wire/rpc.ts";
import { Connection } from "./connection.ts";
import { jpegBase64 } from "./jpeg.ts";
import type { StreamItem, StreamRequest, StreamStatus, VilaProtocol } from "./protocol.ts";
import { Sender } from "./sender.ts";

/** How often the figures are told. */
const TELL_MS = 500;

let running: { connection: Connection; sender: Sender } | null = null;

async function stream(request: StreamRequest, { signal, emit }: CallContext<StreamItem>): Promise<void> {
  if (running) throw new AlcoveError("busy", "This stream runs already.");
  allow(request.url);
  let standing: Pick<StreamStatus, "state" | "error" | "retryInMs"> = { state: "connecting" };
  let replies = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const connection = new Connection(request.url, {
    onState: (state, error, retryInMs) => {
      standing = {
        state,
        ...(error ? { error: error.toData() } : {}),
        ...(retryInMs === undefined ? {} : { retryInMs }),
      };
      tell();
      if (state === "ended") end();
    },
    onCaption: (text) => {
      replies += 1;
      emit({ type: "caption", text });
    },
  });
  const sender = new Sender(request, connection, jpegBase64, () => emit({ type: "want" }));
  const tell = () => {
    const { sent, skipped } = sender;
    emit({ type: "status", status: { ...standing, sent, skipped, replies } });
  };
  running = { connection, sender };
  signal.addEventListener("abort", () => connection.close());
  connection.start();
  const timers = [
    setInterval(() => sender.tick(performance.now()), 1000 / request.fps),
    setInterval(tell, TELL_MS),
  ];
  await ended;
  for (const timer of timers) clearInterval(timer);
  running = null;
}

globalThis.addEventListener("online", () => running?.connection.wake());

serveWorker<VilaProtocol>({
  stream,
  frame: ({ frame, at }) => {
    if (running) running.sender.take(frame, at);
    else frame?.close();
  },
  wake: () => running?.connection.wake(),
  encode: ({ frame, ...format }) => jpegBase64(frame, format),
});

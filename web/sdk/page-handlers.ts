/** What Python's worker asks of the page while it runs: to keep, to load, to run a tool, to look. */
import type { ModelSpec } from "../../workers/engine/contract.ts";
import type { PageProtocol } from "../../workers/python/protocol.ts";
import type { Handlers } from "../../workers/wire/rpc.ts";
import type { RoleEngine } from "./engines/role.ts";
import type { StatusBoard } from "./engines/status.ts";
import { loadStatus } from "./engines/supervisor.ts";
import type { Home } from "./home/home.ts";
import type { Models } from "./models/catalogue.ts";
import { nearModels } from "./models/near.ts";
import { sees } from "./models/sees.ts";
import type { Seeing } from "./python-asks.ts";
import type { Talking } from "./python-voice.ts";
import type { ChatSession } from "./sessions/chat.ts";

interface Answering {
  /** Its parts, once it is open: Python may ask earlier. */
  alcove: () => Promise<Seeing & Talking & { models: Models; home: Home }>;
  /** @throws AlcoveError bad-request for one that is not open */
  session: (id: string) => Promise<ChatSession>;
  sessions: () => Promise<Iterable<ChatSession>>;
  /** The model of this id that writes text, or the one for whoever names none. */
  writer: (id: string | undefined) => Promise<ModelSpec>;
  chat: () => RoleEngine;
  board: StatusBoard;
}

export function pageHandlers(of: Answering): Handlers<PageProtocol> {
  let waitsTold = 0;
  return {
    save: async (delta) => (await of.session(delta.id)).keep(delta),
    callTool: async ({ session, name, input }) => (await of.session(session)).callTool(name, input),
    ensureModel: async ({ model }, { signal }) => {
      // A provider of somebody's own plan may name no model.
      await of.chat().ensure(await of.writer(model || undefined), signal);
    },
    engineWaits: async ({ waits }) => {
      const told = ++waitsTold;
      const { name } = waits ? await (await of.alcove()).models.find(waits.model) : { name: "" };
      if (told === waitsTold) of.board.report("chat", waits && loadStatus({ name }, waits.progress));
    },
    see: async (request, { signal }) => {
      if (request.session) of.board.report("turn", { phase: "thinking", text: "Looking at the picture" });
      return (await import("./python-asks.ts")).see(await of.alcove(), request, signal);
    },
    diskTrouble: async ({ trouble }) => (await of.alcove()).home.hear(trouble),
    hear: async (request, { signal }) =>
      (await import("./python-voice.ts")).hear(await of.alcove(), request, signal),
    say: async (request, { signal }) =>
      (await import("./python-voice.ts")).say(await of.alcove(), request, signal),
    capture: async (request, { signal }) => (await import("./python-asks.ts")).capture(request, signal),
    videoFrame: async (request) => (await import("./vila/python-camera.ts")).videoFrame(request),
    listModels: async () => {
      const { loaded } = of.chat();
      const models = await nearModels((await of.alcove()).models, loaded?.id, await of.sessions());
      return {
        models: models.map((spec) => {
          const { id, name, context, engine } = spec;
          return { id, name, context, engine, sees: sees(spec) };
        }),
        loaded,
      };
    },
  };
}

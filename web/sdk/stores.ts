/** What Alcove keeps on this device, opened: conversations, settings, models, Python's home, agents. */
import type { PythonClient } from "../../workers/python/client.ts";
import { Agents } from "./agents/agents.ts";
import { type Capabilities, detectCapabilities } from "./capabilities.ts";
import type { Roster } from "./engines/roster.ts";
import { Home } from "./home/home.ts";
import { Models } from "./models/catalogue.ts";
import { Conversations } from "./store/conversations.ts";
import { Database, usable } from "./store/database.ts";
import { Settings } from "./store/settings.ts";
import { storeWorkers } from "./store/workers.ts";

export interface Stores {
  capabilities: Capabilities;
  conversations: Conversations;
  settings: Settings;
  home: Home;
  models: Models;
  agents: Agents;
}

/** @param given `agent`: the address of the site's own agent, where it is built for one */
export async function openStores(given: {
  python: PythonClient;
  roster: Roster;
  base: string;
  mirror: string | undefined;
  agent: string | undefined;
}): Promise<Stores> {
  const { python, roster, base, mirror, agent } = given;
  const db = await usable(Database.find());
  const conversations = new Conversations(db, storeWorkers(base));
  const capabilities = await detectCapabilities(conversations.persistent);
  const settings = new Settings(db);
  return {
    capabilities,
    conversations,
    settings,
    home: new Home(python, conversations, settings),
    models: new Models({ roster, settings, capabilities, base, mirror }),
    agents: new Agents(settings, python, agent ? new URL(agent, base) : undefined),
  };
}

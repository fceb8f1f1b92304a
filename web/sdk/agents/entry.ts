/** What is told of an agent. */
import type { BundleReport } from "../../../workers/python/protocol.ts";

/** An agent, and what was found when it was added: what of it is mounted, what is refused and why, what it costs. */
export interface AgentEntry extends BundleReport {
  id: string;
  /** It comes with the site, and cannot be changed or removed. */
  builtIn: boolean;
  /** On this device. */
  bytes: number;
  /** Milliseconds since 1970; 0 for one that comes with the site. */
  added: number;
}

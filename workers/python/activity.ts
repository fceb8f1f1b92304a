/** What happens in a session, and whose it is. */

/** A sub-agent: its session's id, its name, and the id of the session that it works for. */
export interface Agent {
  id: string;
  name: string;
  parent: string;
}

/** One event of Amplifier, as `py_app/activity.py` records it. */
export interface ActivityEntry {
  /** Its name in Amplifier: `tool:pre`, say. */
  event: string;
  /** ISO 8601. */
  time: string;
  /** The session's, or a sub-session's. */
  session: string | null;
  /** Whose session it is, where it is not the conversation's own. */
  agent?: Agent;
  /** Since what it ends began. */
  seconds?: number;
  /** Of the prompt and the answer together. */
  tokens?: number;
  /** Which provider answered. */
  engine?: string;
  /** What the event says, without secrets; long texts are cut. */
  data: Record<string, unknown>;
}

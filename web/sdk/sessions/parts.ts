/** What Alcove gives a session to work with. */
import type { PythonClient } from "../../../workers/python/client.ts";
import type { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Choice } from "../models/choice.ts";
import type { Conversations } from "../store/conversations.ts";
import type { PageWork } from "../tools/call.ts";
import type { Permissions } from "./permissions.ts";

export interface SessionParts extends PageWork {
  python: PythonClient;
  store: Conversations;
  permissions: Permissions;
  onClose: () => void;
  /** What answers instead after an engine failed with `error`; null when nothing may. */
  fallback: (error: AlcoveError) => Choice | null;
}

/** What the page needs once it is drawn: its script is no part of the first load. */
import "./page/first/welcome.ts";
import "./page/installed/away-notices.ts";
import { takeIncoming } from "./page/installed/incoming.ts";
import { offerInstall } from "./page/installed/install.ts";
import type { AlcoveApp } from "./page/shell/app.ts";
import type { Alcove } from "./sdk/index.ts";

// It comes once, not long after the page.
addEventListener("beforeinstallprompt", offerInstall);

/** Takes what other programs hand over, and prepares for being offline once Alcove runs, or could not start. */
export async function accompany(app: AlcoveApp, opening: Promise<Alcove>): Promise<void> {
  takeIncoming(app.workbench).catch((thrown) => console.warn("What was shared could not be taken.", thrown));
  let alcove: Alcove | null = null;
  try {
    alcove = await opening;
    await alcove.ready;
  } catch {
    alcove = null;
  }
  await prepareOffline(app, alcove).catch((thrown) =>
    console.warn("Alcove is not prepared for being offline.", thrown),
  );
}

/** @param alcove null where it did not start: what is kept of the site may be why */
async function prepareOffline(app: AlcoveApp, alcove: Alcove | null): Promise<void> {
  const { Offline } = await import("./page/offline/register.ts");
  const offline = new Offline();
  app.offline = offline;
  offline.addEventListener("change", () => app.requestUpdate());
  await (alcove ? offline.prepare(alcove) : offline.repair());
}

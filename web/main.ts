/** The page's start: draw at once, open Alcove behind it, and prepare for being offline once it runs. */

import { closeGate } from "../workers/wire/gate.ts";
import { startLanguage } from "./page/kit/language.ts";
import { LANGUAGES } from "./page/languages/languages.ts";
import { loadRenderer } from "./page/markdown/view.ts";
import { AlcoveApp } from "./page/shell/app.ts";
import { setPageState } from "./page/shell/page-state.ts";
import { TABS } from "./page/shell/tabs.ts";
import { choices } from "./page/state/choices.ts";
import { SITE } from "./page/state/site.ts";
import { Workbench } from "./page/state/workbench.ts";
import { type Alcove, openAlcove } from "./sdk/index.ts";

declare global {
  interface Window {
    /** The instance that this page uses. */
    alcove: Alcove;
  }
}

closeGate();
choices.show();
setPageState(false, false);

const spoken = startLanguage(LANGUAGES);
const mirror = document.querySelector<HTMLMetaElement>('meta[name="alcove-mirror"]')?.content;
const opening = openAlcove({ mirror, agent: SITE?.url });
const app = new AlcoveApp();
app.workbench = new Workbench(
  opening,
  TABS.map(({ address }) => address),
);
// In a task of its own: with what the scripts and Alcove's start take, this one is long enough.
setTimeout(async () => {
  await spoken;
  document.querySelector("#app")?.replaceChildren(app);
});

void start();

async function start(): Promise<void> {
  let alcove: Alcove | null = null;
  try {
    alcove = await opening;
    window.alcove = alcove;
    await alcove.ready;
    const show = () => setPageState(true, false);
    addEventListener("online", show);
    addEventListener("offline", show);
    show();
    // These wait for the session, so that they do not slow the first start.
    void loadRenderer().catch(() => undefined);
  } catch {
    // The workbench shows what failed.
    setPageState(false, true);
    alcove = null;
  }
  await prepareOffline(alcove).catch((thrown) =>
    console.warn("Alcove is not prepared for being offline.", thrown),
  );
}

/** @param alcove null where it did not start: what is kept of the site may be why */
async function prepareOffline(alcove: Alcove | null): Promise<void> {
  const { Offline } = await import("./page/offline/register.ts");
  const offline = new Offline();
  app.offline = offline;
  offline.addEventListener("change", () => app.requestUpdate());
  await (alcove ? offline.prepare(alcove) : offline.repair());
}

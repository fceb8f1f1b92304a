/** The page's start: draw at once, open Alcove behind it, and prepare for being offline once it runs. */

import { closeGate } from "../workers/wire/gate.ts";
import { loadRenderer } from "./page/markdown/view.ts";
import { Offline } from "./page/offline/register.ts";
import { AlcoveApp } from "./page/shell/app.ts";
import { setPageState } from "./page/shell/page-state.ts";
import { TABS } from "./page/shell/tabs.ts";
import { applyTheme, currentTheme } from "./page/shell/theme.ts";
import { Workbench } from "./page/state/workbench.ts";
import { openAlcove } from "./sdk/index.ts";

declare global {
  interface Window {
    /** The instance that this page uses. */
    alcove: Awaited<ReturnType<typeof openAlcove>>;
  }
}

closeGate();
applyTheme(currentTheme());
setPageState(false, false);

const mirror = document.querySelector<HTMLMetaElement>('meta[name="alcove-mirror"]')?.content;
const opening = openAlcove({ mirror });
const offline = new Offline();
const app = new AlcoveApp();
app.workbench = new Workbench(
  opening,
  TABS.map(({ address }) => address),
);
app.offline = offline;
document.querySelector("#app")?.replaceChildren(app);

void start();

async function start(): Promise<void> {
  try {
    const alcove = await opening;
    window.alcove = alcove;
    await alcove.ready;
    const show = () => setPageState(true, false);
    addEventListener("online", show);
    addEventListener("offline", show);
    show();
    // Both wait for the session, so that they do not slow the first start.
    void loadRenderer().catch(() => undefined);
    await offline.prepare(alcove);
  } catch {
    // The workbench shows what failed.
    setPageState(false, true);
    await offline.repair();
  }
}

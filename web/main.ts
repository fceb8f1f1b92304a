/** The page's start: draw at once, and open Alcove behind it; what can wait is in `later.ts`. */

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
  void import("./later.ts").then(({ accompany }) => accompany(app, opening));
});

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
    // It waits for the session, so that it does not slow the first start.
    void loadRenderer().catch(() => undefined);
  } catch {
    // The workbench shows what failed.
    setPageState(false, true);
  }
}

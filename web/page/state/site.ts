/** The agent that this page is, where the site was built around one (`build_steps/agent.py`). */

interface SiteAgent {
  /** Address of its bundle, relative to the site. */
  url: string;
  name: string;
  description: string;
  /** The rest of the workbench is there too. */
  workbench: boolean;
}

/** Null for Alcove itself. */
export const SITE: SiteAgent | null = read();

function read(): SiteAgent | null {
  const said = globalThis.document?.querySelector<HTMLMetaElement>('meta[name="alcove-agent"]')?.content;
  return said ? (JSON.parse(said) as SiteAgent) : null;
}

/** What the page calls itself. */
export const NAME = SITE?.name ?? "Alcove";

/** Whom a new conversation is with. */
export const SITE_AGENT = SITE ? { id: "site", name: SITE.name } : undefined;

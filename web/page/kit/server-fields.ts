/** Where a server of the person's is, and its key: fields "url" and "key" of a form. */
import { html, type TemplateResult } from "lit";
import { w } from "./models/list-words.ts";

interface ServerFields {
  /** What ids and test ids begin with. */
  name: string;
  /** An address, as an example. */
  example: string;
  /** What is kept of it. */
  url: string | undefined;
  hasKey: boolean | undefined;
}

export const serverFields = ({ name, example, url, hasKey }: ServerFields): TemplateResult => html`
  <label>
    ${w.address}
    <input
      class="field"
      type="text"
      inputmode="url"
      autocapitalize="off"
      spellcheck="false"
      name="url"
      data-testid=${`${name}-url`}
      required
      autocomplete="off"
      placeholder=${example}
      .value=${url ?? ""}
    />
  </label>
  <label>
    ${w.key}
    <input
      class="field"
      type="password"
      name="key"
      data-testid=${`${name}-key`}
      autocomplete="off"
      aria-describedby=${`${name}-key-hint`}
      placeholder=${hasKey ? w.keyKept : w.noKey}
    />
  </label>
  <p class="hint" id=${`${name}-key-hint`}>${w.keyStays}</p>
`;

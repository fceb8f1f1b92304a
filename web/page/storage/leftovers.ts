/** What lies here and is of little use: files of no whole model, halves that nobody waits for, prompts that were kept. */
import { html, nothing, type TemplateResult } from "lit";
import type { StorageItem } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { question } from "./asking.ts";
import { KIND_NAMES, weight } from "./words.ts";

interface Leftovers {
  /** Files of models that are not here as a whole. */
  lost: readonly StorageItem[];
  halves: readonly StorageItem[];
  /** Bytes of all of them. */
  keptPrompts: number;
}

interface LeftoverActions {
  /** `key` is an item's id, or "keptPrompts". */
  ask(key: string): void;
  keep(): void;
  /** Downloads a model again, where it can be. */
  again(model: string): (() => void) | undefined;
  /** Without an id everything of the kind goes. */
  remove(kind: "models" | "halves" | "keptPrompts", id?: string): void;
}

export function leftovers(
  { lost, halves, keptPrompts }: Leftovers,
  asked: string | null,
  failures: ReadonlyMap<string, Failure>,
  actions: LeftoverActions,
): TemplateResult | typeof nothing {
  if (!lost.length && !halves.length && !keptPrompts) return nothing;
  const about = (key: string, testId: string, words: string, confirm: () => void): Row => ({
    asked: asked === key,
    failure: failures.get(key),
    words,
    testId,
    ask: () => actions.ask(key),
    keep: () => actions.keep(),
    confirm,
  });
  return html`<section aria-labelledby="storage-leftovers">
    <h2 id="storage-leftovers">What else can go</h2>
    <ul class="models" data-testid="leftovers">
      ${lost.map(({ id, name, bytes, damaged, model }) =>
        row(name, `${weight(bytes)}, ${why(damaged, model)}`, {
          ...about(id, "lost", `Delete this file of ${name}?`, () => actions.remove("models", id)),
          again: damaged && model ? actions.again(model) : undefined,
        }),
      )}
      ${halves.map(({ id, name, bytes }) =>
        row(
          name,
          `${weight(bytes)} of a download that did not end`,
          about(id, "half", `Delete what came of ${name}? Its download begins anew then.`, () =>
            actions.remove("halves", id),
          ),
        ),
      )}
      ${
        keptPrompts
          ? row(
              KIND_NAMES.keptPrompts,
              `${weight(keptPrompts)}; they tell what was said`,
              about(
                "keptPrompts",
                "kept-prompts",
                "Delete all kept prompts? Your conversations stay; the next answer in each begins a little later.",
                () => actions.remove("keptPrompts"),
              ),
            )
          : nothing
      }
    </ul>
  </section>`;
}

function why(damaged: boolean | undefined, model: string | undefined): string {
  if (damaged) return "damaged: nothing loads it any more";
  return model ? "nothing here can load it" : "of no model that Alcove knows";
}

interface Row {
  asked: boolean;
  failure: Failure | undefined;
  words: string;
  testId: string;
  ask(): void;
  keep(): void;
  confirm(): void;
  /** Downloads it again, where that mends it. */
  again?: (() => void) | undefined;
}

const row = (
  name: string,
  facts: string,
  { asked, failure, ask, again, ...rest }: Row,
): TemplateResult => html`<li class="model storage-leftover" data-testid=${rest.testId} aria-label=${name}>
  <div>
    <h3>${name}</h3>
    <p class="model-facts"><span>${facts}</span></p>
  </div>
  ${failure ? failureLine(failure, `${rest.testId}-failure`) : nothing}
  ${
    asked
      ? question({ ...rest, yes: "Delete" })
      : html`<div class="storage-buttons">
          ${
            again
              ? html`<button
                  type="button"
                  class="button"
                  data-testid="${rest.testId}-again"
                  aria-label="Download ${name} again"
                  @click=${again}
                >
                  Download again
                </button>`
              : nothing
          }
          <button
            type="button"
            class="button"
            data-testid="${rest.testId}-delete"
            aria-label="Delete ${name}"
            @click=${ask}
          >
            Delete
          </button>
        </div>`
  }
</li>`;

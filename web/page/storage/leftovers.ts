/** What lies here and is of little use: files of no whole model, halves that nobody waits for, prompts that were kept. */
import { html, nothing, type TemplateResult } from "lit";
import type { StorageItem } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { question } from "./asking.ts";
import { kindNames, w, weight } from "./words.ts";

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
    <h2 id="storage-leftovers">${w.leftovers}</h2>
    <ul class="models" data-testid="leftovers">
      ${lost.map(({ id, name, bytes, damaged, model }) =>
        row(name, why(weight(bytes), damaged, model), {
          ...about(id, "lost", w.deleteLost({ name }), () => actions.remove("models", id)),
          again: damaged && model ? actions.again(model) : undefined,
        }),
      )}
      ${halves.map(({ id, name, bytes }) =>
        row(
          name,
          w.half({ size: weight(bytes) }),
          about(id, "half", w.deleteHalf({ name }), () => actions.remove("halves", id)),
        ),
      )}
      ${
        keptPrompts
          ? row(
              kindNames.keptPrompts,
              w.prompts({ size: weight(keptPrompts) }),
              about("keptPrompts", "kept-prompts", w.deletePrompts, () => actions.remove("keptPrompts")),
            )
          : nothing
      }
    </ul>
  </section>`;
}

function why(size: string, damaged: boolean | undefined, model: string | undefined): string {
  if (damaged) return w.damaged({ size });
  return model ? w.unloadable({ size }) : w.unknown({ size });
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
      ? question({ ...rest, yes: w.delete })
      : html`<div class="storage-buttons">
          ${
            again
              ? html`<button
                  type="button"
                  class="button"
                  data-testid="${rest.testId}-again"
                  aria-label=${w.downloadItAgain({ name })}
                  @click=${again}
                >
                  ${w.downloadAgain}
                </button>`
              : nothing
          }
          <button
            type="button"
            class="button"
            data-testid="${rest.testId}-delete"
            aria-label=${w.deleteIt({ name })}
            @click=${ask}
          >
            ${w.delete}
          </button>
        </div>`
  }
</li>`;

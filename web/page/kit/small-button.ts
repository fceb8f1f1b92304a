import { html, type TemplateResult } from "lit";

interface SmallButton {
  icon: TemplateResult;
  testId: string;
  /** What it does, for screen readers. */
  label: string;
  /** The same, shorter, where the place tells the rest. */
  title?: string;
  disabled?: boolean;
}

/** A button that is its icon alone, beside what it acts on. */
export const smallButton = (
  { icon, testId, label, title = label, disabled = false }: SmallButton,
  press: (event: Event) => void,
): TemplateResult => html`<button
  type="button"
  class="icon-button small"
  data-testid=${testId}
  aria-label=${label}
  title=${title}
  ?disabled=${disabled}
  @click=${press}
>
  ${icon}
</button>`;

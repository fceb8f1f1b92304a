/** Which branch is read from a message on, and the way to those beside it: ‹ 2/3 ›. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import type { ShownFork } from "../state/forks.ts";
import { w } from "./words/parts.ts";

class BranchPager extends LightElement {
  static override properties = { fork: { attribute: false }, choose: { attribute: false } };
  declare fork: ShownFork;
  declare choose: (to: number) => void;

  override render() {
    const { current, count } = this.fork;
    const step = (to: number, testId: string, label: string) =>
      smallButton({ icon: icons.chevron, testId, label, disabled: to < 0 || to >= count }, () =>
        this.choose(to),
      );
    return html`${step(current - 1, "branch-before", w.versionBefore)}
      <span data-testid="branch" role="status" aria-label=${w.version({ current: current + 1, count })}>
        ${current + 1}/${count}
      </span>
      ${step(current + 1, "branch-after", w.versionAfter)}`;
  }
}

customElements.define("branch-pager", BranchPager);

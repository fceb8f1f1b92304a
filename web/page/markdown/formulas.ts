/** Draws maths. What draws it comes with the first formula; until then, and where it cannot, the source stands there. */
import { inlineFormula } from "./maths-syntax.ts";
import { drawInSlices } from "./slices.ts";

type Maths = typeof import("./maths.ts");

let maths: Maths | null = null;
let loading: Promise<Maths> | null = null;

/** Puts the formula in the place of its source, at once where that can be, or when it can. */
export function drawFormula(source: HTMLElement): void {
  const text = source.textContent ?? "";
  const formula = inlineFormula(text);
  // It has no end yet.
  if (!formula || formula.raw !== text) return;
  const { tex, display } = formula;
  if (maths) replace(source, maths.formula(tex, display));
  else
    void bring().then(
      (module) =>
        drawInSlices(() => {
          if (source.isConnected) replace(source, module.formula(tex, display));
          return false;
        }),
      () => undefined,
    );
}

function bring(): Promise<Maths> {
  loading ??= import("./maths.ts").then(
    (module) => {
      maths = module;
      return module;
    },
    (thrown) => {
      loading = null;
      throw thrown;
    },
  );
  return loading;
}

function replace(source: HTMLElement, drawn: Element | null): void {
  if (drawn) source.replaceWith(drawn);
}

/** What was said, in the order in which it was said. Answers are Markdown, sanitised; all else is plain text. */
import { AlcoveError } from "../sdk/index.ts";
import type { ElementWords } from "./words.ts";

type Kind = "person" | "answer" | "notice" | "failure";

interface Entry {
  append(text: string): void;
  /** What has come so far stays, whatever is taken back later. */
  settle(): void;
  /** Takes back what came since then: it was no part of the answer. */
  takeBack(): void;
  /** Draws it as what it is, when it has all come. */
  done(): Promise<void>;
}

export interface Log {
  readonly element: HTMLElement;
  /** @param earlier it was said before this tag was there */
  add(kind: Kind, text: string, earlier?: boolean): Entry;
  put(element: HTMLElement): void;
  /** Takes away all but the greeting. */
  clear(): void;
}

const NEAR_PX = 40;

export function newLog(greeting: string): Log {
  const element = Object.assign(document.createElement("div"), { className: "log", tabIndex: 0 });
  element.setAttribute("role", "log");
  /** Changes what is there; whoever reads the end goes on reading it. */
  const keepingUp = (change: () => void): void => {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    change();
    if (atEnd) element.scrollTop = element.scrollHeight;
  };
  /** Between what was said earlier, which may be known later, and what is said now. */
  const now = document.createComment("");
  const put = (child: HTMLElement) => keepingUp(() => element.append(child));
  const add = (kind: Kind, text: string, earlier = false): Entry => {
    const place = Object.assign(document.createElement("div"), { className: kind, textContent: text });
    let whole = text;
    let settled = 0;
    if (earlier) keepingUp(() => now.before(place));
    else put(place);
    return {
      append: (piece) => {
        whole += piece;
        keepingUp(() => place.append(piece));
      },
      settle: () => {
        settled = whole.length;
      },
      takeBack: () => {
        whole = whole.slice(0, settled);
        keepingUp(() => {
          place.textContent = whole;
        });
      },
      done: async () => {
        if (whole === "") return place.remove();
        // Where it cannot be had, the answer stays as it came.
        const renderer = await import("../page/markdown/render.ts").catch(() => undefined);
        if (!renderer) return;
        keepingUp(() => place.replaceChildren(renderer.draw(whole, {})));
        place.classList.add("drawn");
      },
    };
  };
  const clear = () => {
    element.replaceChildren();
    if (greeting) add("notice", greeting);
    element.append(now);
  };
  clear();
  return { element, add, put, clear };
}

/** What went wrong, and what to do. */
export function failureText(thrown: unknown, { failed }: ElementWords): string {
  if (thrown instanceof AlcoveError) return `${thrown.message} ${thrown.action}`;
  return failed;
}

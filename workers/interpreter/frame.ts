/** The document of an interpreter's frame, as the page's Trusted Types want it (the policy "alcove-frame"). */
import box from "./frame.html";

interface Policies {
  createPolicy(
    name: string,
    rules: { createHTML(html: string): string },
  ): { createHTML(html: string): unknown };
}

const { trustedTypes } = globalThis as { trustedTypes?: Policies };
/** It makes this one document, and no other. */
const policy = trustedTypes?.createPolicy("alcove-frame", { createHTML: () => box });

/** `frame.html` as `srcdoc` takes it. (The type is the one that its declaration asks for.) */
export const boxed = (): string => (policy?.createHTML("") ?? box) as string;

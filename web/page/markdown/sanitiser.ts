/** The one place where markup becomes nodes: what a model writes never becomes script, a form, a style or a request. */
import DOMPurify from "dompurify";
import type { TrustedTypesWindow } from "trusted-types/lib";

const purify = DOMPurify();

const refuse = (): never => {
  throw new TypeError("No answer is a script, or names one.");
};

// Where Trusted Types are enforced, only the sanitiser can make markup of a text.
const policy = (globalThis as unknown as TrustedTypesWindow).trustedTypes?.createPolicy("alcove-markdown", {
  createHTML: (markup) => markup,
  createScriptURL: refuse,
  createScript: refuse,
});

purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
  node.setAttribute("title", node.getAttribute("href") ?? "");
});

const TEXT_TAGS = (
  "a p br hr strong em del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 sub sup kbd u s mark small b i " +
  "table thead tbody tr th td #text"
).split(" ");

/** The nodes of a text's markup. */
export const textNodes = (markup: string): DocumentFragment =>
  purify.sanitize(markup, {
    ALLOWED_TAGS: TEXT_TAGS,
    ALLOWED_ATTR: ["href", "target", "rel", "class", "start", "align"],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    // They hold no addresses: the number that a list begins with, the side of a table's column.
    ADD_URI_SAFE_ATTR: ["start", "align"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
    ...(policy ? { TRUSTED_TYPES_POLICY: policy } : {}),
  });

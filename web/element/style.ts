/** How the tag looks. A page changes it by the custom properties, and by its own width and height. */
const CSS = `
:host {
  --alcove-accent: light-dark(#2c6453, #86c8b0);
  --alcove-on-accent: light-dark(#fff, #10231c);
  --alcove-ground: light-dark(#fbfaf7, #181a19);
  --alcove-raised: light-dark(#fff, #262a27);
  --alcove-line: light-dark(#d8d4ca, #363b37);
  --alcove-text: light-dark(#22251f, #e8e6df);
  --alcove-soft: light-dark(#5b5f57, #a9ada5);
  --alcove-danger: light-dark(#a3322a, #f0978d);
  display: flex;
  flex-direction: column;
  box-sizing: border-box;
  min-height: 16rem;
  height: 28rem;
  padding: 0.75rem;
  gap: 0.5rem;
  border: 1px solid var(--alcove-line);
  border-radius: 12px;
  background: var(--alcove-ground);
  color: var(--alcove-text);
  font: 1rem / 1.5 system-ui, sans-serif;
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.log { flex: 1; overflow: auto; display: flex; flex-direction: column; gap: 0.6rem; overflow-wrap: anywhere; }
.log > * { flex: none; }
.person, .answer:not(.drawn), .notice, .failure { white-space: pre-wrap; }
.person {
  align-self: flex-end;
  max-width: 85%;
  padding: 0.4rem 0.75rem;
  border-radius: 12px;
  background: color-mix(in srgb, var(--alcove-accent) 16%, transparent);
}
.answer:empty::before { content: "…"; color: var(--alcove-soft); }
.answer > :first-child { margin-top: 0; }
.answer > :last-child { margin-bottom: 0; }
.answer pre, .answer .table-scroll { overflow: auto; }
.answer pre, .approval pre { padding: 0.5rem; border-radius: 8px; background: var(--alcove-raised); }
.code-bar { display: none; }
.notice, .status { color: var(--alcove-soft); font-size: 0.9rem; }
.failure { color: var(--alcove-danger); }
.status { margin: 0; min-height: 1.35rem; }
.approval { padding: 0.75rem; border: 1px solid var(--alcove-line); border-radius: 12px; background: var(--alcove-raised); }
.approval p { margin: 0 0 0.5rem; }
.approval pre { max-height: 10rem; margin: 0 0 0.5rem; overflow: auto; white-space: pre-wrap; background: var(--alcove-ground); }
.approval button { margin: 0 0.4rem 0.4rem 0; }
form { display: flex; gap: 0.5rem; align-items: flex-end; }
textarea {
  flex: 1;
  min-width: 0;
  max-height: 8rem;
  padding: 0.5rem 0.75rem;
  border: 1px solid var(--alcove-line);
  border-radius: 10px;
  background: var(--alcove-raised);
  color: inherit;
  font: inherit;
  resize: none;
  field-sizing: content;
}
button {
  padding: 0.5rem 0.9rem;
  border: 1px solid var(--alcove-line);
  border-radius: 10px;
  background: var(--alcove-raised);
  color: inherit;
  font: inherit;
  cursor: pointer;
}
form button { border-color: transparent; background: var(--alcove-accent); color: var(--alcove-on-accent); }
button:disabled { opacity: 0.6; cursor: default; }
:focus-visible { outline: 2px solid var(--alcove-accent); outline-offset: 1px; }
`;

let made: CSSStyleSheet | undefined;

/** One for all tags of a page; no content policy keeps it from a page. */
export function sheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(CSS);
  }
  return made;
}

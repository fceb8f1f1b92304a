/** Reads XML and HTML from begin to end, without a tree: nothing that nests or refers to itself costs more than its length. */
import { Parser } from "htmlparser2";

interface Listener {
  /** `name` is without its prefix, attributes are as they stand. */
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

export function readXml(text: string, { open, text: said, close }: Listener, html = false): void {
  const local = (name: string): string => name.slice(name.indexOf(":") + 1);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => open?.(local(name), attributes),
      ontext: (piece) => said?.(piece),
      onclosetag: (name) => close?.(local(name)),
    },
    { xmlMode: !html, decodeEntities: true },
  );
  parser.end(text);
}

/** What the relations of a part of an Office file name, by their ids: paths within the archive. */
export function relationsOf(text: string, part: string): Map<string, { type: string; target: string }> {
  const found = new Map<string, { type: string; target: string }>();
  readXml(text, {
    open(name, { Id: id, Target: target, Type: type = "" }) {
      if (name === "Relationship" && id && target) found.set(id, { type, target: within(part, target) });
    },
  });
  return found;
}

/** The path of what `part` calls `target`. */
export const within = (part: string, target: string): string =>
  decodeURIComponent(new URL(target, `file:///${part}`).pathname.slice(1));

/** Where the relations of a part are. */
export const relationsAt = (part: string): string => part.replace(/([^/]*)$/, "_rels/$1.rels");

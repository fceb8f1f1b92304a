/** A letter as mail programs save it (.eml): who wrote to whom and when, and what. */
import PostalMime, { type Address } from "postal-mime";
import { tidy } from "./decode.ts";
import { readHtml } from "./html.ts";
import { checkLength, type Parser } from "./parser.ts";

export const parseEmail: Parser = async ({ file, name }, tell) => {
  const mail = await PostalMime.parse(await file.arrayBuffer());
  const body = mail.text?.trim() ? tidy(mail.text) : readHtml(mail.html ?? "").text;
  const head = [
    ["Subject", mail.subject],
    ["From", mail.from && shown(mail.from)],
    ["To", mail.to?.map(shown).join(", ")],
    ["Cc", mail.cc?.map(shown).join(", ")],
    ["Date", mail.date],
  ].flatMap(([what, value]) => (value ? [`${what}: ${value}`] : []));
  const text = `${head.join("\n")}\n\n${body.trim()}`.trim();
  checkLength(text.length, name);
  tell([{ page: 1, text, ...(mail.subject ? { title: mail.subject } : {}) }], 1, 1);
  const attached = mail.attachments.map(({ filename }) => filename ?? "one without a name");
  return {
    pages: 1,
    notes: attached.length > 0 ? [`What is attached was not read: ${attached.join(", ")}.`] : [],
  };
};

const shown = ({ name, address }: Address): string =>
  name && address ? `${name} <${address}>` : name || address || "";

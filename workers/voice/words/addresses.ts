/** Addresses of the web, of mail and of machines, as a person would read them out. */
import { digits } from "./numbers.ts";

const URL_ = /\b(?:https?:\/\/|www\.)([^\s<>()[\]{}"'`]*[^\s<>()[\]{}"'`.,;:!?])/gi;
const MAIL = /\b([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)\b/g;
const MACHINE = /\b(\d{1,3}(?:\.\d{1,3}){3})(?::(\d+))?\b/g;
const VERSION = /\bv?(\d+(?:\.\d+){2,})\b/gi;
/** A name of a file or a site: a dot between words. */
const DOTTED =
  /\b([a-z][\w-]*(?:\.[\w-]+)*)\.(com|org|net|io|dev|ai|edu|gov|app|json|ts|js|py|md|txt|html|css|csv|pdf|zip|png|jpe?g|wasm|onnx|gguf)\b/gi;
const PATH = /(^|\s)(~?(?:\/[\w.-]+){2,}\/?)/g;

const dotted = (name: string): string =>
  name.replaceAll(".", " dot ").replace(/[-]/g, " dash ").replaceAll("_", " underscore ");

/** Replaces addresses; `skip` hears what of them is not read. */
export function addresses(text: string, skip: (what: string) => void): string {
  return text
    .replace(URL_, (_, rest: string) => {
      const [host = "", ...path] = rest.replace(/^www\./i, "").split(/[/?#]/);
      if (path.some(Boolean)) skip("the rest of an address");
      return dotted(host.replace(/:\d+$/, ""));
    })
    .replace(
      MAIL,
      (_, who: string, host: string) => `${dotted(who).replaceAll("+", " plus ")} at ${dotted(host)}`,
    )
    .replace(MACHINE, (_, numbers: string, port?: string) => {
      const said = numbers.split(".").map(digits).join(" dot ");
      return port ? `${said}, port ${digits(port)}` : said;
    })
    .replace(VERSION, (_, numbers: string) => numbers.split(".").join(" point "))
    .replace(PATH, (_, before: string, path: string) => `${before}${dotted(path).replaceAll("/", " slash ")}`)
    .replace(
      DOTTED,
      (_, name: string, end: string) =>
        `${dotted(name)} dot ${end.length < 4 && !/com|org|net|dev|app|zip/i.test(end) ? [...end.toUpperCase()].join(" ") : end}`,
    );
}

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { html } from "lit";
import {
  chooseLanguage,
  chosenLanguage,
  language,
  languageChanges,
  languages,
  startLanguage,
} from "../../../../web/page/kit/language.ts";
import { list, words } from "../../../../web/page/kit/words.ts";

const w = words("trial", {
  start: "Start",
  end: "End",
  greeting: "{name} greets {other}.",
  found: { one: "{count} file in {place}", other: "{count} files in {place}" },
});

const german = {
  start: "Los",
  greeting: "{other} wird von {name} gegrüßt.",
  found: { one: "{count} Datei in {place}", other: "{count} Dateien in {place}" },
};
const arabic = {
  found: { one: "واحد {place}", two: "اثنان {place}", few: "{count} قليل", other: "{count} كثير" },
};

await startLanguage({
  de: { name: "Deutsch", dir: "ltr", load: async () => ({ trial: german }) },
  ar: { name: "العربية", dir: "rtl", load: async () => ({ trial: arabic }) },
  xx: { name: "Lost", dir: "ltr", load: () => Promise.reject(new Error("no network")) },
});
await chooseLanguage("en");

afterEach(() => chooseLanguage("en"));

test("texts are filled, counted and put in their order by the language in use", async () => {
  assert.equal(w.start, "Start");
  assert.equal(w.greeting({ name: "Ada", other: "Bo" }), "Ada greets Bo.");
  assert.equal(w.found({ count: 1, place: "x" }), "1 file in x");
  assert.equal(w.found({ count: 1200, place: "x" }), "1,200 files in x");
  assert.equal(list(["a", "b", "c"]), "a, b, and c");
  await chooseLanguage("de");
  assert.equal(w.start, "Los");
  assert.equal(w.greeting({ name: "Ada", other: "Bo" }), "Bo wird von Ada gegrüßt.");
  assert.equal(w.found({ count: 1200, place: "x" }), "1.200 Dateien in x");
  assert.equal(list(["a", "b", "c"]), "a, b und c");
});

test("a text that a language has not is said in English", async () => {
  await chooseLanguage("de");
  assert.equal(w.end, "End");
});

test("a language has plural forms of its own, and names of another script keep their place in it", async () => {
  await chooseLanguage("ar");
  assert.equal(w.found({ count: 2, place: "C:\\" }), "اثنان \u2068C:\\\u2069");
  assert.match(w.found({ count: 5, place: "x" }), /قليل/);
  assert.match(w.found({ count: 100, place: "x" }), /كثير/);
});

test("what is drawn in a sentence stays what it is", () => {
  const link = html`<a>Ada</a>`;
  assert.deepEqual(w.greeting({ name: link, other: "Bo" }), ["", link, " greets ", "Bo", "."]);
});

test("a change is told once the texts are there; one that fails leaves everything as it was", async () => {
  const told: string[] = [];
  const tell = () => told.push(language());
  languageChanges.addEventListener("change", tell);
  await chooseLanguage("de");
  await assert.rejects(chooseLanguage("xx"), /no network/);
  languageChanges.removeEventListener("change", tell);
  assert.deepEqual(told, ["de"]);
  assert.equal(language(), "de");
  assert.equal(chosenLanguage(), "de");
});

test("what is no language of the page is none", async () => {
  await chooseLanguage("constructor");
  assert.equal(chosenLanguage(), "");
  assert.ok(Object.hasOwn(languages(), language()));
});

test("of two choices the later one holds", async () => {
  const both = [chooseLanguage("de"), chooseLanguage("ar")];
  await Promise.all(both);
  assert.equal(language(), "ar");
  assert.equal(chosenLanguage(), "ar");
});

test("no choice means the browser's languages, of which those are passed over that nobody speaks here", async (t) => {
  const { navigator } = globalThis;
  t.after(() => Object.assign(globalThis, { navigator }));
  const value = { languages: ["fr-CA", "de-AT", "en"] };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
  await chooseLanguage("");
  assert.equal(language(), "de");
  assert.equal(chosenLanguage(), "");
  assert.equal(languages().de?.name, "Deutsch");
});

test("misspelt keys and missing placeholders do not compile", () => {
  // @ts-expect-error
  assert.equal(w.strat, undefined);
  // @ts-expect-error
  assert.equal(w.greeting({ name: "Ada" }), "Ada greets .");
  // @ts-expect-error
  assert.match(w.found({ place: "x" }), /files/);
});

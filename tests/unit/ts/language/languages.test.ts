import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { toFailure } from "../../../../web/page/kit/failure.ts";
import {
  chooseLanguage,
  type Dictionary,
  startLanguage,
  type Text,
} from "../../../../web/page/kit/language.ts";
import { told } from "../../../../web/page/kit/told.ts";
import { ENGLISH } from "../../../../web/page/kit/words.ts";
import { LANGUAGES } from "../../../../web/page/languages/languages.ts";
import { ROOMS } from "../../../../web/page/languages/rooms.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

/** How many texts may be missing. */
const MISSING: Record<string, number> = { de: 0, ar: 0 };

const english: Dictionary = Object.fromEntries(Object.entries(ROOMS).map(([room, w]) => [room, w[ENGLISH]]));
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const forms = (text: Text): [string, string][] =>
  typeof text === "string" ? [["other", text]] : Object.entries(text);

/** What the SDK says is no room of the page. */
const roomsOf = (texts: Dictionary) => Object.entries(texts).filter(([room]) => room !== "sdk");

/** What is wrong with the texts of a language: one line each. */
function faults(tag: string, texts: Dictionary): string[] {
  const plurals = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
  return roomsOf(texts).flatMap(([room, said]) =>
    Object.entries(said).flatMap(([key, text]) => {
      const where = `${tag} ${room}.${key}`;
      const original = english[room]?.[key];
      if (original === undefined) return [`${where} is said nowhere`];
      const wanted = placeholders(forms(original).find(([form]) => form === "other")?.[1] ?? "");
      return forms(text).flatMap(([form, words]) => {
        const missing = wanted.filter((name) => !placeholders(words).includes(name));
        // One, two or none may be told without the figure.
        if (form !== "other" && form !== "few" && form !== "many")
          missing.splice(0, missing.includes("count") ? 1 : 0);
        const strange = placeholders(words).filter((name) => !wanted.includes(name) && name !== "count");
        return [
          ...missing.map((name) => `${where} (${form}) lacks {${name}}`),
          ...strange.map((name) => `${where} (${form}) has {${name}}, which nobody fills`),
          ...(words.trim() ? [] : [`${where} (${form}) is empty`]),
          ...(plurals.includes(form as Intl.LDMLPluralRule)
            ? []
            : [`${where} has ${form}, which ${tag} has not`]),
        ];
      });
    }),
  );
}

test("English fills what it asks for, in each of its plural forms", () => {
  assert.deepEqual(faults("en", english), []);
});

for (const [tag, { load }] of Object.entries(LANGUAGES)) {
  test(`texts in ${tag} have the placeholders of the English ones, and plural forms of the language`, async () => {
    assert.deepEqual(faults(tag, (await load?.()) ?? {}), []);
  });

  test(`of texts in ${tag} no more are missing than is known`, async () => {
    const texts = (await load?.()) ?? {};
    const missing = Object.entries(english).flatMap(([room, said]) =>
      Object.keys(said).filter((key) => texts[room]?.[key] === undefined),
    );
    assert.equal(missing.length, MISSING[tag], missing.join(", "));
  });
}

/** What is said in English, of the SDK and what it is made of. */
const spoken = ["web/sdk", "workers", "models/catalogue"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|md|json)$/.test(name))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8")),
);

for (const [tag, { load }] of Object.entries(LANGUAGES)) {
  test(`what ${tag} knows of the SDK's sentences is said there, and is said with all that fills it`, async () => {
    const sdk = Object.entries((await load?.())?.sdk ?? {});
    assert.ok(sdk.length > 50);
    for (const [english, said] of sdk) {
      for (const part of english.split(/\{\w+\}|(?<=[.…]) /).filter((each) => each.trim().length > 3))
        assert.ok(
          spoken.some((source) => source.includes(part.trim().replace(/\.$/, ""))),
          `nobody says “${part}”`,
        );
      assert.deepEqual(placeholders(said as string), placeholders(english));
    }
  });
}

test("sentences of the SDK are found whatever they name", async () => {
  await startLanguage(LANGUAGES);
  await chooseLanguage("de");
  assert.equal(told("Downloading SmolLM2 (4-bit)"), "SmolLM2 (4-bit) wird geladen");
  assert.equal(
    told("The graphics card could not do it: There is not enough memory for this model."),
    "Die Grafikkarte konnte es nicht: Für dieses Modell reicht der Speicher nicht.",
  );
  assert.equal(told("Nobody ever said this."), "Nobody ever said this.");
  assert.equal(told("constructor"), "constructor");
  await chooseLanguage("en");
  assert.equal(told("Ready"), "Ready");
});

test("a failure in words that a language does not know is told by its kind, and its own words stay", async () => {
  await startLanguage(LANGUAGES);
  await chooseLanguage("de");
  const thrown = new AlcoveError("busy", "Nobody ever said this.", { detail: "more" });
  assert.deepEqual(toFailure(thrown), {
    code: "busy",
    message: "Etwas anderes muss zuerst fertig werden.",
    action: "Warte auf die laufende Antwort oder brich sie ab.",
    detail: "Nobody ever said this.\nmore",
  });
  assert.match(toFailure(new AlcoveError("bad-request", "“a” is empty.")).message, /^Das .* “a” is empty\.$/);
  await chooseLanguage("en");
  assert.equal(toFailure(thrown).message, "Nobody ever said this.");
});

test("faults are found", () => {
  const trial = { voice: { start: " ", startt: "x", show: "{name}" } };
  assert.equal(faults("de", trial).length, 3);
});

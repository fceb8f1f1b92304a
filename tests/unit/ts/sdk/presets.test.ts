/** What a person prepared: kept, listed, changed in one tab and heard in the other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Presets } from "../../../../web/sdk/sessions/presets.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";

function lab(t: { after(work: () => void): void }) {
  const settings = new Settings(null);
  const [here, there] = [new Presets(settings), new Presets(settings)];
  t.after(() => {
    here.close();
    there.close();
  });
  return { here, there, settings };
}

test("new conversations begin with what was set last of each", async (t) => {
  const { here, there } = lab(t);
  assert.deepEqual(await here.defaults(), { system: "", sampling: {} });
  await here.setDefaults({ system: "Be brief." });
  await there.setDefaults({ sampling: { temperature: 0.2 } });
  assert.deepEqual(await here.defaults(), { system: "Be brief.", sampling: { temperature: 0.2 } });
  await here.setDefaults({ sampling: {} });
  assert.deepEqual(await there.defaults(), { system: "Be brief.", sampling: {} });
});

test("what is no sampling changes nothing", async (t) => {
  const { here } = lab(t);
  const wrong = { system: "New.", sampling: { temperature: 9 } };
  await assert.rejects(here.setDefaults(wrong), { code: "bad-request" });
  await assert.rejects(here.setDefaults({ system: "x".repeat(100_001) }), { code: "bad-request" });
  assert.deepEqual(await here.defaults(), { system: "", sampling: {} });
});

test("prompts are kept in their order, changed in their place, and removed", async (t) => {
  const { here, there } = lab(t);
  const first = await here.keepPrompt({ title: " Short ", text: "Say it in a sentence." });
  await there.keepPrompt({ title: "Verse", text: "Say it in verse." });
  await there.keepPrompt({ ...first, title: "Shorter" });
  const titles = async () => (await here.prompts()).map(({ title }) => title);
  assert.deepEqual(await titles(), ["Shorter", "Verse"]);
  await here.removePrompt(first.id);
  assert.deepEqual(await titles(), ["Verse"]);
});

test("a prompt without a name or a text, or one too long, is refused", async (t) => {
  const { here } = lab(t);
  for (const wrong of [
    { title: " ", text: "x" },
    { title: "x", text: " \n" },
    { title: "x".repeat(201), text: "x" },
    { title: "x", text: "x".repeat(100_001) },
  ])
    await assert.rejects(here.keepPrompt(wrong), { code: "bad-request" });
  assert.deepEqual(await here.prompts(), []);
});

test("the other tab hears of each change", async (t) => {
  const { here, there } = lab(t);
  const heard = new Promise((resolve) => there.addEventListener("change", resolve, { once: true }));
  await here.keepPrompt({ title: "Short", text: "Be short." });
  await heard;
});

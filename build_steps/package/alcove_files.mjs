#!/usr/bin/env node
// Copies Alcove's own files (workers, Python, models) to where a page serves them: `npx alcove-files public/alcove`.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [target, ...rest] = process.argv.slice(2);
const say = (text) => {
  console.error(text);
  process.exit(1);
};
if (!target || rest.length > 0) say("usage: alcove-files FOLDER   (e.g. public/alcove; give its address as `base`)");

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "site");
/** The files of a build, as it lists them; none where that list is somebody else's, or leads out of the folder. */
function listOf(folder) {
  try {
    const names = Object.keys(JSON.parse(fs.readFileSync(path.join(folder, "build.json"), "utf8")).files);
    const strays = names.some((name) => path.isAbsolute(name) || name.split(/[\\/]/).includes(".."));
    return names.includes("alcove.js") && !strays ? names : [];
  } catch {
    return [];
  }
}

if (fs.existsSync(target) && fs.readdirSync(target).length > 0) {
  // Nothing of somebody else's is ever removed.
  if (listOf(target).length === 0) say(`${target} is not empty, and holds no Alcove: choose another folder.`);
  const kept = new Set(listOf(source));
  for (const old of listOf(target)) if (!kept.has(old)) fs.rmSync(path.join(target, old), { force: true });
}
fs.cpSync(source, target, { recursive: true });
console.log(`Alcove's files are in ${target}`);

// esbuild cuts a chunk for every set of entries that share it: dozens of small files, which a page loads one after the
// other and which gzip worse than one. Here the chunks that are always loaded together become one file.
// stdin: {folder, entries: {name: file}, groups: {name: [file]}, outdir, base}; `file`s lie in `folder`.
// stdout: {name: {file, imports}}: the name an entry got in outdir, and what it imports at once, transitively.
import fs from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";

const { folder, entries, groups, outdir } = JSON.parse(fs.readFileSync(0, "utf8"));
const within = (file) => path.join(folder, file);

const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, within(file)])),
  preserveEntrySignatures: "allow-extension",
  external: (id) => id.startsWith("node:") || id === "ws",
  logLevel: "warn",
});
const { output } = await bundle.write({
  dir: outdir,
  format: "es",
  minify: true,
  legalComments: "none",
  entryFileNames: "[name]-[hash].js",
  chunkFileNames: ({ name }) => `${name.replace(/-[A-Z0-9]{8}$/, "")}-[hash].js`, // its name in `folder` has a hash too
  codeSplitting: {
    groups: Object.entries(groups).map(([name, files]) => {
      const ids = new Set(files.map(within));
      return { name, test: (id) => ids.has(id) };
    }),
  },
});
await bundle.close();

const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
function staticImports(name, seen = new Set()) {
  for (const file of chunks.get(name)?.imports ?? []) {
    if (seen.has(file)) continue;
    seen.add(file);
    staticImports(file, seen);
  }
  return seen;
}
const answer = {};
for (const { isEntry, name, fileName } of output) {
  if (isEntry) answer[name] = { file: fileName, imports: [...staticImports(fileName)] };
}
process.stdout.write(JSON.stringify(answer));

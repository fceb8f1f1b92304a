// One esbuild run. stdin: {root, outdir, entries: [path], format, names, splitting, define, facts, node}.
// `facts` are values that only the files of FACTS name; with `node`, it is for Node and to be read.
// stdout: {entry path: {file, imports}}: the name it got in outdir, and what it imports at once (not lazily), transitively.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as esbuild from "esbuild";

const job = JSON.parse(fs.readFileSync(0, "utf8"));

// `import files from "folder:./x"`: the Python files of a folder as [name, text], in the order of their names.
const folder = {
  name: "folder",
  setup(build) {
    build.onResolve({ filter: /^folder:/ }, ({ path: asked, resolveDir }) => ({
      namespace: "folder",
      path: path.resolve(resolveDir, asked.slice("folder:".length)),
    }));
    build.onLoad({ filter: /.*/, namespace: "folder" }, ({ path: from }) => {
      const names = fs.existsSync(from) ? fs.readdirSync(from).filter((name) => name.endsWith(".py")) : [];
      const files = names.sort().map((name) => [name, fs.readFileSync(path.join(from, name), "utf8")]);
      return { contents: JSON.stringify(files), loader: "json" };
    });
  },
};

// As a define, an object would be imported by every file, whether that names it or not.
const FACTS = /\/(?:workers\/build|web\/sdk\/models\/shipped)\.ts$/;
const facts = {
  name: "facts",
  setup(build) {
    build.onLoad({ filter: FACTS }, ({ path: from }) => {
      const value = (name) => (job.facts[name] ? `(${job.facts[name]})` : name);
      const contents = fs.readFileSync(from, "utf8").replace(/(?<== |=> )__[A-Z]+__/g, value);
      return { contents, loader: "ts" };
    });
  },
};

// Libraries that start a worker of their own: through our one door for scripts (Trusted Types).
const STARTS_WORKER = /new Worker\((workerURL|workerSrc), \{/g;
const trusted = {
  name: "trusted",
  setup(build) {
    build.onLoad({ filter: /\/(?:@wllama\/wllama\/esm\/index|pdfjs-dist\/build\/pdf)\.m?js$/ }, ({ path: from }) => {
      const source = fs.readFileSync(from, "utf8");
      if (source.match(STARTS_WORKER)?.length !== 1)
        return { errors: [{ text: `${from} starts its worker in a new way: adapt this file` }] };
      const door = JSON.stringify(path.join(job.root, "workers/wire/trusted.ts"));
      const contents = source.replace(STARTS_WORKER, "new Worker(__scriptUrl($1), {");
      return { contents: `import { scriptUrl as __scriptUrl } from ${door};\n${contents}`, loader: "js" };
    });
  },
};

// MCP's SDK brings a validator that compiles code, which our policy forbids; it is given another (web/sdk/mcp/connection.ts).
const compiling = {
  name: "compiling",
  setup(build) {
    build.onLoad({ filter: /\/@modelcontextprotocol\/sdk\/dist\/esm\/validation\/ajv-provider\.js$/ }, () => ({
      contents: "export class AjvJsonSchemaValidator {}",
      loader: "js",
    }));
  },
};

// What is shared by tests is one chunk, which may be evaluated before a test says what build this is.
const FOR_NODE = {
  platform: "node",
  packages: "external",
  sourcemap: "inline",
  banner: { js: 'globalThis.__BUILD__ ??= { version: "1" };' },
};

// Its table of how letters of all scripts might be written in ASCII: nearly a megabyte that we never ask for.
const unasked = {
  name: "unasked",
  setup(build) {
    build.onLoad({ filter: /\/phonemize\/dist\/anyascii\.json$/ }, () => ({ contents: "{}", loader: "json" }));
  },
};

// In Node its modules cannot import their own tables.
const tabled = {
  name: "tabled",
  setup(build) {
    if (!job.node) return;
    const { resolve } = createRequire(import.meta.url);
    build.onResolve({ filter: /^phonemize\// }, ({ path: asked }) => ({ path: resolve(asked) }));
    // What it needs of newer browsers Node lacks.
    build.onResolve({ filter: /^pdfjs-dist$/ }, () => ({ path: "pdfjs-dist/legacy/build/pdf.mjs", external: true }));
  },
};

let result;
try {
  result = await esbuild.build({
    absWorkingDir: job.root,
    entryPoints: job.entries,
    outdir: job.outdir,
    entryNames: job.names,
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: job.format,
    splitting: job.splitting,
    target: "es2022",
    ...(job.node ? FOR_NODE : { minify: true }),
    legalComments: "none",
    charset: "utf8",
    define: job.define,
    loader: { ".py": "text", ".html": "text", ".md": "text" },
    // ONNX Runtime's own: its code is a file of the site (build_steps/speech/onnx.py), not of each bundle.
    conditions: ["onnxruntime-web-use-extern-wasm"],
    // Pyodide's, for when it runs in node.
    external: ["node:*", "ws"],
    plugins: [facts, folder, trusted, compiling, unasked, tabled],
    metafile: true,
    logLevel: "warning",
  });
} catch {
  process.exit(1); // esbuild has said why
}

const outputs = result.metafile.outputs;
const name = (output) => path.relative(job.outdir, path.resolve(job.root, output));
function staticImports(output, seen = new Set()) {
  for (const { path: file, kind, external } of outputs[output].imports) {
    if (kind !== "import-statement" || external || seen.has(file)) continue;
    seen.add(file);
    staticImports(file, seen);
  }
  return seen;
}
const answer = {};
for (const [output, { entryPoint }] of Object.entries(outputs)) {
  if (!entryPoint || !job.entries.includes(entryPoint)) continue;
  answer[entryPoint] = { file: name(output), imports: [...staticImports(output)].map(name) };
}
console.log(JSON.stringify(answer));

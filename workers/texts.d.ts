/** What the bundler makes of files that are no script (build_steps/bundle/esbuild.mjs). */

declare module "*.py" {
  const text: string;
  export default text;
}

declare module "*.md" {
  const text: string;
  export default text;
}

declare module "*.html" {
  const text: string;
  export default text;
}

/** The Python files of a folder, in the order of their names. */
declare module "folder:*" {
  const files: readonly (readonly [name: string, text: string])[];
  export default files;
}

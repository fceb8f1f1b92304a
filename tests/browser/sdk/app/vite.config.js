/** Two pages of somebody's own. */
export default {
  // Alcove's files are put beside what is built: they need no copy of a copy.
  publicDir: false,
  build: { target: "es2022", rollupOptions: { input: ["vanilla.html", "react.html"] } },
};

// Bundles the front end into static/build: app.css, app.js, chart.js, phone.js, theme.js, worker.js, fonts and icons.svg.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const out = path.join(root, "static", "build");
const iconFolder = path.join(root, "node_modules/@tabler/icons/icons/outline");

// An icon is named literally, as {% icon "name" %}, icon="name" or icon: "name"; only these get into the sprite.
const iconName = /\bicon(?:=|:|)\s*"([a-z][a-z0-9-]*)"/g;
const scanned = ["templates", "imas", "accounts", "representation", "mailbox", "intake", "isaf", "ivaz", "avaz", "exchange"];

async function* sources(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(full);
    else if (/\.(html|py)$/.test(entry.name)) yield full;
  }
}

async function usedIcons() {
  const names = new Set();
  for (const folder of scanned) {
    for await (const file of sources(path.join(root, folder))) {
      const text = await readFile(file, "utf8");
      for (const [, name] of text.matchAll(iconName)) names.add(name);
    }
  }
  return [...names].sort();
}

async function symbol(name) {
  const svg = await readFile(path.join(iconFolder, `${name}.svg`), "utf8");
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/<\/?svg[^>]*>/g, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

async function writeSprite() {
  const symbols = await Promise.all((await usedIcons()).map(symbol));
  const head = '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">';
  await writeFile(path.join(out, "icons.svg"), `${head}${symbols.join("")}</svg>\n`);
}

// Of the framework's style sheet only rules whose every class, tag and attribute is named somewhere here go out; ours are whole.
// Not named here: the attribute theme.js sets as a property, and what Django's widgets draw.
const named = [...scanned.map((folder) => path.join(root, folder, "**/*.{html,py}")), path.join(root, "frontend/js/**/*.js")];
const usedStyles = {
  name: "used-styles",
  setup(build) {
    build.onLoad({ filter: /tabler\.min\.css$/ }, async ({ path: sheet }) => {
      const [used] = await new PurgeCSS().purge({
        content: named,
        css: [sheet],
        dynamicAttributes: ["data-bs-theme", "cols"],
        safelist: ["fieldset", "input", "legend", "optgroup", "option", "select", "textarea"],
        defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
      });
      return { contents: used.css, loader: "css" };
    });
  },
};

const options = {
  plugins: [usedStyles],
  bundle: true,
  minify: true,
  target: ["es2022"],
  outdir: out,
  entryNames: "[name]",
  assetNames: "fonts/[name]",
  loader: { ".woff2": "file" },
  legalComments: "none",
  logLevel: "warning",
  entryPoints: ["app.css", "app.js", "chart.js", "phone.js", "theme.js", "worker.js"].map((name) => path.join(root, "frontend", path.extname(name).slice(1), name)),
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await writeSprite();
if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, logLevel: "info" });
  await context.watch();
} else {
  await esbuild.build(options);
}

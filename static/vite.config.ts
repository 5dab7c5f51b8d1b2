import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type Plugin, defineConfig } from "vite";

const dist = resolve(import.meta.dirname, "dist");

/** Every file under a folder. */
function* walk(dir: string): Generator<string> {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** Empties dist before a build, but for the .keep that lets Go compile. */
function keepKeep(): Plugin {
  return {
    name: "keep-keep",
    apply: "build",
    buildStart() {
      for (const name of readdirSync(dist)) if (name !== ".keep") rmSync(join(dist, name), { recursive: true });
    },
  };
}

/**
 * Puts the page's own style sheet into its HTML: on a slow net that is one
 * round trip less before anything is seen. Sheets of scripts that load later
 * stay files.
 */
function inlineStyle(): Plugin {
  return {
    name: "inline-style",
    apply: "build",
    enforce: "post",
    closeBundle() {
      for (const page of ["index.html", "embed.html"]) {
        const path = join(dist, page);
        const html = readFileSync(path, "utf8").replace(/\s*<link rel="stylesheet"[^>]*href="(\/assets\/[^"]+\.css)"[^>]*>/g, (_, href: string) => {
          const css = readFileSync(join(dist, href), "utf8").trim();
          // The link, not fetched, tells scripts that share the sheet that it
          // is there.
          return `\n<style>${css}</style>\n<link rel="stylesheet" href="${href}" disabled>`;
        });
        writeFileSync(path, html);
      }
    },
  };
}

/** Writes .br and .gz beside every text file, as the server hands them out. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    enforce: "post",
    closeBundle() {
      for (const path of [...walk(dist)]) {
        if (!/\.(html|js|css|svg|json|txt|webmanifest)$/.test(path)) continue;
        const text = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
        writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}

/**
 * protomaps-leaflet carries a second map style, a PMTiles reader and a layer
 * that the page does not use. Its build wraps every declaration in a call that
 * only sets a name; saying so lets the bundler leave out what nothing uses.
 */
function shake(): Plugin {
  return {
    name: "shake",
    transform(code, id) {
      if (!id.includes("node_modules/protomaps-leaflet/")) return null;
      return { code: code.replace(/(var \w+=)(\(\w+,\w+\)=>\w+\(\w+,"name",)/, "$1/* @__NO_SIDE_EFFECTS__ */ $2"), map: null };
    },
  };
}

export default defineConfig({
  plugins: [shake(), keepKeep(), inlineStyle(), compress()],
  build: {
    target: "es2022",
    outDir: dist,
    emptyOutDir: false,
    assetsInlineLimit: 4096,
    modulePreload: { polyfill: false },
    rollupOptions: {
      treeshake: { moduleSideEffects: (id) => !/node_modules\/(protomaps-leaflet|@protomaps|pmtiles|fflate|color2k|potpack)/.test(id) },
      input: { index: resolve(import.meta.dirname, "index.html"), embed: resolve(import.meta.dirname, "embed.html") },
    },
  },
  server: { proxy: { "^/(api|layers|tiles|docs|openapi.json)": process.env.YIZHAN ?? "http://127.0.0.1:8080" } },
});

import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The letters of the window are a runtime resource, fetched at setup and shared
// with the text layer of the copies, so they are not kept a second time here.
const fonts = fileURLToPath(new URL("../src-tauri/resources/fonts", import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  base: "./",
  resolve: { alias: { "/fonts": fonts } },
  clearScreen: false,
  server: { port: 1420, strictPort: true, fs: { allow: [".", fonts] } },
  build: {
    target: "safari15",
    // The content security policy forbids data: URLs, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { environment: "node", css: true, include: ["src/**/*.test.ts"], testTimeout: 5000 },
});

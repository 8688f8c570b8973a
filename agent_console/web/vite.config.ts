import { fileURLToPath, URL } from "node:url"
import vue from "@vitejs/plugin-vue"
import { defineConfig } from "vitest/config"

/** Where `npm run dev` finds a running server. */
const server = process.env.VIRTUAL_WINDOW_SERVER ?? "http://localhost:8080"

export default defineConfig({
  base: "/console/",
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // No inlined assets: the content security policy allows files of this origin, not data URLs in styles.
  build: { target: "es2022", assetsInlineLimit: 0, sourcemap: false },
  server: { proxy: { "/api": server, "/socket.io": { target: server, ws: true } } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
})

import { defineConfig } from "vite"

const server = process.env.API ?? "http://localhost:8080"

export default defineConfig({
  base: "/docs/",
  // Swagger UI comes bundled: its 1.6 MB are one file, of which nothing can be left out.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2000 },
  server: { proxy: { "/api": server, "/openapi.json": server, "/asyncapi.json": server } },
})

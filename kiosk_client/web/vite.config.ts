import vue from "@vitejs/plugin-vue"
import { defineConfig } from "vitest/config"

const server = process.env.API ?? "http://localhost:8080"

export default defineConfig({
  base: "/kiosk/",
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  // Nothing inlined: the page's policy allows no data: pictures, and scripts from this origin only.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, cssCodeSplit: false },
  server: { proxy: { "/api": server, "/socket.io": { target: server, ws: true } } },
  test: { environment: "happy-dom" },
})

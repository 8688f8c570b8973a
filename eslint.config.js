import js from "@eslint/js"
import vue from "eslint-plugin-vue"
import globals from "globals"
import ts from "typescript-eslint"

export default ts.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/generated/**", ".venv/**", "data/**", "docs/**"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue}"],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser, extraFileExtensions: [".vue"] } },
    rules: {
      // vue-tsc knows every name; ESLint does not know TypeScript's.
      "no-undef": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/no-v-html": "error",
      // Layout of templates: the line length decides, not the number of attributes.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-self-closing": ["error", { html: { void: "always" } }],
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multi-word-component-names": "off",
      // An absent prop and `undefined` mean the same here, and the types say so.
      "vue/require-default-prop": "off",
    },
  },
  {
    files: ["**/*.mjs", "eslint.config.js", "**/vite.config.ts"],
    languageOptions: { globals: globals.node },
  },
)

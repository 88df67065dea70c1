/** Rules for the page's own modules: what a type check does not see. */
import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import globals from "globals";

export default [
  {
    ignores: [
      "www/pkg/",
      "www/pkg-extra/",
      "www/pkg-stepper/",
      "www/data/",
      "www/vendor/",
      "www/types/",
      "www/generated/",
      "target/",
      "dist/",
    ],
  },
  js.configs.recommended,
  lit.configs["flat/recommended"],
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: { ...globals.browser, ...globals.worker },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-undef": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "CallExpression[callee.name='require']", message: "Use an ES module import." },
        {
          selector:
            "CallExpression[callee.property.name='waitForFunction'] > ArrowFunctionExpression[async=true]",
          message: "Playwright takes the promise itself for true and waits for nothing: use `until`.",
        },
      ],
      "no-console": ["error", { allow: ["info", "warn", "error"] }],
    },
  },
  {
    files: ["tests/**/*.js", "eslint.config.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { "no-console": "off" },
  },
];

/** The first script of the page in these tests: keeps what nobody shows. */

/** @type {string[]} */
globalThis.complaints = [];

/** A module of the page, for tests whose own scripts cannot import one. @param {string} path */
globalThis.module_of = (path) => import(new URL(path, document.baseURI).href);

addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  globalThis.complaints.push(`${violatedDirective}: ${blockedURI} in ${sourceFile}:${lineNumber}`),
);
addEventListener(
  "error",
  ({ message = "a file did not load" }) => {
    // Not an error: a layout that takes one frame more.
    if (!message.startsWith("ResizeObserver loop")) globalThis.complaints.push(message);
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) =>
  globalThis.complaints.push(`nobody caught: ${reason}`),
);

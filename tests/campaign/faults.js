/**
 * What may break: in the worker, in the page, in what the browser keeps, on the line. A fault is done to a page that is
 * at work, or to one that has not loaded yet (`before`).
 */
import { damage } from "../e2e/kept_runs.js";

/** @typedef {import("playwright-core").Page} Page */
/**
 * @typedef {object} Scene
 * @property {Page} page
 * @property {import("playwright-core").BrowserContext} context
 * @property {import("playwright-core").CDPSession} session of the page
 * @property {() => string} address of the page as it was last
 * @property {string} link that the reader came by
 * @property {(address?: string) => Promise<Page>} open a new tab, in which the page is looked at from then on
 * @property {() => Promise<number>} renderer the process of the page
 */
/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {"worker" | "page" | "kept" | "line"} where
 * @property {boolean} [only_training]
 * @property {boolean} [without_service_worker] which would have the files
 * @property {(scene: Scene) => Promise<void>} [before] the page loads
 * @property {(scene: Scene) => Promise<void>} [during] the work
 */

const moments = (/** @type {number} */ milliseconds) => new Promise((keep) => setTimeout(keep, milliseconds));

/** A tab that is closed as a reader closes it, with all that the page does then. @param {Page} page */
async function closed(page) {
  const gone = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await gone;
}

/** Runs in the worker: a trap of WebAssembly, as soon as `when` is sent to the page. @param {string | null} when */
function trap(when) {
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11];
  const unreachable = () => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  if (when === null) return void setTimeout(unreachable);
  const post = self.postMessage.bind(self);
  self.postMessage = (/** @type {any} */ message, /** @type {any} */ transfer) => {
    const validates = message.event === "progress" && message.report.validation.length > 0;
    if (message.event === when || (when === "validation" && validates)) unreachable();
    post(message, transfer);
  };
}

/** @param {Scene} scene */
function worker_of({ page }) {
  const found = page.workers().find((worker) => worker.url().endsWith("/engine/worker.js"));
  if (!found) throw new Error("there is no worker");
  return found;
}

/** Something in the worker, which cuts the answer off. @param {Scene} scene @param {any} work @param {any} [given] */
async function in_worker(scene, work, given) {
  await worker_of(scene)
    .evaluate(work, given)
    .catch(() => null);
}

/** Kept runs are damaged in a pause, then the page is loaded again. @param {string} how @returns {Fault} */
const kept = (how) => ({
  name: `kept run ${how}`,
  where: "kept",
  only_training: true,
  during: async (scene) => {
    // At full speed the run may come to its end meanwhile: then there is nothing to pause.
    await scene.page
      .getByRole("button", { name: /^Pause/ })
      .first()
      .click({ timeout: 5000 })
      .catch(() => null);
    await moments(700);
    await scene.page.evaluate(damage, how);
    await scene.page.reload();
  },
});

/**
 * What is done to the page's own globals before its scripts run.
 * @param {string} name @param {() => void} script @returns {Fault}
 */
const forbidden = (name, script) => ({
  name,
  where: "kept",
  before: async ({ page }) => page.addInitScript(script),
  during: async ({ page }) => {
    await moments(1500);
    await page.reload();
  },
});

/**
 * Files that are missing when the page is loaded again, then there.
 * @param {string} name @param {RegExp} pattern @returns {Fault}
 */
const missing = (name, pattern) => ({
  name,
  where: "line",
  without_service_worker: true,
  during: async ({ page }) => {
    await page.route(pattern, (route) => route.fulfill({ status: 404, body: "not found" }));
    await page.reload();
    await page.locator("#silence:not([hidden]), .notice.trouble").first().waitFor();
    await page.unroute(pattern);
    await page.reload();
  },
});

/** @type {Fault[]} */
export const FAULTS = [
  { name: "trap", where: "worker", only_training: true, during: (scene) => in_worker(scene, trap, null) },
  {
    name: "trap before a checkpoint is sent",
    where: "worker",
    only_training: true,
    during: (scene) => in_worker(scene, trap, "checkpoint"),
  },
  {
    name: "error that nobody catches",
    where: "worker",
    only_training: true,
    during: (scene) =>
      in_worker(scene, () => {
        setTimeout(() => {
          throw new Error("injected");
        });
      }),
  },
  {
    name: "worker closes itself",
    where: "worker",
    only_training: true,
    during: async (scene) => {
      await in_worker(scene, () => self.close());
      await moments(12_000); // The page takes ten seconds of silence for death.
    },
  },
  {
    name: "endless loop",
    where: "worker",
    only_training: true,
    during: async (scene) => {
      await worker_of(scene).evaluate(() => {
        setTimeout(() => {
          for (;;);
        });
      });
      await moments(12_000);
    },
  },
  {
    name: "a worker that trains along ends",
    where: "worker",
    only_training: true,
    during: async ({ page }) => {
      const follower = page.workers().find((worker) => worker.url().endsWith("/engine/follower.js"));
      // A network whose batches are one block is trained by one worker.
      if (follower) await follower.evaluate(() => self.close()).catch(() => null);
      await moments(4000); // The others wait two seconds for it.
    },
  },
  {
    name: "renderer crashes",
    where: "page",
    during: async (scene) => {
      const gone = scene.page.waitForEvent("crash");
      scene.session.send("Page.crash").catch(() => null);
      await gone;
      await scene.open(scene.address());
    },
  },
  {
    name: "tab is closed",
    where: "page",
    during: async (scene) => {
      await closed(scene.page);
      await scene.open(scene.address());
    },
  },
  {
    name: "closed, then opened by its bare address",
    where: "page",
    during: async (scene) => {
      await closed(scene.page);
      const page = await scene.open(scene.address().split("?")[0]);
      // The network that the page begins with is there without a click.
      await page
        .getByRole("button", { name: "Go on with it" })
        .click({ timeout: 8000 })
        .catch(() => null);
    },
  },
  {
    name: "tab is ended without notice",
    where: "page",
    during: async (scene) => {
      process.kill(await scene.renderer(), "SIGKILL");
      await moments(300);
      await scene.open(scene.address());
    },
  },
  { name: "reload", where: "page", during: async ({ page }) => void (await page.reload()) },
  {
    name: "other page and back",
    where: "page",
    during: async ({ page, address }) => {
      await page.goto("about:blank");
      await page.goto(address());
    },
  },
  {
    name: "page is frozen for three seconds",
    where: "page",
    during: async ({ session }) => {
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      await moments(3000);
      await session.send("Page.setWebLifecycleState", { state: "active" });
    },
  },
  {
    name: "page is frozen, then ended",
    where: "page",
    during: async (scene) => {
      await scene.session.send("Page.setWebLifecycleState", { state: "frozen" });
      await moments(500);
      process.kill(await scene.renderer(), "SIGKILL");
      await moments(300);
      await scene.open(scene.address());
    },
  },
  {
    name: "machine sleeps for twelve seconds",
    where: "page",
    during: async (scene) => {
      const process_id = await scene.renderer();
      process.kill(process_id, "SIGSTOP");
      await moments(12_000);
      process.kill(process_id, "SIGCONT");
    },
  },
  {
    name: "the same in a second tab",
    where: "page",
    during: async (scene) => {
      await moments(1200);
      const first = scene.page;
      await scene.open(scene.address());
      await moments(1500);
      await closed(first);
    },
  },
  ...[
    "truncated",
    "with many flipped bits",
    "with one flipped bit",
    "without course",
    "no record",
    "of a later version",
    "without settings",
  ].map(kept),
  {
    name: "storage is emptied",
    where: "kept",
    during: async ({ page, session }) => {
      const origin = new URL(page.url()).origin;
      await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      await page.reload();
    },
  },
  {
    name: "storage is full",
    where: "kept",
    before: async ({ session, link }) => {
      const origin = new URL(link).origin;
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1000 });
    },
    during: async ({ page }) => {
      await moments(1500);
      await page.reload();
    },
  },
  forbidden("IndexedDB never answers", () => {
    IDBFactory.prototype.open = () => /** @type {any} */ ({ addEventListener() {} });
  }),
  forbidden("IndexedDB throws", () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("forbidden", "SecurityError");
    };
  }),
  forbidden("there is no IndexedDB", () => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined });
  }),
  forbidden("localStorage is full", () => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  }),
  forbidden("localStorage is forbidden", () => {
    Object.defineProperty(globalThis, "localStorage", {
      get: () => {
        throw new DOMException("forbidden", "SecurityError");
      },
    });
  }),
  {
    name: "no connection for a while",
    where: "line",
    during: async ({ page, context }) => {
      await context.setOffline(true);
      await moments(1500);
      await page.reload().catch(() => null);
      await context.setOffline(false);
      await page.reload();
    },
  },
  missing("a module is missing at first", /\/state\/shared\/store\.js$/),
  missing("the engines are missing at first", /_bg\.wasm$/),
];

import { effect } from "@preact/signals-core";
import { html, nothing, svg } from "lit";
import { swatch } from "../../figures/color.js";
import { label_place, point_box, usual_place } from "../../figures/point_labels.js";
import { decimal, percent } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { choose_place, figure_key, hover, leave } from "../../state/train/pointer.js";
import { chance_of, outcome } from "../../state/train/prediction.js";
import { key_of, pinned, shown, timestep_called } from "../../state/watch/shown.js";
import { read_space, space, without_space } from "../../state/watch/space.js";
import { MeasuredView } from "../measured.js";
import { figure_tools } from "./tools.js";

/** @typedef {import("../../state/watch/space.js").ReadSpace} ReadSpace */

/** Least time from one reading to the next while training runs. */
const INTERVAL_MS = 300;

/** Of the circles, in pixels. */
const RADIUS = { state: 4.5, marked: 6, last: 7 };

const MARGIN = { left: 48, right: 16, top: 12, bottom: 40 };
const TALLEST = 460;

/** Where there are more words, only some of them are written at their points. */
const MOST_WORDS = 40;

/** How the paths of pinned sequences are drawn. */
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 3"];

/** The hidden states of what is shown and pinned, in a plane. */
class StateSpace extends MeasuredView {
  /** @type {(() => void) | null} */
  #stop = null;
  #busy = false;
  #stale = false;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => {
      void [shown.value, pinned.value, store.updates.value, store.setup.value, store.shown_layer.value?.name];
      if (["ready", "training"].includes(store.status.value)) void this.#refresh();
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  async #refresh() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && this.isConnected) {
      this.#stale = false;
      const one = shown.peek();
      const layer = store.shown_layer.peek()?.name;
      const others = pinned.peek().filter((other) => key_of(other) !== key_of(one));
      if (layer !== undefined && (one.kind === "sample" || one.text.trim() !== ""))
        await read_space([one, ...others], layer);
      if (store.status.peek() === "training") await new Promise((go_on) => setTimeout(go_on, INTERVAL_MS));
    }
    this.#busy = false;
  }

  /** @override */
  render() {
    const read = space.value;
    if (!read)
      return html`<p class="hint">
        ${without_space.value || "The states of a text or sample stand here when the network has read it."}
      </p>`;
    if (this.width === 0) return nothing;
    const { paths, shares, units_are_axes, field } = read.space;
    const plane = fitted(read.space, this.width);
    const axis = (/** @type {number} */ k) =>
      k < shares.length
        ? `${units_are_axes ? `unit ${k}` : `component ${k + 1}`}, ${percent(shares[k])} of the variance`
        : "";
    const here = store.cursor.value?.t;
    return html`<figure class="space">
      <figcaption><b>State space of ${read.layer}</b>${figure_tools(this.#taken(read))}</figcaption>
      <svg
        class="drawing"
        viewBox="0 0 ${this.width} ${plane.height}"
        height=${plane.height}
        role="application"
        aria-roledescription="path"
        tabindex="0"
        aria-label="Hidden states as a path; left and right go along it. ${reading(read, here)}"
        @keydown=${figure_key}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#nearest(event, plane, read, hover)}
        @pointerleave=${leave}
        @click=${(/** @type {MouseEvent} */ event) => this.#nearest(event, plane, read, choose_place)}
      >
        ${frame(plane, [axis(0), axis(1)], this.width)} ${field ? arrows(field, plane) : nothing}
        ${paths.map((path, k) => path_of(path, read, plane, k, here)).reverse()}
        ${names_of(read, plane, this.width, here)} ${field ? fixed_points(field, plane) : nothing}
      </svg>
      ${paths.length > 1 ? this.#keys(read) : nothing}
      <p class="caption">
        ${what_it_is(read.space, store.shown_layer.value?.class_name ?? "", timestep_called.value)}
        <span class="read">${reading(read, here)}</span>
      </p>
    </figure>`;
  }

  /** @param {ReadSpace} read */
  #keys({ space: { paths } }) {
    return html`<p class="keys">
      ${paths.map(
        ({ words }, k) =>
          html`<span class="line-key"
            ><svg width="26" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="26"
                y1="4"
                y2="4"
                style="stroke:var(--ink-2)"
                stroke-dasharray=${DASHES[k]}
              ></line>
            </svg>
            ${k === 0 ? "shown" : `pinned: ${words.slice(0, 4).join(" ")}${words.length > 4 ? " …" : ""}`}</span
          >`,
      )}
    </p>`;
  }

  /**
   * @param {PointerEvent | MouseEvent} event @param {Plane} plane @param {ReadSpace} read
   * @param {(place: { t: number }) => void} take
   */
  #nearest(event, { x, y }, { space: { paths } }, take) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const { points, words } = paths[0];
    let [best, distance] = [0, Infinity];
    for (let t = 0; t < words.length; t++) {
      const far = (x(points[2 * t]) - left) ** 2 + (y(points[2 * t + 1]) - top) ** 2;
      if (far < distance) [best, distance] = [t, far];
    }
    take({ t: best });
  }

  /** @param {ReadSpace} read @returns {import("./tools.js").Taken} */
  #taken({ space: { paths, units_are_axes, field }, layer }) {
    const [one, other] = units_are_axes ? ["unit 0", "unit 1"] : ["component 1", "component 2"];
    const title = `State space of ${layer}`;
    const rows = paths.flatMap(({ start, points, words }, k) => {
      const name = k === 0 ? "shown" : `pinned ${k}`;
      return [
        ["(before)", name, decimal(start[0], 4), decimal(start[1], 4), ""],
        ...words.map((word, t) => [word, name, decimal(points[2 * t], 4), decimal(points[2 * t + 1], 4), ""]),
      ];
    });
    for (const { at, sizes } of field?.fixed ?? [])
      rows.push([
        "(fixed point)",
        "field",
        decimal(at[0], 4),
        decimal(at[1], 4),
        sizes.map((size) => decimal(size, 3)).join(" "),
      ]);
    return {
      name: "state-space",
      title,
      table: () => ({
        title,
        note: "The hidden state after each step; for a fixed point also the absolute values of the eigenvalues there.",
        head: ["after", "path", one, other, "|eigenvalues|"],
        rows,
      }),
    };
  }
}

/**
 * @typedef {object} Plane
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {number} height of the drawing
 * @property {[number, number, number, number]} range lowest and highest along x, along y
 */

/** One scale for both axes, so that distances are seen as they are. @param {import("../../types/extra.js").Space} space
 * @param {number} width @returns {Plane} */
function fitted({ paths, field }, width) {
  const all = paths.flatMap(({ start, points }) => [...start, ...points]);
  if (field) all.push(-1.05, -1.05, 1.05, 1.05);
  const ends = (/** @type {number} */ k) => {
    const values = all.filter((_, at) => at % 2 === k);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const pad = 0.06 * Math.max(high - low, 1e-3);
    return [low - pad, high + pad];
  };
  const [[left, right], [low, high]] = [ends(0), ends(1)];
  const [across, up] = [Math.max(right - left, 1e-6), Math.max(high - low, 1e-6)];
  const inner = Math.max(60, width - MARGIN.left - MARGIN.right);
  const scale = Math.min(
    inner / across,
    (TALLEST - MARGIN.top - MARGIN.bottom) / Math.max(up, 0.25 * across),
  );
  const tall = Math.max(120, scale * up);
  const shift = (tall - scale * up) / 2;
  return {
    x: (value) => MARGIN.left + (value - left) * scale,
    y: (value) => MARGIN.top + shift + (high - value) * scale,
    height: tall + MARGIN.top + MARGIN.bottom,
    range: [left, right, low, high],
  };
}

/** Axes through zero, with their names. @param {Plane} plane @param {[string, string]} names @param {number} width */
function frame({ x, y, height, range: [left, right, low, high] }, names, width) {
  const [bottom, top] = [height - MARGIN.bottom, MARGIN.top];
  return svg`
    ${
      left < 0 && right > 0
        ? svg`<line class="grid" x1=${x(0)} x2=${x(0)} y1=${top} y2=${bottom}></line>
            <text class="power" x=${x(0)} y=${bottom + 14} text-anchor="middle">0</text>`
        : nothing
    }
    ${
      low < 0 && high > 0
        ? svg`<line class="grid" x1=${MARGIN.left} x2=${x(right)} y1=${y(0)} y2=${y(0)}></line>
            <text class="power" x=${MARGIN.left - 6} y=${y(0) + 4} text-anchor="end">0</text>`
        : nothing
    }
    <text x=${Math.min(width - MARGIN.right, x(right))} y=${bottom + 30} text-anchor="end">${names[0]} →</text>
    ${
      names[1] === ""
        ? nothing
        : svg`<text x=${14} y=${bottom} transform="rotate(-90 14 ${bottom})">${names[1]} →</text>`
    }`;
}

/** @param {import("../../types/extra.js").SpaceField} field @param {Plane} plane */
function arrows({ from, to }, { x, y }) {
  const drawn = [];
  for (let at = 0; at < from.length; at += 2) {
    const [x0, y0, x1, y1] = [x(from[at]), y(from[at + 1]), x(to[at]), y(to[at + 1])];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length < 0.5) continue;
    // Long steps are shortened so that arrows do not cover each other.
    const share = Math.min(1, 14 / length);
    const [dx, dy] = [(x1 - x0) * share, (y1 - y0) * share];
    const [ux, uy] = [dx / Math.hypot(dx, dy), dy / Math.hypot(dx, dy)];
    const [ex, ey] = [x0 + dx, y0 + dy];
    const wing = (/** @type {number} */ side) =>
      `${ex - 3 * ux - 2 * side * uy} ${ey - 3 * uy + 2 * side * ux}`;
    const head = `M${wing(1)}L${ex} ${ey}L${wing(-1)}`;
    drawn.push(svg`<path class="arrow" d="M${x0} ${y0}L${ex} ${ey}${head}"></path>`);
  }
  return drawn;
}

/** @param {import("../../types/extra.js").SpaceField} field @param {Plane} plane */
function fixed_points({ fixed }, { x, y }) {
  return fixed.map(({ at, sizes }) => {
    const stable = sizes.filter((size) => size < 1).length;
    const title = `fixed point (${decimal(at[0], 3)}, ${decimal(at[1], 3)}), ${kind_of(stable)}`;
    return svg`<g class="fixed">
      <circle class=${["repels", "saddle", "attracts"][stable]} cx=${x(at[0])} cy=${y(at[1])} r="6"></circle>
      <title>${title}</title>
    </g>`;
  });
}

/** @param {number} stable how many eigenvalues are smaller than 1 */
function kind_of(stable) {
  return ["repels", "a saddle", "attracts"][stable];
}

/** Whether the layer computes the last timestep first. @param {ReadSpace} read */
function is_backwards({ traces, layer }) {
  return traces[0]?.layers.find(({ name }) => name === layer)?.goes_backwards ?? false;
}

/**
 * @param {import("../../types/extra.js").SpacePath} path @param {ReadSpace} read
 * @param {Plane} plane @param {number} k @param {number | undefined} here
 */
function path_of({ start, points, words }, read, { x, y }, k, here) {
  const trace = read.traces[k];
  const backwards = is_backwards(read);
  const at = (/** @type {number} */ t) => [x(points[2 * t]), y(points[2 * t + 1])];
  const legs = words.map(
    (_, t) =>
      `L${at(t)
        .map((value) => value.toFixed(1))
        .join(" ")}`,
  );
  const line = (backwards ? legs.reverse() : legs).join("");
  const class_shown = trace.classes.length > 0 ? outcome(trace) : null;
  const colour = (/** @type {number} */ t) => {
    const { signed } = class_shown === null ? { signed: 0 } : chance_of(trace, t, class_shown);
    return swatch(Number.isNaN(signed) ? 0 : signed).background;
  };
  const marked = k === 0 ? here : undefined;
  return svg`<g>
    <path class="path" d="M${x(start[0]).toFixed(1)} ${y(start[1]).toFixed(1)}${line}"
      stroke-dasharray=${DASHES[k % DASHES.length]}></path>
    <rect class="begin" x=${x(start[0]) - 4} y=${y(start[1]) - 4} width="8" height="8"></rect>
    ${words.map((_, t) => {
      const [left, top] = at(t);
      const is_last = t === (backwards ? 0 : words.length - 1);
      return svg`<circle class=${t === marked ? "state marked" : "state"} cx=${left} cy=${top}
          r=${is_last ? RADIUS.last : t === marked ? RADIUS.marked : RADIUS.state} style="fill:${colour(t)}"></circle>`;
    })}
  </g>`;
}

/**
 * The words at their points: the last of every path and the one that is read always, the others where they have room.
 * @param {ReadSpace} read @param {Plane} plane @param {number} width @param {number | undefined} here
 */
function names_of(read, { x, y }, width, here) {
  const { paths } = read.space;
  const points = paths.flatMap(({ points, words }, k) => {
    const last = is_backwards(read) ? 0 : words.length - 1;
    const every = Math.ceil(words.length / MOST_WORDS);
    return words.map((word, t) => ({
      word,
      at: /** @type {[number, number]} */ ([x(points[2 * t]), y(points[2 * t + 1])]),
      is_last: t === last,
      is_read: k === 0 && t === here,
      is_wanted: t === last || (k === 0 && t % every === 0),
    }));
  });
  const taken = points.map(({ at, is_last }) => point_box(at, is_last ? RADIUS.last : RADIUS.state));
  const named = points.filter(({ is_wanted }) => is_wanted).sort((a, b) => +b.is_last - +a.is_last);
  const placed = named.flatMap(({ word, at, is_last, is_read }) => {
    const place = label_place(word, at, width, taken) ?? (is_last ? usual_place(at) : null);
    return place && !is_read ? [{ word, place, class_name: "label" }] : [];
  });
  const read_one = points.find(({ is_read }) => is_read);
  if (read_one) placed.push({ ...read_one, place: usual_place(read_one.at), class_name: "label here" });
  return placed.map(
    ({ word, place: { x, y, anchor }, class_name }) =>
      svg`<text class=${class_name} x=${x} y=${y} text-anchor=${anchor}>${word}</text>`,
  );
}

/** @param {ReadSpace} read @param {number | undefined} here */
function reading(read, here) {
  const { paths, units_are_axes, shares } = read.space;
  const { points, words, start } = paths[0];
  if (here === undefined || here >= words.length) return "";
  const [a, b] = [points[2 * here], points[2 * here + 1]];
  const earlier = is_backwards(read) ? here + 1 : here - 1;
  const inside = earlier >= 0 && earlier < words.length;
  const before = inside ? [points[2 * earlier], points[2 * earlier + 1]] : start;
  const moved = Math.hypot(a - before[0], b - before[1]);
  const names = units_are_axes ? ["unit 0", "unit 1"] : ["component 1", "component 2"];
  const place =
    shares.length > 1 ? `${names[0]} ${decimal(a)}, ${names[1]} ${decimal(b)}` : `${names[0]} ${decimal(a)}`;
  const by = `the ${timestep_called.value} moved the state by ${decimal(moved)} in this plane`;
  return `After “${words[here]}”: ${place}; ${by}.`;
}

/** @param {import("../../types/extra.js").Space} space @param {string} class_name @param {string} called */
function what_it_is({ units_are_axes, shares, field }, class_name, called) {
  const held = shares.reduce((sum, share) => sum + share, 0);
  const components =
    `The axes are the first principal components of the states shown; together they hold ${percent(held)} of their ` +
    (held > 0.995
      ? "variance, so that nearly all of every distance is seen here."
      : "variance. What lies near here may still be far apart in the directions that are not drawn.");
  const axes = units_are_axes
    ? "The axes are the two units themselves."
    : shares.length > 1
      ? components
      : "The layer has one unit: the axis is its value, less the mean over the states shown.";
  const how =
    `The square is the state before the first step, the large circle the state at the end; a point has the ` +
    `colour of the prediction after its ${called}: look for the steps that cross from one colour to the other.`;
  if (field) {
    const kinds = [2, 1, 0].flatMap((stable) => {
      const found = field.fixed.filter(({ sizes }) => sizes.filter((size) => size < 1).length === stable);
      const kind = ["repelling (empty)", "saddle (dashed)", "attracting (filled)"][stable];
      return found.length === 0 ? [] : [`${found.length} ${kind}`];
    });
    const fixed =
      kinds.length === 0
        ? "no fixed point of that step was found"
        : `circles with a red rim are fixed points of that step: ${kinds.join(", ")}`;
    return `${how} ${axes} The arrows show where one step leads if x stays at its mean over this sequence; ${fixed}.`;
  }
  if (units_are_axes && class_name === "LSTM")
    return `${how} ${axes} A step depends on c as well as on h, so that h alone has no field of arrows.`;
  return `${how} ${axes}`;
}

customElements.define("unrolled-space", StateSpace);

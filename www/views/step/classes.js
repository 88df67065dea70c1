import { html, nothing } from "lit";
import { percent } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { FORWARD, OUTPUT } from "../../state/step/walk.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Address} Address */

/** Classes that are named; the true one is added where it is not among them. */
const NAMED = 5;

/**
 * The most probable classes by their names, where the number is one of many probabilities.
 * @param {Stepping} stepping @param {Address} address
 */
export function classes_of(stepping, address) {
  const { said, classes } = stepping.description;
  if (said !== "classes" || address.part !== OUTPUT || address.pass !== FORWARD || address.name !== "y")
    return nothing;
  const values = stepping.values({ ...address });
  if (!values) return nothing;
  const ranked = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const right = Math.trunc(step.choice.value.target);
  const shown = ranked.slice(0, NAMED);
  if (values[right] !== undefined && !shown.includes(right)) shown.push(right);
  return html`<h2>Most probable of ${values.length} classes</h2>
    <table class="parts in-line classes">
      ${shown.map(
        (k) =>
          html`<tr aria-current=${k === address.index ? "true" : nothing}>
            <td>
              <button class="link" @click=${() => step.look_at({ ...address, index: k })}>
                ${classes[k] ?? `class ${k}`}</button
              >${k === right ? html`<small>true label</small>` : nothing}
            </td>
            <td><i class="bar positive" style="width:${(100 * values[k]) / values[ranked[0]]}%"></i></td>
            <td>${percent(values[k], 1)}</td>
          </tr>`,
      )}
    </table>`;
}

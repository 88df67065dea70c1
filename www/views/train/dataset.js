import { html } from "lit";
import { choose_data } from "../../state/train/choices.js";
import { DATASETS } from "../../state/train/settings.js";
import { settings } from "../../state/shared/store.js";
import { View } from "../view.js";

/** The first set of each subject; larger ones of the same subject are chosen with the network's settings. */
const SUBJECTS = [DATASETS.imdb, DATASETS.reuters];

/** The choice of what the network learns from. */
class Dataset extends View {
  /** @override */
  render() {
    return html`
      <fieldset class="choice">
        <legend class="unseen">Data</legend>
        ${SUBJECTS.map(
          (data) => html`
            <label>
              <input
                type="radio"
                name="data"
                value=${data.name}
                .checked=${DATASETS[settings.value.data].subject === data.subject}
                @change=${() => choose_data(data.name)}
              />
              <span>${data.label}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }
}

customElements.define("unrolled-dataset", Dataset);

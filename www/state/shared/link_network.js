/**
 * How far a network has been trained, as a link says it: `updates=312`. Training is deterministic, so that settings,
 * seed, the learning rates and a number of updates are the network.
 */
/** From which update on a learning rate holds. @typedef {[from: number, rate: number]} RateChange */

/**
 * @typedef {object} TrainedTo
 * @property {number} updates at least 1
 * @property {RateChange[]} rates the first from update 0 on; empty where the settings' rate held throughout
 */

/** A link that asks for more is refused: rebuilding it would keep a reader waiting for minutes. */
export const MOST_UPDATES = 50_000;

/** The largest learning rate that a link may name: beyond it no optimizer trains anything. */
const LARGEST_RATE = 10;

/** Changes of the learning rate in one run that fit a link. */
export const MOST_RATES = 40;

const SEPARATOR = ",";

/**
 * @param {URLSearchParams} given
 * @returns {{ trained: TrainedTo | null, problem: string }} `problem` says why there is none, or is empty
 */
export function parse_trained(given) {
  const said = given.get("updates");
  if (said === null || said === "0") return { trained: null, problem: "" };
  if (!/^\d+$/.test(said))
    return refused(`“updates=${shortened(said)}” is no number of updates, so the network is untrained.`);
  const updates = Number(said);
  if (updates > MOST_UPDATES)
    return refused(
      `This link asks for ${shortened(said)} updates; at most ${MOST_UPDATES.toLocaleString("en")} can be ` +
        "repeated here, so the network is untrained.",
    );
  const rates = parse_rates(given.get("rates"), updates);
  if (!rates)
    return refused("The learning rates in this link cannot be read, so its network cannot be rebuilt.");
  return { trained: { updates, rates }, problem: "" };
}

/** @param {string} problem */
function refused(problem) {
  return { trained: null, problem };
}

/** What a link says, short enough for a sentence. @param {string} text */
export function shortened(text) {
  return text.length <= 20 ? text : `${text.slice(0, 19)}…`;
}

/** @param {string | null} said @param {number} updates @returns {RateChange[] | null} */
function parse_rates(said, updates) {
  if (said === null) return [];
  const entries = said.split(SEPARATOR);
  if (entries.length > MOST_RATES) return null;
  /** @type {RateChange[]} */
  const rates = [];
  for (const entry of entries) {
    const match = /^(\d{1,6}):(\d*\.?\d+(?:e-\d+)?)$/.exec(entry);
    if (!match) return null;
    const [from, rate] = [Number(match[1]), Number(match[2])];
    const expected = rates.length === 0 ? from === 0 : from > rates[rates.length - 1][0];
    if (!expected || from >= updates || !(rate > 0 && rate <= LARGEST_RATE)) return null;
    rates.push([from, rate]);
  }
  return rates;
}

/** @param {URLSearchParams} query @param {TrainedTo} trained @param {number} rate the present learning rate */
export function write_trained(query, { updates, rates }, rate) {
  query.set("updates", String(updates));
  const used = rates.filter(([from]) => from < updates);
  if (used.length > 1 || (used.length === 1 && used[0][1] !== rate))
    query.set("rates", used.map(([from, value]) => `${from}:${value}`).join(SEPARATOR));
}

/**
 * The parts of a training in which one learning rate holds.
 * @param {TrainedTo} trained @param {number} made updates that are made already @param {number} rate of the settings
 * @returns {{ rate: number, until: number }[]}
 */
export function legs_of({ updates, rates }, made, rate) {
  /** @type {RateChange[]} */
  const known = rates.length > 0 ? rates : [[0, rate]]; // NaN where the experiment has no single rate.
  const legs = known.map(([, value], k) => ({ rate: value, until: known[k + 1]?.[0] ?? updates }));
  return legs
    .map((leg) => ({ ...leg, until: Math.min(leg.until, updates) }))
    .filter(({ until }, k, all) => until > made && until > (all[k - 1]?.until ?? 0));
}

/**
 * Whether two histories of the learning rate agree up to an update.
 * @param {RateChange[]} one @param {RateChange[]} other @param {number} updates
 */
export function same_rates(one, other, updates) {
  const used = (/** @type {RateChange[]} */ rates) =>
    JSON.stringify(rates.filter(([from]) => from < updates));
  return used(one) === used(other);
}

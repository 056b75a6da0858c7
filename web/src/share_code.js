// Share codes of the LatentExplorer, as `stablegen_lib/widgets/explorer/code.py` writes and reads them.
//
// A code is "SG1.checksum.model.fields": a CRC-32 of what follows it, eight letters that follow the weights,
// and the state as JSON in base64 for addresses.

/**
 * @typedef {object} State
 * @property {number} seed
 * @property {number} truncation
 * @property {string} basis
 * @property {number[]} offsets
 * @property {number[]} choices
 * @property {number} count
 * @property {[string, number, string][]} names of directions: basis, number of the slider, name
 */

export const BASES = ["sefa", "pca", "raw", "own"];
const LONGEST = 50_000;
const MOST = 1_000;
const LONGEST_NAME = 24;
const DAMAGED = "This is not a whole share code. Copy it once more, from the first SG1 to the last letter.";
const FOREIGN = "This share code was not made by an explorer";

/**
 * @param {string} modelId
 * @param {State} state
 * @returns {string}
 */
export function pack(modelId, state) {
  const moved = state.offsets.flatMap((offset, i) => (offset ? [`"${i}":${float(offset)}`] : []));
  const fields = [
    String(state.seed),
    float(state.truncation),
    JSON.stringify(state.basis),
    String(state.offsets.length),
    `{${moved.join(",")}}`,
    JSON.stringify(state.choices),
    String(state.count),
    ...(state.names.length ? [ascii(JSON.stringify(state.names))] : []),
  ];
  const letters = btoa(`[${fields.join(",")}]`)
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  const body = `${modelId}.${letters}`;
  return `SG1.${checksum(body)}.${body}`;
}

/**
 * @param {string} code
 * @param {string} modelId of the model that is shown here
 * @returns {State}
 * @throws {Error} If the code is damaged, belongs to another model, or holds what `pack` never writes.
 */
export function unpack(code, modelId) {
  const found = /^SG1\.([0-9a-f]{8})\.(([^.\s]*)\.([A-Za-z0-9_-]*))$/.exec(code.trim());
  if (code.length > LONGEST || !found || found[1] !== checksum(found[2])) throw new Error(DAMAGED);
  if (found[3] !== modelId) {
    const whose = `${found[3].slice(0, 40)}, not ${modelId}`;
    throw new Error(`This code belongs to another model or other directions (${whose}).`);
  }
  return checked(parsed(found[4]));
}

/** @param {string} letters */
function parsed(letters) {
  try {
    const values = JSON.parse(atob(letters.replaceAll("-", "+").replaceAll("_", "/")));
    if (Array.isArray(values) && (values.length === 7 || values.length === 8)) return values;
  } catch {
    // no base64 or no JSON: said below
  }
  throw new Error(`${FOREIGN}: it holds no list of seven or eight fields.`);
}

/**
 * @param {any[]} values
 * @returns {State}
 */
function checked([seed, truncation, basis, sliders, moved, choices, count, ...named]) {
  need(whole(seed) && seed >= 0 && seed < 2 ** 31, "seed", "0 to 2147483647", seed);
  need(Number.isFinite(truncation) && truncation >= 0 && truncation <= 2, "truncation", "0 to 2", truncation);
  need(BASES.includes(basis), "basis", `one of ${BASES.join(", ")}`, basis);
  need(whole(sliders) && sliders >= 0 && sliders <= MOST, "number of sliders", `0 to ${MOST}`, sliders);
  need(isRecord(moved), "sliders", "pairs of number and offset", moved);
  const offsets = new Array(sliders).fill(0);
  for (const [index, offset] of Object.entries(moved)) {
    need(/^(0|[1-9]\d{0,3})$/.test(index) && Number(index) < sliders, "sliders", `below ${sliders}`, index);
    need(Number.isFinite(offset) && Math.abs(offset) <= 100, `slider ${index}`, "-100 to 100", offset);
    offsets[Number(index)] = offset;
  }
  const listed = Array.isArray(choices) && choices.length <= MOST;
  need(listed && choices.every((c) => whole(c) && c >= 0), "choices", "a list of whole numbers", choices);
  need(count === 1 || count === 16, "count", "1 or 16", count);
  const names = named.length ? named[0] : [];
  const triples = "triples of basis, slider and name";
  need(
    !named.length || (Array.isArray(names) && 0 < names.length && names.length <= MOST),
    "names",
    triples,
    names,
  );
  for (const entry of names) need(isNamed(entry), "names", triples, entry);
  return { seed, truncation, basis, offsets, choices, count, names };
}

/** @param {unknown} entry */
function isNamed(entry) {
  if (!Array.isArray(entry) || entry.length !== 3) return false;
  const [basis, slider, name] = entry;
  const letters = typeof name === "string" ? [...name].length : 0;
  return BASES.includes(basis) && whole(slider) && 0 < letters && letters <= LONGEST_NAME;
}

/**
 * JSON as Python writes it: other letters by their number.
 * @param {string} text
 */
function ascii(text) {
  return text.replace(/[\u007f-\uffff]/g, (l) => `\\u${l.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * @param {boolean} fine
 * @param {string} name
 * @param {string} needed
 * @param {unknown} value
 */
function need(fine, name, needed, value) {
  if (fine) return;
  const came = String(JSON.stringify(value)).slice(0, 40);
  throw new Error(`${FOREIGN}: ${name} must be ${needed}, and ${came} came.`);
}

/** @param {unknown} value */
function whole(value) {
  return Number.isSafeInteger(value);
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A number as Python writes a float: "1.0", "1e-07".
 * @param {number} value
 */
function float(value) {
  if (Number.isInteger(value)) return Math.abs(value) < 1e16 ? `${value}.0` : exponent(String(value));
  return exponent(Math.abs(value) < 1e-4 ? value.toExponential() : String(value));
}

/**
 * A number as Python's format "g" writes it, for people.
 * @param {number} value
 */
export function general(value) {
  const short = Number(value.toPrecision(6));
  return short && Math.abs(short) < 1e-4 ? exponent(short.toExponential()) : String(short);
}

/** @param {string} text Python gives an exponent two digits at least */
function exponent(text) {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** @param {string} text of ASCII */
function checksum(text) {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

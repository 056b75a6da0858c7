// From a state of the explorer to pictures: which x, which z. As `stablegen_lib/widgets/explorer/scene.py`.

import { generate } from "../generator.js";
import { randn, Twister } from "../random.js";
import { readSafetensors } from "../safetensors.js";
import { general } from "../share_code.js";

/** @typedef {import("../share_code.js").State} State */
/** @typedef {{name: string, values: string[]}} Attribute */
/**
 * @typedef {object} About
 * @property {string} modelId
 * @property {number} latentDim
 * @property {number} sliders
 * @property {number} seed of the first picture
 * @property {Attribute[]} attributes
 * @property {number[]} usual
 */

/** A generator with its attributes and directions. */
export class Scene {
  /**
   * @param {ArrayBuffer} file of `sharing.page_weights`
   * @param {string} [name] of the file
   */
  constructor(file, name = "") {
    this.name = name;
    const { tensors, about } = readSafetensors(file);
    this.weights = tensors;
    /** @type {About} */
    this.about = JSON.parse(about.about);
    this.conditionSize = this.about.attributes.reduce((sum, { values }) => sum + values.length, 0);
    /** @type {Map<number, Float32Array>} */
    this.drawn = new Map();
  }

  /** @returns {State} */
  start() {
    const offsets = new Array(this.about.sliders).fill(0);
    return {
      seed: this.about.seed,
      truncation: 1,
      basis: "sefa",
      offsets,
      choices: [...this.about.usual],
      count: 1,
      names: [],
    };
  }

  /**
   * @param {State} state
   * @returns {State} the state itself, if it fits this model
   * @throws {Error} If it does not.
   */
  checked(state) {
    const { attributes, sliders } = this.about;
    const fits = state.choices.length === attributes.length && state.offsets.length === sliders;
    if (!fits || state.basis === "own")
      throw new Error("This code needs sliders or attributes that are not here.");
    state.choices.forEach((choice, i) => {
      if (choice >= attributes[i].values.length)
        throw new Error(`${attributes[i].name} has no value ${choice}.`);
    });
    return state;
  }

  /**
   * @param {State} state
   * @returns {Float32Array} x: a 1 for each attribute
   */
  conditions(state) {
    const x = new Float32Array(this.conditionSize);
    let start = 0;
    this.about.attributes.forEach(({ values }, i) => {
      x[start + state.choices[i]] = 1;
      start += values.length;
    });
    return x;
  }

  /**
   * @param {State} state
   * @param {number} number of the picture; each has a seed of its own
   * @returns {Float32Array} z: drawn, truncated, then moved along the directions
   */
  latents(state, number) {
    const z = this.#draw(state.seed + number).map((value) => value * Math.fround(state.truncation));
    state.offsets.forEach((offset, slider) => {
      if (!offset) return;
      const row = this.direction(state.basis, slider);
      for (let i = 0; i < z.length; i++) z[i] += Math.fround(offset) * row[i];
    });
    return z;
  }

  /**
   * @param {string} basis
   * @param {number} slider
   * @returns {Float32Array}
   */
  direction(basis, slider) {
    const size = this.about.latentDim;
    if (basis === "raw") return Float32Array.from({ length: size }, (_, i) => Number(i === slider));
    return this.weights[`directions.${basis}`].data.subarray(slider * size, (slider + 1) * size);
  }

  /** @param {State} state */
  images(state) {
    const x = this.conditions(state);
    return Array.from({ length: state.count }, (_, i) => generate(this.weights, x, this.latents(state, i)));
  }

  /**
   * What stands beside each slider: its name, or its number where nobody has named it.
   * @param {State} state
   */
  labels({ basis, names }) {
    const known = new Map(names.flatMap(([whose, i, name]) => (whose === basis ? [[i, name]] : [])));
    return Array.from(
      { length: this.about.sliders },
      (_, i) => known.get(i) ?? (basis === "raw" ? `z[${i}]` : `direction ${i + 1}`),
    );
  }

  /**
   * A state in words, for readers who cannot see it.
   * @param {State} state
   */
  words(state) {
    const labels = this.labels(state);
    const chosen = this.about.attributes.map(({ name, values }, i) => `${name} ${values[state.choices[i]]}`);
    const moved = state.offsets.flatMap((o, i) =>
      o ? [`${labels[i]} at ${o > 0 ? "+" : ""}${general(o)}`] : [],
    );
    const what = state.count === 1 ? "One picture" : `${state.count} pictures`;
    return `${[`${what}, seed ${state.seed}, truncation ${general(state.truncation)}`, ...chosen, ...moved].join("; ")}.`;
  }

  /** @param {number} seed */
  #draw(seed) {
    if (this.drawn.size > 64) this.drawn.clear();
    const z = this.drawn.get(seed) ?? randn(this.about.latentDim, new Twister(seed));
    this.drawn.set(seed, z);
    return z;
  }
}

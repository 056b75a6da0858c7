// The sliders and menus of the explorer.

import { element, labelled, menu } from "../dom.js";

/** @typedef {import("../share_code.js").State} State */
/** @typedef {import("./scene.js").Scene} Scene */

const BASIS_NAMES = {
  sefa: "leading directions (SeFa)",
  pca: "leading directions (PCA)",
  raw: "raw coordinates of z",
};
const FARTHEST = 4;
const LARGEST_SEED = 2 ** 31 - 1;

/** Shows a state, and says `changed(state)` when somebody moves something. */
export class Controls {
  /**
   * @param {Scene} scene
   * @param {State} state
   * @param {(state: State) => void} changed
   * @param {boolean} small attributes, seed and two sliders only
   */
  constructor(scene, state, changed, small) {
    this.scene = scene;
    this.state = state;
    this.changed = changed;
    this.choices = scene.about.attributes.map((attribute, place) => this.#choice(attribute, place));
    this.seed = element("input", {
      type: "number",
      min: 0,
      max: LARGEST_SEED,
      step: 1,
      inputMode: "numeric",
    });
    this.#listen(this.seed, "change", () => ({
      seed: clamp(Math.round(this.seed.valueAsNumber), LARGEST_SEED),
    }));
    this.truncation = slider(0, 2, 0.05);
    this.#listen(this.truncation, "input", () => ({ truncation: this.truncation.valueAsNumber }));
    this.basis = menu(Object.entries(BASIS_NAMES));
    this.#listen(this.basis, "change", () => ({
      basis: this.basis.value,
      offsets: this.state.offsets.map(() => 0),
    }));
    this.count = menu([
      ["1", "one picture"],
      ["16", "a grid of 16"],
    ]);
    this.#listen(this.count, "change", () => ({ count: Number(this.count.value) }));
    this.offsets = state.offsets.map((_, place) => this.#offset(place));
    this.box = element("div", { className: "controls" }, ...this.#rows(small));
    this.show(state);
  }

  /** @param {State} state */
  show(state) {
    this.state = state;
    const labels = this.scene.labels(state);
    this.seed.value = state.seed;
    this.basis.value = state.basis;
    this.count.value = state.count;
    put(this.truncation, state.truncation);
    for (const [i, choice] of this.choices.entries()) choice.show(state.choices[i]);
    this.offsets.forEach(({ label, input }, i) => {
      label.textContent = labels[i];
      put(input, state.offsets[i]);
    });
  }

  /** @param {boolean} small */
  #rows(small) {
    const attributes = element(
      "fieldset",
      {},
      element("legend", {}, "Ask for (x)"),
      ...this.choices.map((c) => c.row),
    );
    const sliders = this.offsets.map(({ row }) => row);
    const shown = small ? sliders.slice(0, 2) : [labelled("sliders move", this.basis), ...sliders];
    const latent = [
      labelled("seed", this.seed),
      labelled("truncation", this.truncation, this.truncation.output),
      ...shown,
    ];
    const z = element("fieldset", {}, element("legend", {}, "Left to chance (z)"), ...latent);
    const asked = this.choices.length ? [attributes] : [];
    return small ? [...asked, z] : [labelled("show", this.count), ...asked, z];
  }

  /**
   * @param {import("./scene.js").Attribute} attribute
   * @param {number} place
   */
  #choice({ name, values }, place) {
    const select = menu(values.map((value, i) => [String(i), value]));
    const swatch = element("span", { className: "swatch" });
    this.#listen(select, "change", () => {
      const choices = [...this.state.choices];
      choices[place] = Number(select.value);
      return { choices };
    });
    /** @param {number} choice */
    const show = (choice) => {
      select.value = String(choice);
      const colour = /\((#[0-9a-f]{6})\)/.exec(values[choice]);
      swatch.style.background = colour ? colour[1] : "";
      swatch.hidden = !colour;
    };
    return { row: labelled(name, select, swatch), show };
  }

  /** @param {number} place */
  #offset(place) {
    const input = slider(-FARTHEST, FARTHEST, 0.1);
    this.#listen(input, "input", () => {
      const offsets = [...this.state.offsets];
      offsets[place] = input.valueAsNumber;
      return { offsets };
    });
    const row = labelled("", input, input.output);
    return { row, input, label: row.querySelector("span") };
  }

  /**
   * @param {HTMLElement} control
   * @param {string} event
   * @param {() => Partial<State>} part what is different now
   */
  #listen(control, event, part) {
    control.addEventListener(event, () => {
      const state = { ...this.state, ...part() };
      this.show(state);
      this.changed(state);
    });
  }
}

/**
 * A slider with its number beside, as `output`.
 * @param {number} min
 * @param {number} max
 * @param {number} step
 */
function slider(min, max, step) {
  const input = element("input", { type: "range", min, max, step });
  input.output = element("output", {});
  return input;
}

/**
 * @param {any} input
 * @param {number} value
 */
function put(input, value) {
  input.value = value;
  input.output.textContent = String(value);
}

/**
 * @param {number} value
 * @param {number} most
 */
function clamp(value, most) {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}

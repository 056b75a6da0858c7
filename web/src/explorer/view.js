// A generator behind sliders and menus. The state of the view is the address of its page.

import { button, element, labelled, menu } from "../dom.js";
import { paint } from "../pixels.js";
import { pack, unpack } from "../share_code.js";
import { Controls } from "./controls.js";

/** @typedef {import("../share_code.js").State} State */
/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./library.js").Library} Library */
/** @typedef {import("./library.js").Generator} Generator */
/**
 * @typedef {(state: State) => Promise<{side: number, data: Float32Array}[]>} Many draws a grid, and quickly
 */

const QUIET = 400; // milliseconds without a change before the words are said and the address follows

/** What the address names: a share code, a generator, or something else. */
export function named() {
  return decodeURIComponent(location.hash.slice(1));
}

/** What stands in the place of a stored picture, and follows its controls. */
export class View {
  /**
   * @param {Scene} scene
   * @param {boolean} small
   * @param {Library} [library] has other generators, and something quicker for grids
   */
  constructor(scene, small, library) {
    this.scene = scene;
    this.state = scene.start();
    this.small = small;
    this.library = library;
    this.waiting = false;
    this.drawn = 0;
    this.timer = 0;
    this.busy = false;
    this.canvas = element("canvas", { className: "picture", role: "img" });
    this.words = element("p", { className: "words", role: "status" });
    this.message = element("p", { className: "message", role: "alert" });
    this.credit = element("p", { className: "words" });
    this.code = element("input", { type: "text", spellcheck: false, autocomplete: "off" });
    this.code.addEventListener("change", () => this.enter(this.code.value));
    const left = element(
      "div",
      { className: "shown" },
      this.canvas,
      this.#buttons(),
      this.words,
      this.credit,
      this.message,
    );
    this.menu = this.#menu();
    this.controls = this.#controls();
    this.side = element("div", { className: "controls" }, ...this.#row(), this.controls.box);
    this.box = element("div", { className: "explorer" }, left, this.side);
    this.use(scene);
  }

  /**
   * Shows the first picture of a generator.
   * @param {Scene} scene
   */
  use(scene) {
    this.scene = scene;
    this.state = scene.start();
    /** @type {Promise<void> | undefined} */
    this.loading = undefined;
    /** @type {Many | undefined} */
    this.many = undefined;
    this.controls.box.remove();
    this.controls = this.#controls();
    this.side.append(this.controls.box);
    this.menu.value = scene.name;
    const shown = this.library?.generators.find(({ name }) => name === scene.name);
    this.credit.textContent = shown?.credit ?? "";
  }

  #controls() {
    return new Controls(this.scene, this.state, (state) => this.go(state), this.small);
  }

  #menu() {
    const { generators } = this.library ?? { generators: [] };
    const made = menu(generators.map(({ name, title }) => [name, title]));
    made.addEventListener("change", () => this.enter(made.value));
    return made;
  }

  #row() {
    return this.small || this.menu.length < 2 ? [] : [labelled("generator", this.menu)];
  }

  /** @param {HTMLElement} place */
  putInto(place) {
    place.replaceChildren(this.box);
    this.fromAddress();
    if (!this.small) window.addEventListener("hashchange", () => this.fromAddress());
    return this;
  }

  #buttons() {
    const randomise = button("randomise", () =>
      this.go({ ...this.state, seed: Math.floor(Math.random() * 1e6) }),
    );
    const reset = button("reset", () => this.go({ ...this.scene.start(), count: this.state.count }));
    if (this.small) return element("div", { className: "buttons" }, randomise, reset, this.#more());
    const save = button("save as PNG", () => this.save());
    const copy = button("copy link", () => this.copy());
    const buttons = element("div", { className: "buttons" }, randomise, reset, save, copy);
    return element("div", {}, buttons, labelled("share code", this.code));
  }

  #more() {
    this.link = element("a", { href: "explore.html" }, "more sliders");
    return this.link;
  }

  /** @param {State} state */
  go(state) {
    this.state = state;
    this.controls.show(state);
    this.message.textContent = "";
    if (!this.waiting) requestAnimationFrame(() => this.draw());
    this.waiting = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), QUIET);
  }

  draw() {
    this.waiting = false;
    if (this.library && this.state.count > 1) this.#drawMany(this.library);
    else this.#paint(this.scene.images(this.state));
  }

  /**
   * With the quick generator if it is there; it is fetched when a grid is first asked for.
   * @param {Library} library
   */
  async #drawMany(library) {
    const { scene } = this;
    this.loading ??= library.many(scene).then(
      (many) => {
        if (this.scene === scene) this.many = many;
      },
      () => {
        this.message.textContent = "The quick generator did not come: the grid follows more slowly.";
      },
    );
    const { state } = this;
    if (!this.many) this.#paint(this.scene.images(state));
    else if (!this.busy) {
      this.busy = true;
      try {
        this.#paint(await this.many(state));
      } finally {
        this.busy = false;
      }
      if (this.state !== state) this.draw();
    }
  }

  /** @param {{side: number, data: Float32Array}[]} images */
  #paint(images) {
    paint(this.canvas, images);
    this.canvas.setAttribute("aria-label", this.scene.words(this.state));
    this.drawn += 1;
  }

  /** What need not follow every step of a drag: words for screen readers, share code, address. */
  settle() {
    const code = pack(this.scene.about.modelId, this.state);
    this.words.textContent = this.scene.words(this.state);
    if (document.activeElement !== this.code) this.code.value = code; // else somebody is writing there
    if (this.link) this.link.href = `explore.html#${code}`;
    if (!this.small && location.hash !== `#${code}`) history.replaceState(null, "", `#${code}`);
  }

  /** Goes where the address says; else to the start. */
  fromAddress() {
    const text = named();
    if (!this.small && (text.startsWith("SG1") || this.library?.find(text))) this.enter(text);
    else this.go(this.state);
  }

  /**
   * Goes where a share code says, or to the first picture of a generator; another one is fetched first.
   * @param {string} code a share code, or the name of a generator
   */
  async enter(code) {
    const generator = this.library?.find(code.trim());
    try {
      if (generator && !(await this.#change(generator))) return;
      if (generator?.name === code.trim()) this.go(this.scene.start());
      else this.go(this.scene.checked(unpack(code, this.scene.about.modelId)));
    } catch (error) {
      this.menu.value = this.scene.name;
      this.go(this.state);
      this.message.textContent = /** @type {Error} */ (error).message;
    }
  }

  /**
   * Fetches a generator, unless it is the one that is shown.
   * @param {Generator} generator
   * @returns {Promise<boolean>} whether nobody has chosen another one meanwhile
   */
  async #change(generator) {
    this.wanted = generator;
    if (!this.library || generator.name === this.scene.name) return true;
    const scene = await this.library.load(generator, (told) => {
      this.words.textContent = told;
    });
    if (this.wanted === generator) this.use(scene);
    return this.wanted === generator;
  }

  async copy() {
    this.settle();
    try {
      await navigator.clipboard.writeText(location.href);
      this.message.textContent = "Copied.";
    } catch {
      this.message.textContent = "The browser did not allow it: copy the address yourself.";
    }
  }

  /** The picture, enlarged without blur. */
  save() {
    const { width, height } = this.canvas;
    const times = Math.min(24, Math.ceil(1600 / width));
    const large = element("canvas", { width: width * times, height: height * times });
    const context = large.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas, 0, 0, large.width, large.height);
    large.toBlob((/** @type {Blob} */ blob) => {
      const link = element("a", { href: URL.createObjectURL(blob), download: "stablegen.png" });
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
}

// A generator behind sliders and menus. The state of the view is the address of its page.

import { button, element, labelled } from "../dom.js";
import { paint } from "../pixels.js";
import { pack, unpack } from "../share_code.js";
import { Controls } from "./controls.js";

/** @typedef {import("../share_code.js").State} State */
/** @typedef {import("./scene.js").Scene} Scene */
/**
 * @typedef {(state: State) => Promise<{side: number, data: Float32Array}[]>} Many draws a grid, and quickly
 */

const QUIET = 400; // milliseconds without a change before the words are said and the address follows

/** What stands in the place of a stored picture, and follows its controls. */
export class View {
  /**
   * @param {Scene} scene
   * @param {boolean} small
   * @param {(scene: Scene) => Promise<Many>} [quicker] fetches something quicker for grids
   */
  constructor(scene, small, quicker) {
    this.scene = scene;
    this.small = small;
    this.quicker = quicker;
    this.state = scene.start();
    this.waiting = false;
    this.drawn = 0;
    this.timer = 0;
    this.busy = false;
    /** @type {Promise<void> | undefined} */
    this.loading = undefined;
    /** @type {Many | undefined} */
    this.many = undefined;
    this.canvas = element("canvas", { className: "picture", role: "img" });
    this.words = element("p", { className: "words", role: "status" });
    this.message = element("p", { className: "message", role: "alert" });
    this.controls = new Controls(scene, this.state, (state) => this.go(state), small);
    this.code = element("input", { type: "text", spellcheck: false, autocomplete: "off" });
    this.code.addEventListener("change", () => this.enter(this.code.value));
    const left = element(
      "div",
      { className: "shown" },
      this.canvas,
      this.#buttons(),
      this.words,
      this.message,
    );
    this.box = element("div", { className: "explorer" }, left, this.controls.box);
  }

  /**
   * @param {HTMLElement} place
   */
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
    if (this.quicker && this.state.count > 1) this.#drawMany(this.quicker);
    else this.#paint(this.scene.images(this.state));
  }

  /**
   * With the quick generator if it is there; it is fetched when a grid is first asked for.
   * @param {(scene: Scene) => Promise<Many>} quicker
   */
  async #drawMany(quicker) {
    this.loading ??= quicker(this.scene).then(
      (many) => {
        this.many = many;
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
    this.code.value = code;
    if (this.link) this.link.href = `explore.html#${code}`;
    if (!this.small && location.hash !== `#${code}`) history.replaceState(null, "", `#${code}`);
  }

  /** Goes where the address says; else to the start. */
  fromAddress() {
    const code = decodeURIComponent(location.hash.slice(1));
    if (!this.small && code.startsWith("SG1")) this.enter(code);
    else this.go(this.state);
  }

  /** @param {string} code */
  enter(code) {
    try {
      this.go(this.scene.checked(unpack(code, this.scene.about.modelId)));
    } catch (error) {
      this.go(this.state);
      this.message.textContent = /** @type {Error} */ (error).message;
    }
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
    const large = element("canvas", { width: this.canvas.width * 24, height: this.canvas.height * 24 });
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

// The duel in the page: two networks that teach each other, step by step, in plain JavaScript.

import { button, element, labelled, menu } from "../dom.js";
import { alongStrokes, DATA_SETS } from "./data.js";
import { Game, RULES } from "./game.js";
import { describe, drawChart, drawPlane, SIDE } from "./picture.js";

const SPOKEN = 2000; // milliseconds between two descriptions while it plays
const DRAW_NOW = "Draw on the left square, with a finger or the mouse: G will learn your lines.";

/** @param {HTMLElement} place what stands in it until now is the stored picture */
export function show(place) {
  const page = new Page();
  place.replaceChildren(page.box);
  page.draw();
  return page;
}

class Page {
  constructor() {
    this.game = new Game(DATA_SETS.ring(), 0);
    this.playing = false;
    this.spoken = 0;
    /** @type {import("./data.js").Point[][]} */
    this.strokes = [];
    /** @type {import("./data.js").Point[] | null} */
    this.stroke = null;
    this.canvas = element("canvas", { className: "plane", role: "img", width: SIDE, height: SIDE });
    this.chart = element("canvas", { className: "plane", width: SIDE, height: SIDE, "aria-hidden": "true" });
    const pictures = element("div", { className: "duel" }, this.canvas, this.chart);
    this.words = element("p", { className: "words", role: "status" });
    this.play = button("play", () => this.setPlaying(!this.playing));
    this.box = element("div", {}, this.#buttons(), pictures, this.words, this.#settings());
    this.#listenToStrokes();
  }

  #buttons() {
    const moves = [
      button("step D", () => this.move(() => this.game.stepDiscriminator())),
      button("step G", () => this.move(() => this.game.stepGenerator())),
      button("step both", () => this.move(() => this.game.step())),
      this.play,
      button("restart", () => this.move(() => this.game.reset())),
      button("new drawing", () => this.choose("drawing")),
    ];
    return element("div", { className: "buttons" }, ...moves);
  }

  #settings() {
    this.data = menu([
      ["ring", "ring of 8"],
      ["grid", "grid of 25"],
      ["moons", "two moons"],
      ["drawing", "my drawing"],
    ]);
    this.data.addEventListener("change", () => this.choose(this.data.value));
    const seed = element("input", { type: "number", min: 0, max: 2 ** 31 - 1, step: 1, value: 0 });
    seed.addEventListener("change", () =>
      this.move(() => this.game.reset(Math.abs(Math.trunc(seed.valueAsNumber)) || 0)),
    );
    const loss = menu([
      ["non_saturating", "non-saturating"],
      ["minimax", "minimax"],
    ]);
    loss.addEventListener("change", () => this.game.change({ loss: loss.value }));
    this.rounds = element("input", { type: "range", min: 1, max: 20, step: 1, value: 1 });
    return element(
      "div",
      { className: "controls" },
      labelled("data", this.data),
      labelled("seed", seed),
      this.#rate("D's learning rate", "discriminatorRate"),
      this.#rate("G's learning rate", "generatorRate"),
      labelled("G's loss", loss),
      this.#slider("slope penalty", { min: 0, max: 1, step: 0.01, value: RULES.gamma }, (gamma) => {
        this.game.change({ gamma });
        return String(gamma);
      }),
      labelled("rounds a frame", this.rounds),
    );
  }

  /**
   * A learning rate, from 0.00001 to 0.1, even in powers of ten.
   * @param {string} text
   * @param {"discriminatorRate" | "generatorRate"} name
   */
  #rate(text, name) {
    return this.#slider(text, { min: -5, max: -1, step: 0.1, value: Math.log10(RULES[name]) }, (power) => {
      const rate = Number((10 ** power).toPrecision(2));
      this.game.change({ [name]: rate });
      return String(rate);
    });
  }

  /**
   * @param {string} text
   * @param {Record<string, number>} range
   * @param {(value: number) => string} changed returns what stands beside the slider
   */
  #slider(text, range, changed) {
    const input = element("input", { type: "range", ...range });
    const output = element("output", {}, changed(input.valueAsNumber));
    input.addEventListener("input", () => {
      output.textContent = changed(input.valueAsNumber);
    });
    return labelled(text, input, output);
  }

  /** One move by hand; it pauses what plays. @param {() => void} what */
  move(what) {
    this.setPlaying(false);
    what();
    this.draw();
  }

  /** @param {string} name of the data */
  choose(name) {
    this.strokes = [];
    this.data.value = name;
    this.canvas.classList.toggle("drawable", name === "drawing");
    this.move(() => {
      if (name in DATA_SETS) this.game.use(DATA_SETS[name]());
      this.game.reset();
    });
    if (name === "drawing") this.words.textContent = DRAW_NOW;
  }

  /** @param {boolean} playing */
  setPlaying(playing) {
    if (playing && !this.playing) requestAnimationFrame(() => this.#frame());
    this.playing = playing;
    this.play.textContent = playing ? "pause" : "play";
  }

  #frame() {
    if (!this.playing) return;
    for (let i = 0; i < Number(this.rounds.value); i++) this.game.step();
    this.draw();
    requestAnimationFrame(() => this.#frame());
  }

  draw() {
    drawPlane(this.canvas, this.game);
    drawChart(this.chart, this.game);
    const now = performance.now();
    if (this.playing && now - this.spoken < SPOKEN) return;
    this.spoken = now;
    const words = describe(this.game);
    this.words.textContent = words;
    this.canvas.setAttribute("aria-label", words);
  }

  #listenToStrokes() {
    this.canvas.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (this.data.value !== "drawing") return;
      this.canvas.setPointerCapture(event.pointerId);
      this.stroke = [];
      this.#extend(event);
    });
    this.canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.#extend(event));
    this.canvas.addEventListener("pointerup", () => this.#finish());
  }

  /** @param {PointerEvent} event */
  #extend(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const x = (event.clientX - left) / width;
    const y = (event.clientY - top) / height;
    if (Math.max(x, y) >= 1 || Math.min(x, y) <= 0) return;
    this.stroke?.push([(2 * x - 1) * this.game.reach, (1 - 2 * y) * this.game.reach]);
  }

  /** The first stroke starts a new game; from the second on the networks go on learning. */
  #finish() {
    if (!this.stroke?.length) return;
    const strokes = [...this.strokes, this.stroke];
    this.stroke = null;
    try {
      const drawing = alongStrokes(strokes);
      if (!this.strokes.length) this.game.reset();
      this.game.use(drawing, this.game.reach);
      this.strokes = strokes;
      this.draw();
    } catch (error) {
      this.words.textContent = /** @type {Error} */ (error).message;
    }
  }
}

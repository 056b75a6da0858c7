// The prompter in the page: words in, pictures out, step by step. The networks come when they are asked for.

import { button, download, element, labelled } from "../dom.js";
import { paint } from "../pixels.js";
import { randn, Twister } from "../random.js";
import { denoise } from "./diffusion.js";
import { Networks } from "./networks.js";
import { unknownWords } from "./tokenizer.js";

const COUNT = 4; // pictures
const RUNTIME = 14.3; // megabytes of onnxruntime-web, beside the networks

/** @param {HTMLElement} place what stands in it until now is the stored picture */
export async function show(place) {
  const about = JSON.parse(new TextDecoder().decode(await download("live/prompter.json")));
  const megabytes = (about.bytes / 1e6 + RUNTIME).toFixed(0);
  const told = element("p", { role: "status" });
  const load = button(`Load the networks (${megabytes} MB)`, async () => {
    load.disabled = true;
    try {
      const networks = await Networks.load(about, (done) => {
        told.textContent = `${Math.round((100 * done) / about.bytes)} % of the networks have come.`;
      });
      const page = new Page(networks);
      place.replaceChildren(page.box);
      Object.assign(place, { page });
      await page.draw();
    } catch (error) {
      told.textContent = `The networks did not come: ${/** @type {Error} */ (error).message}`;
      load.disabled = false;
    }
  });
  place.append(element("div", { className: "buttons" }, load), told);
}

class Page {
  /** @param {Networks} networks */
  constructor(networks) {
    this.networks = networks;
    this.run = 0;
    const { about } = networks;
    this.prompt = element("input", { type: "text", value: about.prompt, autocomplete: "off" });
    this.seed = element("input", { type: "number", min: 0, max: 99_999, step: 1, value: 0 });
    this.guidance = element("input", { type: "range", min: 0, max: 8, step: 0.25, value: about.guidance });
    this.scale = element("output", {}, String(about.guidance));
    this.canvas = element("canvas", { className: "picture", role: "img" });
    this.words = element("p", { className: "words", role: "status" });
    for (const control of [this.prompt, this.seed, this.guidance]) {
      control.addEventListener("change", () => this.draw());
    }
    this.guidance.addEventListener("input", () => {
      this.scale.textContent = this.guidance.value;
    });
    const controls = element(
      "div",
      { className: "controls" },
      labelled("prompt", this.prompt),
      labelled("guidance", this.guidance, this.scale),
      labelled("seed", this.seed),
      element(
        "div",
        { className: "buttons" },
        button("draw", () => this.draw()),
      ),
    );
    const shown = element("div", { className: "shown" }, this.canvas, this.words);
    this.box = element("div", { className: "prompter" }, shown, controls);
  }

  /** Four pictures for the prompt; a newer call ends an older one. */
  async draw() {
    this.run += 1;
    const { run, networks } = this;
    const { about } = networks;
    const prompt = this.prompt.value;
    const size = about.latentShape.reduce((a, b) => a * b);
    const [nothing, words] = [await networks.read(""), await networks.read(prompt)];
    const predict = networks.predictor(nothing, words, this.guidance.valueAsNumber);
    const start = randn(COUNT * size, new Twister(this.seed.valueAsNumber || 0));
    for await (const { number, x0 } of denoise(about, predict, start)) {
      if (run !== this.run) return;
      paint(this.canvas, await networks.decode(x0));
      this.#say(prompt, number);
      await new Promise(requestAnimationFrame);
    }
  }

  /**
   * @param {string} prompt
   * @param {number} number of steps done
   */
  #say(prompt, number) {
    const { levels, knownWords } = this.networks.about;
    const unknown = unknownWords(knownWords, prompt);
    const done = number === levels.length ? "finished" : `after step ${number} of ${levels.length}`;
    const never = unknown.length ? ` Never seen in training: ${unknown.join(", ")}.` : "";
    const words = `${COUNT} pictures for “${prompt}”, ${done}.${never}`;
    this.canvas.setAttribute("aria-label", words);
    this.words.textContent = words;
  }
}

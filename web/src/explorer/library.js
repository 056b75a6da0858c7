// The generators that the page can show. The weights of one are fetched when it is chosen.

import { download } from "../dom.js";
import { loadMany } from "./many.js";
import { Scene } from "./scene.js";

/**
 * @typedef {object} Generator
 * @property {string} name of its files, and in the address
 * @property {string} title
 * @property {string} modelId in share codes
 * @property {number} bytes
 * @property {string} [credit] whom to name where its pictures are shown
 */

/** What `web/export_generators.py` lists. */
export class Library {
  /** @param {Generator[]} generators the first one is what the page begins with */
  constructor(generators) {
    this.generators = generators;
    this.many = loadMany;
  }

  /**
   * @param {string} text a name or a share code
   * @returns {Generator | undefined} whom it names
   */
  find(text) {
    const modelId = text.startsWith("SG1.") ? text.split(".")[2] : "";
    return this.generators.find((generator) => generator.name === text || generator.modelId === modelId);
  }

  /**
   * @param {Generator} generator
   * @param {(told: string) => void} [tell] how far it is
   */
  async load({ name, title, bytes }, tell = () => {}) {
    const all = (bytes / 1e6).toFixed(1);
    const file = await download(`live/${name}.safetensors`, (done) =>
      tell(`Loading ${title}: ${(done / 1e6).toFixed(1)} of ${all} MB.`),
    );
    return new Scene(file, name);
  }
}

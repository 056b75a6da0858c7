// The three networks of the prompter, run by onnxruntime-web.

import { download } from "../dom.js";
import { onnxruntime } from "../ort.js";
import { guided } from "./diffusion.js";
import { tokens } from "./tokenizer.js";

/** @typedef {import("./diffusion.js").About} About */

const FILES = ["words", "unet", "decoder"];

/** Loads them; `Networks.load` says how far it is. */
export class Networks {
  /**
   * @param {About} about
   * @param {any} ort
   * @param {Record<string, any>} sessions
   */
  constructor(about, ort, sessions) {
    this.about = about;
    this.ort = ort;
    this.sessions = sessions;
  }

  /**
   * @param {About} about
   * @param {(done: number) => void} told bytes of the networks that have come
   */
  static async load(about, told) {
    const ort = await onnxruntime();
    /** @type {Record<string, any>} */
    const sessions = {};
    let before = 0;
    for (const name of FILES) {
      const file = await download(`live/${name}.onnx`, (done) => told(before + done));
      before += file.byteLength;
      sessions[name] = await ort.InferenceSession.create(new Uint8Array(file));
    }
    return new Networks(about, ort, sessions);
  }

  /**
   * @param {string} prompt
   * @returns {Promise<{data: Float32Array, dims: number[]}>} one vector for each token
   */
  async read(prompt) {
    const ids = tokens(this.about.tokenizer, prompt);
    const input = new this.ort.Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]);
    return (await this.sessions.words.run({ tokens: input })).words;
  }

  /**
   * What the U-Net predicts for noisy maps, with guidance: two passes, without and with the words.
   * @param {{data: Float32Array, dims: number[]}} nothing the empty prompt
   * @param {{data: Float32Array, dims: number[]}} words
   * @param {number} scale
   * @returns {(maps: Float32Array, level: number) => Promise<Float32Array>}
   */
  predictor(nothing, words, scale) {
    const size = this.about.latentShape.reduce((a, b) => a * b);
    const groups = scale === 1 ? [words] : [nothing, words];
    return async (maps, level) => {
      const count = maps.length / size;
      const all = new Float32Array(groups.length * maps.length);
      const heard = new Float32Array(groups.length * count * words.data.length);
      for (const [group, { data }] of groups.entries()) {
        all.set(maps, group * maps.length);
        for (let i = 0; i < count; i++) heard.set(data, (group * count + i) * data.length);
      }
      const batch = groups.length * count;
      const { predicted } = await this.sessions.unet.run({
        maps: new this.ort.Tensor("float32", all, [batch, ...this.about.latentShape]),
        t: new this.ort.Tensor("int64", BigInt64Array.of(BigInt(level)), []),
        words: new this.ort.Tensor("float32", heard, [batch, ...words.dims.slice(1)]),
      });
      return scale === 1 ? predicted.data : guided(predicted.data, scale);
    };
  }

  /**
   * @param {Float32Array} maps of several pictures
   * @returns {Promise<{side: number, data: Float32Array}[]>}
   */
  async decode(maps) {
    const { latentShape } = this.about;
    const count = maps.length / latentShape.reduce((a, b) => a * b);
    const input = new this.ort.Tensor("float32", maps, [count, ...latentShape]);
    const { images } = await this.sessions.decoder.run({ maps: input });
    const size = images.data.length / count;
    return Array.from({ length: count }, (_, i) => ({
      side: images.dims[3],
      data: images.data.subarray(i * size, (i + 1) * size),
    }));
  }
}

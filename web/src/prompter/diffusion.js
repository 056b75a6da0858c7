// Denoising step by step: DDIM with guidance, as `stablegen_lib/diffusion/steps.py` and lesson 13 have it.

/**
 * @typedef {object} About
 * @property {string} prompt
 * @property {number[]} latentShape
 * @property {number} guidance
 * @property {string} prediction what the network predicts: "v_prediction" or "epsilon"
 * @property {number[]} levels the noise levels that are visited, from the last one downwards
 * @property {number[]} alphaBar what is left of the picture at each of them
 * @property {string[]} knownWords
 * @property {import("./tokenizer.js").Tokenizer} tokenizer
 * @property {number} bytes of the three networks
 */

/**
 * The picture and the noise that the network sees in noisy maps.
 * @param {About} about
 * @param {Float32Array} x noisy maps
 * @param {Float32Array} output of the network
 * @param {number} kept share of the picture, squared
 */
export function seen({ prediction }, x, output, kept) {
  const [picture, noise] = [Math.sqrt(kept), Math.sqrt(1 - kept)];
  if (prediction === "v_prediction") {
    return {
      x0: x.map((value, i) => picture * value - noise * output[i]),
      noise: x.map((value, i) => noise * value + picture * output[i]),
    };
  }
  return { x0: x.map((value, i) => (value - noise * output[i]) / picture), noise: output };
}

/**
 * To another noise level, along the straight line that picture and noise span.
 * @param {Float32Array} x0
 * @param {Float32Array} noise
 * @param {number} kept share of the picture there, squared; 1 for the clean picture
 */
export function step(x0, noise, kept) {
  return x0.map((value, i) => Math.sqrt(kept) * value + Math.sqrt(1 - kept) * noise[i]);
}

/**
 * Goes on in the direction in which the prompt changes the prediction.
 * @param {Float32Array} both first half without the prompt, second half with it
 * @param {number} scale
 */
export function guided(both, scale) {
  const half = both.length / 2;
  return Float32Array.from({ length: half }, (_, i) => both[i] + scale * (both[half + i] - both[i]));
}

/**
 * From noise to pictures.
 * @param {About} about
 * @param {(maps: Float32Array, level: number) => Promise<Float32Array>} predict the network, with guidance
 * @param {Float32Array} start noise
 * @yields {{number: number, x: Float32Array, x0: Float32Array}} the maps after each step, and what the network
 * believes the finished ones to be
 */
export async function* denoise(about, predict, start) {
  let x = start;
  for (const [i, level] of about.levels.entries()) {
    const { x0, noise } = seen(about, x, await predict(x, level), about.alphaBar[i]);
    x = step(x0, noise, about.alphaBar[i + 1] ?? 1);
    yield { number: i + 1, x, x0 };
  }
}

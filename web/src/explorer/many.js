// Sixteen pictures at once: the same generator as an ONNX file, which WebAssembly runs eight times as fast.

import { download } from "../dom.js";
import { onnxruntime } from "../ort.js";

/** @typedef {import("./scene.js").Scene} Scene */

/**
 * @param {Scene} scene
 * @returns {Promise<(state: import("../share_code.js").State) => Promise<{side: number, data: Float32Array}[]>>}
 */
export async function loadMany(scene) {
  const ort = await onnxruntime();
  const session = await ort.InferenceSession.create(
    new Uint8Array(await download(`live/${scene.name}.onnx`)),
  );
  return async (state) => {
    const { conditionSize } = scene;
    const { latentDim } = scene.about;
    const x = new Float32Array(state.count * conditionSize);
    const z = new Float32Array(state.count * latentDim);
    for (let i = 0; i < state.count; i++) {
      x.set(scene.conditions(state), i * conditionSize);
      z.set(scene.latents(state, i), i * latentDim);
    }
    const asked = { z: new ort.Tensor("float32", z, [state.count, latentDim]) };
    if (conditionSize)
      Object.assign(asked, { x: new ort.Tensor("float32", x, [state.count, conditionSize]) });
    const { image } = await session.run(asked);
    const size = image.data.length / state.count;
    return Array.from({ length: state.count }, (_, i) => ({
      side: image.dims[3],
      data: image.data.subarray(i * size, (i + 1) * size),
    }));
  };
}

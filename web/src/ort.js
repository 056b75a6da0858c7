// onnxruntime-web, loaded when something asks for it: about 14 MB, 4 MB where the host compresses.

import { address } from "./dom.js";

/** @returns {Promise<any>} the library; one thread, so that no special headers are needed */
export async function onnxruntime() {
  const ort = await import(address("vendor/ort.mjs").href);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: address("vendor/ort-wasm-simd-threaded.wasm").href };
  return ort;
}

// Reads a safetensors file: a length, a description in JSON, and the numbers.

const HALF = halves();

/**
 * @typedef {{shape: number[], data: Float32Array}} Tensor
 */

/**
 * @param {ArrayBuffer} buffer the whole file; tensors of type F16 and F32
 * @returns {{tensors: Record<string, Tensor>, about: Record<string, string>}}
 */
export function readSafetensors(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [from, to] = entry.data_offsets;
    const bytes = buffer.slice(8 + length + from, 8 + length + to);
    tensors[name] = { shape: entry.shape, data: numbers(bytes, entry.dtype) };
  }
  return { tensors, about: header.__metadata__ ?? {} };
}

/**
 * @param {ArrayBuffer} bytes
 * @param {string} type
 */
function numbers(bytes, type) {
  if (type === "F32") return new Float32Array(bytes);
  if (type !== "F16") throw new Error(`tensors of F16 or F32 were needed, and ${type} came.`);
  return Float32Array.from(new Uint16Array(bytes), (bits) => HALF[bits]);
}

/** All 65,536 half-precision numbers, by their bits. */
function halves() {
  return Float32Array.from({ length: 65536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

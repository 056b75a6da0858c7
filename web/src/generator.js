// G(x, z) in plain JavaScript: two linear layers, transposed convolutions, a convolution, tanh.
//
// The same layers as `stablegen_lib/generator.py`, which lesson 02 walks through.

/** @typedef {Record<string, import("./safetensors.js").Tensor>} Weights */
/** @typedef {{channels: number, side: number, data: Float32Array}} Maps feature maps of one picture */

/**
 * One picture.
 * @param {Weights} weights named as in PyTorch
 * @param {Float32Array} x the condition
 * @param {Float32Array} z the latent vector
 * @returns {Maps} channels × side × side, in [-1, 1]
 */
export function generate(weights, x, z) {
  const input = new Float32Array(x.length + z.length);
  input.set(x);
  input.set(z, x.length);
  const hidden = leaky(linear(input, weights["start.0.weight"], weights["start.0.bias"]));
  const start = leaky(linear(hidden, weights["start.2.weight"], weights["start.2.bias"]));
  const channels = inputChannels(weights);
  /** @type {Maps} */
  let maps = { channels, side: Math.sqrt(start.length / channels), data: start };
  for (let level = 0; weights[`grow.${level}.0.weight`]; level++) {
    maps = double(maps, weights[`grow.${level}.0.weight`], weights[`grow.${level}.0.bias`]);
    leaky(maps.data);
  }
  const image = convolve(maps, weights["colour.0.weight"], weights["colour.0.bias"]);
  for (let i = 0; i < image.data.length; i++) image.data[i] = Math.tanh(image.data[i]);
  return image;
}

/** @param {Weights} weights */
function inputChannels(weights) {
  const first = weights["grow.0.0.weight"];
  return first ? first.shape[0] : weights["colour.0.weight"].shape[1];
}

/**
 * Leaky ReLU, in place.
 * @param {Float32Array} values
 */
function leaky(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] *= 0.2;
  return values;
}

/**
 * @param {Float32Array} input
 * @param {import("./safetensors.js").Tensor} weight [out][in]
 * @param {import("./safetensors.js").Tensor} bias
 */
function linear(input, weight, bias) {
  const size = input.length;
  const out = new Float32Array(bias.data.length);
  for (let o = 0; o < out.length; o++) {
    let sum = bias.data[o];
    for (let i = 0, at = o * size; i < size; i++, at++) sum += weight.data[at] * input[i];
    out[o] = sum;
  }
  return out;
}

/**
 * Transposed convolution with kernel 4, stride 2, padding 1: doubles the side.
 *
 * Every second row and column of the result is an ordinary 2×2 convolution.
 * @param {Maps} maps
 * @param {import("./safetensors.js").Tensor} weight [in][out][4][4]
 * @param {import("./safetensors.js").Tensor} bias
 * @returns {Maps}
 */
function double(maps, weight, bias) {
  const { channels, side } = maps;
  const wide = side + 2;
  const framed = withFrame(maps);
  const count = bias.data.length;
  const big = { channels: count, side: 2 * side, data: new Float32Array(count * 4 * side * side) };
  const plane = new Float64Array(side * wide - 2);
  for (let o = 0; o < count; o++) {
    for (let corner = 0; corner < 4; corner++) {
      const down = corner >> 1;
      const right = corner & 1;
      plane.fill(bias.data[o]);
      for (let c = 0; c < channels; c++) {
        const kernel = (c * count + o) * 16 + (1 - down) * 4 + (1 - right);
        addSquare(plane, framed, c * wide * wide + (1 + down) * wide + 1 + right, wide, weight.data, kernel);
      }
      spread(plane, side, big, o, down, right);
    }
  }
  return big;
}

/**
 * Adds one input channel's 2×2 convolution.
 * @param {Float64Array} plane
 * @param {Float64Array} framed
 * @param {number} start of the lower right corner
 * @param {number} wide
 * @param {Float32Array} weight
 * @param {number} kernel where its four numbers are found
 */
function addSquare(plane, framed, start, wide, weight, kernel) {
  const [k0, k1, k2, k3] = [weight[kernel], weight[kernel + 2], weight[kernel + 8], weight[kernel + 10]];
  for (let at = 0, from = start; at < plane.length; at++, from++) {
    plane[at] +=
      k0 * framed[from] + k1 * framed[from - 1] + k2 * framed[from - wide] + k3 * framed[from - wide - 1];
  }
}

/**
 * Puts a plane into every second row and column.
 * @param {Float64Array} plane
 * @param {number} side
 * @param {Maps} big
 * @param {number} channel
 * @param {number} down
 * @param {number} right
 */
function spread(plane, side, big, channel, down, right) {
  for (let y = 0; y < side; y++) {
    const row = (channel * big.side + 2 * y + down) * big.side + right;
    for (let x = 0; x < side; x++) big.data[row + 2 * x] = plane[y * (side + 2) + x];
  }
}

/**
 * Convolution with kernel 3, padding 1.
 * @param {Maps} maps
 * @param {import("./safetensors.js").Tensor} weight [out][in][3][3]
 * @param {import("./safetensors.js").Tensor} bias
 * @returns {Maps}
 */
function convolve(maps, weight, bias) {
  const { channels, side } = maps;
  const wide = side + 2;
  const framed = withFrame(maps);
  const count = bias.data.length;
  const out = new Float32Array(count * side * side);
  const plane = new Float64Array(side * wide - 2);
  for (let o = 0; o < count; o++) {
    plane.fill(bias.data[o]);
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < 9; k++) {
        const factor = weight.data[(o * channels + c) * 9 + k];
        let from = c * wide * wide + Math.floor(k / 3) * wide + (k % 3);
        for (let at = 0; at < plane.length; at++, from++) plane[at] += factor * framed[from];
      }
    }
    for (let y = 0; y < side; y++) out.set(plane.subarray(y * wide, y * wide + side), (o * side + y) * side);
  }
  return { channels: count, side, data: out };
}

/**
 * The maps with a frame of zeros, one wide, which spares the edges.
 *
 * A plane that is computed from them is as wide as they are; what stands in its last two columns means nothing.
 * @param {Maps} maps
 */
function withFrame({ channels, side, data }) {
  const wide = side + 2;
  const framed = new Float64Array(channels * wide * wide);
  for (let row = 0; row < channels * side; row++) {
    const place = Math.floor(row / side) * wide * wide + ((row % side) + 1) * wide + 1;
    framed.set(data.subarray(row * side, (row + 1) * side), place);
  }
  return framed;
}

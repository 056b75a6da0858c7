// A small network in plain JavaScript: linear layers with leaky ReLU between them, forwards and backwards.
//
// Weights are rounded to single precision, as PyTorch has them; sums are taken in double.

/** @typedef {import("../random.js").Twister} Twister */
/** @typedef {{weight: Float64Array, bias: Float64Array, inputs: number, outputs: number}} Layer */
/**
 * What a pass leaves behind: the input of each layer, and the last layer's output.
 * @typedef {{count: number, inputs: Float64Array[], output: Float64Array}} Trace
 */

const SLOPE = 0.2; // of leaky ReLU, below 0

export class Network {
  /**
   * @param {number[]} sizes of the layers, for instance [2, 128, 128, 1]
   * @param {Twister} random decides the weights, as torch's default generator does
   */
  constructor(sizes, random) {
    /** @type {Layer[]} */
    this.layers = sizes.slice(1).map((outputs, i) => newLayer(sizes[i], outputs, random));
  }

  /** @returns {Float64Array[]} weights and biases in PyTorch's order */
  get parameters() {
    return this.layers.flatMap(({ weight, bias }) => [weight, bias]);
  }

  /** @returns {Float64Array[]} zeros in the shapes of the parameters */
  noGradients() {
    return this.parameters.map(({ length }) => new Float64Array(length));
  }

  /**
   * @param {Float64Array} samples count × inputs
   * @param {number} count
   * @returns {Trace}
   */
  forward(samples, count) {
    const inputs = [samples];
    this.layers.forEach((layer, i) => {
      const out = affine(layer, inputs[i], count);
      if (i + 1 < this.layers.length) for (let k = 0; k < out.length; k++) if (out[k] < 0) out[k] *= SLOPE;
      inputs.push(out);
    });
    const output = /** @type {Float64Array} */ (inputs.pop());
    return { count, inputs, output };
  }

  /**
   * From the gradient at the output to the gradient at the input.
   * @param {Trace} trace
   * @param {Float64Array} slope at the output, count × outputs
   * @param {Float64Array[]} [gradients] get what falls to each parameter, added
   * @returns {{input: Float64Array, slopes: Float64Array[]}} and the slope at the output of each layer
   */
  backward({ count, inputs }, slope, gradients) {
    const slopes = new Array(this.layers.length);
    let here = slope;
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const layer = this.layers[i];
      slopes[i] = here;
      if (gradients) addOuter(gradients[2 * i], gradients[2 * i + 1], here, inputs[i], layer, count);
      here = pulledBack(layer, here, count);
      if (i > 0) bend(here, inputs[i]);
    }
    return { input: here, slopes };
  }
}

/**
 * The slope penalty at samples, half the squared slope of the output, and its gradient.
 *
 * Where a network is made of straight pieces, its slope at a sample is a product of weight matrices. So the
 * penalty's gradient takes one pass backwards (the slope) and one forwards (how the slope hangs on each weight).
 * @param {Network} network with one output
 * @param {Trace} trace of the samples
 * @param {number} weight gamma
 * @param {Float64Array[]} gradients get the penalty's gradient, added
 * @returns {number} the penalty, averaged over the samples, times gamma
 */
export function slopePenalty(network, trace, weight, gradients) {
  const { count, inputs } = trace;
  const { input, slopes } = network.backward(trace, new Float64Array(count).fill(1));
  const penalty = input.reduce((sum, value) => sum + value * value, 0);
  let ahead = input.map((value) => (value * weight) / count);
  network.layers.forEach((layer, i) => {
    addOuter(gradients[2 * i], null, slopes[i], ahead, layer, count);
    if (i + 1 === network.layers.length) return;
    ahead = affine({ ...layer, bias: new Float64Array(layer.outputs) }, ahead, count);
    bend(ahead, inputs[i + 1]);
  });
  return (weight * penalty) / (2 * count);
}

/**
 * @param {number} inputs
 * @param {number} outputs
 * @param {Twister} random
 * @returns {Layer}
 */
function newLayer(inputs, outputs, random) {
  const bound = Math.fround(1 / Math.sqrt(inputs));
  const uniform = () => Math.fround(random.uniform() * 2 * bound - bound);
  const weight = Float64Array.from({ length: inputs * outputs }, uniform);
  return { weight, bias: Float64Array.from({ length: outputs }, uniform), inputs, outputs };
}

/**
 * Four outputs at a time, so that each sample is read a quarter as often; the same in the two below.
 * @param {Layer} layer
 * @param {Float64Array} samples
 * @param {number} count
 */
function affine({ weight, bias, inputs, outputs }, samples, count) {
  const out = new Float64Array(count * outputs);
  const whole = outputs - (outputs % 4);
  for (let n = 0; n < count; n++) {
    const from = n * inputs;
    const to = n * outputs;
    for (let o = 0; o < whole; o += 4) {
      let [a, b, c, d] = [bias[o], bias[o + 1], bias[o + 2], bias[o + 3]];
      const [wa, wb, wc, wd] = [o * inputs, (o + 1) * inputs, (o + 2) * inputs, (o + 3) * inputs];
      for (let i = 0; i < inputs; i++) {
        const value = samples[from + i];
        a += weight[wa + i] * value;
        b += weight[wb + i] * value;
        c += weight[wc + i] * value;
        d += weight[wd + i] * value;
      }
      out[to + o] = a;
      out[to + o + 1] = b;
      out[to + o + 2] = c;
      out[to + o + 3] = d;
    }
    for (let o = whole; o < outputs; o++) {
      let sum = bias[o];
      for (let i = 0, at = o * inputs; i < inputs; i++, at++) sum += weight[at] * samples[from + i];
      out[to + o] = sum;
    }
  }
  return out;
}

/**
 * The gradient in front of a layer.
 * @param {Layer} layer
 * @param {Float64Array} slope behind it
 * @param {number} count
 */
function pulledBack({ weight, inputs, outputs }, slope, count) {
  const out = new Float64Array(count * inputs);
  for (let n = 0; n < count; n++) addRows(out, n * inputs, slope, n * outputs, 1, weight, inputs, outputs);
  return out;
}

/**
 * Adds the gradient at a layer's weights and biases.
 * @param {Float64Array} weights
 * @param {Float64Array | null} biases
 * @param {Float64Array} slope behind the layer
 * @param {Float64Array} samples in front of it
 * @param {Layer} layer
 * @param {number} count
 */
function addOuter(weights, biases, slope, samples, { inputs, outputs }, count) {
  for (let o = 0; o < outputs; o++) {
    addRows(weights, o * inputs, slope, o, outputs, samples, inputs, count);
    if (biases) for (let n = 0; n < count; n++) biases[o] += slope[n * outputs + o];
  }
}

/**
 * Adds a weighted sum of rows: `target[i] += Σ factor[r] row[r][i]`.
 * @param {Float64Array} target
 * @param {number} to where it begins
 * @param {Float64Array} factors
 * @param {number} first place of the first factor
 * @param {number} apart places between two factors
 * @param {Float64Array} rows
 * @param {number} size of a row
 * @param {number} count of rows
 */
function addRows(target, to, factors, first, apart, rows, size, count) {
  const whole = count - (count % 4);
  for (let r = 0, f = first; r < whole; r += 4, f += 4 * apart) {
    const [a, b, c, d] = [factors[f], factors[f + apart], factors[f + 2 * apart], factors[f + 3 * apart]];
    const [ra, rb, rc, rd] = [r * size, (r + 1) * size, (r + 2) * size, (r + 3) * size];
    for (let i = 0; i < size; i++) {
      target[to + i] += a * rows[ra + i] + b * rows[rb + i] + c * rows[rc + i] + d * rows[rd + i];
    }
  }
  for (let r = whole; r < count; r++) {
    const factor = factors[first + r * apart];
    for (let i = 0, at = r * size; i < size; i++, at++) target[to + i] += factor * rows[at];
  }
}

/**
 * The slope of leaky ReLU, multiplied in. It keeps the sign, so its result says which piece it was.
 * @param {Float64Array} slope
 * @param {Float64Array} activation
 */
function bend(slope, activation) {
  for (let k = 0; k < slope.length; k++) if (activation[k] <= 0) slope[k] *= SLOPE;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { generate } from "../src/generator.js";
import { toByte, toPixels } from "../src/pixels.js";
import { randn, Twister } from "../src/random.js";

const SIDE = 2;
const [CHANNELS, HALF] = [4, 3];

function weights() {
  const random = new Twister(1);
  const tensor = (/** @type {number[]} */ ...shape) => {
    const size = shape.reduce((a, b) => a * b);
    return { shape, data: randn(size, random).map((value) => 0.4 * value) };
  };
  return {
    "start.0.weight": tensor(6, 5),
    "start.0.bias": tensor(6),
    "start.2.weight": tensor(CHANNELS * SIDE * SIDE, 6),
    "start.2.bias": tensor(CHANNELS * SIDE * SIDE),
    "grow.0.0.weight": tensor(CHANNELS, HALF, 4, 4),
    "grow.0.0.bias": tensor(HALF),
    "colour.0.weight": tensor(3, HALF, 3, 3),
    "colour.0.bias": tensor(3),
  };
}

const leaky = (/** @type {number} */ value) => (value > 0 ? value : 0.2 * value);

/** The same by definition: every input pixel spreads over 4×4 output pixels; every output sums 3×3. */
function byDefinition(/** @type {any} */ w, /** @type {number[]} */ input) {
  const layer = (/** @type {string} */ name, /** @type {number[]} */ x) =>
    Array.from(w[`${name}.bias`].data, (bias, o) =>
      leaky(
        x.reduce((sum, value, i) => sum + value * w[`${name}.weight`].data[o * x.length + i], Number(bias)),
      ),
    );
  const start = layer("start.2", layer("start.0", input));
  const big = 2 * SIDE;
  const grown = Array.from({ length: HALF * big * big }, (_, at) => {
    const [o, y, x] = [Math.floor(at / big ** 2), Math.floor(at / big) % big, at % big];
    let sum = w["grow.0.0.bias"].data[o];
    for (let c = 0; c < CHANNELS; c++) {
      for (let i = 0; i < SIDE * SIDE; i++) {
        const [ky, kx] = [y - 2 * Math.floor(i / SIDE) + 1, x - 2 * (i % SIDE) + 1];
        if (Math.min(ky, kx) < 0 || Math.max(ky, kx) > 3) continue;
        sum += start[c * SIDE * SIDE + i] * w["grow.0.0.weight"].data[((c * HALF + o) * 4 + ky) * 4 + kx];
      }
    }
    return leaky(sum);
  });
  return Array.from({ length: 3 * big * big }, (_, at) => {
    const [o, y, x] = [Math.floor(at / big ** 2), Math.floor(at / big) % big, at % big];
    let sum = w["colour.0.bias"].data[o];
    for (let c = 0; c < HALF; c++) {
      for (let k = 0; k < 9; k++) {
        const [fy, fx] = [y + Math.floor(k / 3) - 1, x + (k % 3) - 1];
        if (Math.min(fy, fx) < 0 || Math.max(fy, fx) >= big) continue;
        sum += grown[(c * big + fy) * big + fx] * w["colour.0.weight"].data[(o * HALF + c) * 9 + k];
      }
    }
    return Math.tanh(sum);
  });
}

test("a picture is what the layers' definitions say", () => {
  const w = weights();
  const made = generate(w, Float32Array.of(1, 0), Float32Array.of(0.5, -1, 2));
  assert.equal(made.side, 2 * SIDE);
  for (const [i, wanted] of byDefinition(w, [1, 0, 0.5, -1, 2]).entries()) {
    assert.ok(Math.abs(made.data[i] - wanted) < 1e-6);
  }
});

test("bytes are rounded as PyTorch rounds: halves to the even neighbour", () => {
  assert.equal(toByte(-1), 0);
  assert.equal(toByte(1), 255);
  assert.equal(toByte(7), 255);
  assert.equal(toByte(0), 128); // 127.5
  assert.equal(toByte(-127 / 255), 64);
});

test("pixels keep their colours apart", () => {
  const pixels = toPixels({ side: 1, data: Float32Array.of(-1, 0.6, 1) });
  assert.deepEqual([...pixels], [0, 204, 255, 255]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Adam } from "../src/duel/adam.js";
import { Network, slopePenalty } from "../src/duel/network.js";
import { randn, Twister } from "../src/random.js";

const COUNT = 7;
const STEP = 1e-6;

function network(/** @type {number[]} */ sizes) {
  return new Network(sizes, new Twister(3));
}

function samples(/** @type {number} */ width) {
  return Float64Array.from(randn(COUNT * width, new Twister(4)));
}

/** How a number changes with each weight, by trying. */
function tried(/** @type {Network} */ net, /** @type {() => number} */ value) {
  return net.parameters.map((parameter) =>
    Array.from(parameter, (before, i) => {
      parameter[i] = before + STEP;
      const above = value();
      parameter[i] = before - STEP;
      const below = value();
      parameter[i] = before;
      return (above - below) / (2 * STEP);
    }),
  );
}

function near(/** @type {ArrayLike<number>[]} */ found, /** @type {number[][]} */ wanted) {
  for (const [p, values] of wanted.entries()) {
    for (const [i, value] of values.entries()) assert.ok(Math.abs(found[p][i] - value) < 1e-5);
  }
}

test("gradients are what trying gives", () => {
  for (const sizes of [
    [2, 5, 6, 2],
    [3, 8, 1],
  ]) {
    const [net, x] = [network(sizes), samples(sizes[0])];
    const sum = () => net.forward(x, COUNT).output.reduce((a, b) => a + b * b, 0);
    const trace = net.forward(x, COUNT);
    const gradients = net.noGradients();
    net.backward(
      trace,
      trace.output.map((value) => 2 * value),
      gradients,
    );
    near(gradients, tried(net, sum));
  }
});

test("the slope penalty's gradient is what trying gives", () => {
  const [net, x] = [network([2, 6, 5, 1]), samples(2)];
  const penalty = () => slopePenalty(net, net.forward(x, COUNT), 0.3, net.noGradients());
  const gradients = net.noGradients();
  assert.ok(slopePenalty(net, net.forward(x, COUNT), 0.3, gradients) > 0);
  near(gradients, tried(net, penalty));
});

test("the penalty is half the squared slope", () => {
  const net = network([2, 4, 1]);
  const x = samples(2);
  const { input } = net.backward(net.forward(x, COUNT), new Float64Array(COUNT).fill(1));
  const squared = input.reduce((a, b) => a + b * b, 0);
  const penalty = slopePenalty(net, net.forward(x, COUNT), 1, net.noGradients());
  assert.ok(Math.abs(penalty - squared / (2 * COUNT)) < 1e-12);
});

test("Adam's first step has the length of its rate, whatever the gradient's", () => {
  const weights = Float64Array.of(1, 2, 3);
  new Adam([weights], 0.5, [0.9, 0.999]).step([Float64Array.of(100, -0.25, 0)]);
  for (const [i, wanted] of [0.5, 2.5, 3].entries()) assert.ok(Math.abs(weights[i] - wanted) < 1e-5);
});

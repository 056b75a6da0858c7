import assert from "node:assert/strict";
import { test } from "node:test";
import { randn, Twister } from "../src/random.js";

test("the first number from seed 5489 is that of the paper's program", () => {
  assert.equal(new Twister(5489).next(), 3499211612);
});

test("the 10,000th number from seed 5489 is that of the C++ standard", () => {
  const random = new Twister(5489);
  let last = 0;
  for (let i = 0; i < 10_000; i++) last = random.next();
  assert.equal(last, 4123659995);
});

test("normal numbers have mean 0 and variance 1", () => {
  for (const count of [15, 20_003]) {
    const random = new Twister(1);
    const all = Array.from({ length: Math.ceil(20_000 / count) }, () => [...randn(count, random)]).flat();
    const mean = all.reduce((a, b) => a + b) / all.length;
    const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length;
    assert.ok(Math.abs(mean) < 0.03);
    assert.ok(Math.abs(variance - 1) < 0.03);
  }
});

test("the generator moves on: a second draw differs, the same seed repeats", () => {
  const random = new Twister(7);
  const [first, second] = [randn(16, random), randn(16, random)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(first, randn(16, new Twister(7)));
});

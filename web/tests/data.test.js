import assert from "node:assert/strict";
import { test } from "node:test";
import { alongStrokes, DATA_SETS, reachOf } from "../src/duel/data.js";

test("the ring has eight modes at radius 2, and its points lie near them", () => {
  const ring = DATA_SETS.ring();
  assert.equal(ring.centres.length, 8);
  for (const [x, y] of ring.centres) assert.ok(Math.abs(Math.hypot(x, y) - 2) < 1e-9);
  for (let i = 0; i < 200; i += 2) {
    const near = ring.centres.some(([x, y]) => Math.hypot(ring.points[i] - x, ring.points[i + 1] - y) < 0.5);
    assert.ok(near);
  }
  assert.equal(reachOf(ring), 3);
});

test("places stand evenly along a stroke, both ends among them", () => {
  const { centres } = alongStrokes([
    [
      [0, 0],
      [0.5, 0],
      [1, 0],
    ],
  ]);
  assert.equal(centres.length, 6);
  for (const [i, [x, y]] of centres.entries()) assert.ok(Math.abs(x - i / 5) < 1e-9 && y === 0);
});

test("a single dot is refused, two dots are not", () => {
  assert.throws(() => alongStrokes([[[1, 1]]]), /draw a line/);
  assert.equal(alongStrokes([[[1, 1]], [[0, 0]]]).centres.length, 2);
});

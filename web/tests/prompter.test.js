import assert from "node:assert/strict";
import { test } from "node:test";
import { denoise, guided, seen, step } from "../src/prompter/diffusion.js";
import { tokens, unknownWords } from "../src/prompter/tokenizer.js";

const TOKENIZER = {
  vocabulary: { a: 0, b: 1, "a</w>": 2, "b</w>": 3, ab: 4, "ab</w>": 5, "aab</w>": 6, ",</w>": 7 },
  merges: /** @type {[string, string][]} */ ([
    ["a", "b</w>"],
    ["a", "ab</w>"],
    ["a", "b"],
  ]),
  begin: 8,
  end: 9,
  pad: 9,
  unknown: 9,
  length: 8,
};

test("earlier merges come first, and marks are words of their own", () => {
  assert.deepEqual(tokens(TOKENIZER, "aab, ab"), [8, 6, 7, 5, 9, 9, 9, 9]);
  assert.deepEqual(tokens(TOKENIZER, "ABa"), [8, 4, 2, 9, 9, 9, 9, 9]);
});

test("long prompts are cut before the end mark, unknown letters have a token of their own", () => {
  assert.deepEqual(tokens(TOKENIZER, "a a a a a a a a a"), [8, 2, 2, 2, 2, 2, 2, 9]);
  assert.deepEqual(tokens(TOKENIZER, "xa"), [8, 9, 2, 9, 9, 9, 9, 9]);
});

test("words that no caption held are named once", () => {
  assert.deepEqual(unknownWords(["a", "hat"], "A scarf, a hat, a Scarf"), ["scarf"]);
});

const X0 = Float32Array.of(0.5, -1);
const NOISE = Float32Array.of(2, 0.25);
const ABOUT = /** @type {any} */ ({ prediction: "v_prediction" });

function near(/** @type {ArrayLike<number>} */ found, /** @type {ArrayLike<number>} */ wanted) {
  for (let i = 0; i < wanted.length; i++) assert.ok(Math.abs(found[i] - wanted[i]) < 1e-5);
}

test("picture and noise come back from the noisy maps, whatever is predicted", () => {
  const kept = 0.3;
  const x = step(X0, NOISE, kept);
  const velocity = X0.map((value, i) => Math.sqrt(kept) * NOISE[i] - Math.sqrt(1 - kept) * value);
  for (const [prediction, output] of Object.entries({ v_prediction: velocity, epsilon: NOISE })) {
    const found = seen({ ...ABOUT, prediction }, x, output, kept);
    near(found.x0, X0);
    near(found.noise, NOISE);
  }
});

test("guidance 1 is the plain prediction, 0 ignores the prompt", () => {
  const both = Float32Array.of(1, 2, 5, 6);
  near(guided(both, 1), [5, 6]);
  near(guided(both, 0), [1, 2]);
  near(guided(both, 2), [9, 10]);
});

test("with a network that is right, every step believes the picture, and the last one is it", async () => {
  const about = { ...ABOUT, prediction: "epsilon", levels: [9, 5, 1], alphaBar: [0.1, 0.5, 0.9] };
  const all = [];
  for await (const here of denoise(about, async () => NOISE, step(X0, NOISE, 0.1))) all.push(here);
  assert.deepEqual(
    all.map(({ number }) => number),
    [1, 2, 3],
  );
  for (const { x0 } of all) near(x0, X0);
  near(all[2].x, X0);
});

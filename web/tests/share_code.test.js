import assert from "node:assert/strict";
import { test } from "node:test";
import { pack, unpack } from "../src/share_code.js";

const STATE = {
  seed: 42,
  truncation: 0.85,
  basis: "pca",
  offsets: [0, -1.5, 0, 0.1, 0, 3],
  choices: [1, 0, 2],
  count: 16,
  names: [],
};

/** A code with other fields, made well enough to pass the checksum. */
function forged(/** @type {object} */ fields) {
  return pack("0123abcd", /** @type {any} */ ({ ...STATE, ...fields }));
}

test("a code gives its state back", () => {
  assert.deepEqual(unpack(pack("0123abcd", STATE), "0123abcd"), STATE);
  assert.deepEqual(unpack(`  ${pack("0123abcd", STATE)}\n`, "0123abcd"), STATE);
});

test("names of directions travel with it, in any script", () => {
  const named = {
    ...STATE,
    names: [
      ["pca", 1, "age"],
      ["raw", 0, "größer → 大"],
    ],
  };
  const code = pack("0123abcd", /** @type {any} */ (named));
  assert.deepEqual(unpack(code, "0123abcd"), named);
  assert.match(atob(code.split(".")[3]), /"gr\\u00f6\\u00dfer \\u2192 \\u5927"\]\]\]$/);
});

test("a damaged code is refused", () => {
  const code = pack("0123abcd", STATE);
  for (const damaged of [code.slice(0, -1), code.replace("SG1", "SG2"), "", code.replace(/.$/, "!")]) {
    assert.throws(() => unpack(damaged, "0123abcd"), /not a whole share code/);
  }
});

test("a code of another model is refused", () => {
  assert.throws(() => unpack(pack("0123abcd", STATE), "ffffffff"), /another model/);
});

test("fields out of range are refused by name", () => {
  for (const [name, fields] of Object.entries({
    seed: { seed: 2 ** 31 },
    truncation: { truncation: 2.5 },
    basis: { basis: "none" },
    slider: { offsets: [101] },
    choices: { choices: [-1] },
    count: { count: 4 },
    names: { names: [["pca", 1, "x".repeat(25)]] },
  })) {
    assert.throws(() => unpack(forged(fields), "0123abcd"), new RegExp(`${name}.* must be`));
  }
});

test("whole numbers are written as Python writes floats", () => {
  const letters = pack("0123abcd", { ...STATE, truncation: 1 }).split(".")[3];
  assert.match(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), /^\[42,1\.0,"pca",6,\{"1":-1\.5,/);
});

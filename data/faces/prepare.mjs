// Draws 20,000 different pixel-art faces (images.png, attributes.csv), the edited twins of those
// in the test split (twins.png, twins.csv). Then tools/pack_sheets.py makes the sheets smaller and
// writes SHA256SUMS.
//
//   npm install --no-package-lock && node prepare.mjs
//
// A seed always gives the same face, so the set can be rebuilt and compared.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { ATTRIBUTES, draw, writeSheet } from "./draw.mjs";
import { twinsOf } from "./twins.mjs";

const COUNT = 20_000;

function splitOf(index) {
  if (index < 0.8 * COUNT) return "train";
  return index < 0.9 * COUNT ? "validation" : "test";
}

const faces = [];
const seen = new Set();
for (let seed = 0; faces.length < COUNT; seed++) {
  const face = { seed, ...draw(seed) };
  const fingerprint = createHash("sha256").update(face.pixels).digest("base64");
  if (seen.has(fingerprint)) continue; // no face stands in two splits
  seen.add(fingerprint);
  faces.push({ ...face, split: splitOf(faces.length) });
  if (seen.size % 1000 === 0) process.stderr.write(`\r${seen.size} of ${COUNT} faces`);
}

const test = faces.filter(({ split }) => split === "test");
const twins = test.flatMap(({ seed, attributes, pixels }, index) =>
  twinsOf(seed, attributes, pixels).map((twin) => ({ index, seed, ...twin })),
);
process.stderr.write(`\n${twins.length} twins\n`);

const rows = faces.map(({ seed, split, attributes }) =>
  [seed, split, ...ATTRIBUTES.map((name) => attributes[name])].join(","),
);
const twinRows = twins.map(({ index, seed, edit, value }) => [index, seed, edit, value].join(","));

writeSheet("images.png", faces);
writeFileSync("attributes.csv", [["seed", "split", ...ATTRIBUTES].join(","), ...rows, ""].join("\n"));
writeSheet("twins.png", twins);
writeFileSync("twins.csv", ["index,seed,edit,value", ...twinRows, ""].join("\n"));

// Draws 16,000 different portraits (images_1.png to images_3.png, attributes.csv), and a twin of each of
// those in the test split (twins.png, twins.csv). Then tools/pack_sheets.py makes the sheets smaller and
// writes SHA256SUMS.
//
//   npm install --no-package-lock && node prepare.mjs
//
// A number always gives the same portrait, so the set can be rebuilt and compared.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { ATTRIBUTES, attributesOf, draw, writeSheet } from "./draw.mjs";
import { twinOf } from "./twins.mjs";

const SPLITS = { train: 12_000, validation: 2_000, test: 2_000 };
const SHEET = 6_000; // portraits on one sheet: no file gets larger than 10 MB

const places = Object.entries(SPLITS).flatMap(([split, count]) => Array(count).fill(split));
const portraits = [];
const seen = new Set();
for (let number = 0; portraits.length < places.length; number++) {
  const attributes = attributesOf(number);
  const pixels = draw(number, attributes);
  const fingerprint = createHash("sha256").update(pixels).digest("base64");
  if (seen.has(fingerprint)) continue; // no picture stands in two splits
  seen.add(fingerprint);
  portraits.push({ number, split: places[portraits.length], attributes, pixels });
  if (portraits.length % 1000 === 0) process.stderr.write(`\r${portraits.length} of ${places.length} portraits`);
}
const twins = portraits
  .filter(({ split }) => split === "test")
  .map(({ number, attributes, pixels }, index) => twinOf(index, number, attributes, pixels))
  .filter((twin) => twin && !seen.has(createHash("sha256").update(twin.pixels).digest("base64")));
process.stderr.write(`\n${twins.length} twins\n`);

const line = (start, attributes) => [...start, ...ATTRIBUTES.map((name) => attributes[name])].join(",");
const table = (names, lines) => [[...names, ...ATTRIBUTES].join(","), ...lines, ""].join("\n");
for (let start = 0; start < portraits.length; start += SHEET) {
  const sheet = portraits.slice(start, start + SHEET).map(({ pixels }) => pixels);
  writeSheet(`images_${start / SHEET + 1}.png`, sheet);
}
writeFileSync("attributes.csv", table(["seed", "split"],
  portraits.map(({ number, split, attributes }) => line([number, split], attributes))));
writeSheet("twins.png", twins.map(({ pixels }) => pixels));
writeFileSync("twins.csv", table(["index", "seed", "edit"],
  twins.map(({ index, number, edit, attributes }) => line([index, number, edit], attributes))));

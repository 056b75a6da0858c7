// Draws 20,000 different pixel-art faces: images.png, attributes.csv and SHA256SUMS.
//
//   npm install --no-package-lock && node prepare.mjs
//
// A seed always gives the same face, so the set can be rebuilt and compared.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createAvatar } from "@dicebear/core";
import { pixelArt } from "@dicebear/collection";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";

const COUNT = 20_000;
const SIZE = 16; // the designs are drawn on a 16x16 grid: nothing is lost
const COLUMNS = 200; // faces in one row of the contact sheet

// Rare attributes are raised so that there are enough examples to learn from.
const OPTIONS = {
  backgroundColor: ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"],
  glassesProbability: 35,
  hatProbability: 15,
  beardProbability: 20,
};

const ATTRIBUTES = [
  "glasses", "hat", "beard", "hair", "hairColor", "skinColor", "mouth", "clothing", "clothingColor",
  "primaryBackgroundColor", "eyes", "eyesColor", "mouthColor", "accessories", "accessoriesColor",
  "glassesColor", "hatColor",
];

function splitOf(index) {
  if (index < 0.8 * COUNT) return "train";
  return index < 0.9 * COUNT ? "validation" : "test";
}

// DiceBear turns seeds that resemble each other ("7", "8") into faces that resemble each other: hash them first.
function draw(number) {
  const seed = createHash("sha256").update(String(number)).digest("hex");
  const avatar = createAvatar(pixelArt, { ...OPTIONS, seed });
  const { pixels, width, height } = new Resvg(avatar.toString()).render();
  if (width !== SIZE || height !== SIZE) throw new Error(`seed ${number}: drawn at ${width}x${height}`);
  return { pixels, attributes: avatar.toJson().extra };
}

const sheet = new PNG({ width: COLUMNS * SIZE, height: (COUNT / COLUMNS) * SIZE });
const rows = [["seed", "split", ...ATTRIBUTES].join(",")];
const seen = new Set();

for (let seed = 0; seen.size < COUNT; seed++) {
  const { pixels, attributes } = draw(seed);
  const fingerprint = createHash("sha256").update(pixels).digest("base64");
  if (seen.has(fingerprint)) continue; // no face stands in two splits
  const index = seen.size;
  seen.add(fingerprint);

  const left = (index % COLUMNS) * SIZE;
  const top = Math.floor(index / COLUMNS) * SIZE;
  for (let y = 0; y < SIZE; y++) {
    sheet.data.set(pixels.subarray(4 * y * SIZE, 4 * (y + 1) * SIZE), 4 * ((top + y) * sheet.width + left));
  }
  rows.push([seed, splitOf(index), ...ATTRIBUTES.map((name) => attributes[name] ?? "none")].join(","));
  if (seen.size % 1000 === 0) process.stderr.write(`\r${seen.size} of ${COUNT} faces`);
}
process.stderr.write("\n");

writeFileSync("images.png", PNG.sync.write(sheet, { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 }));
writeFileSync("attributes.csv", rows.join("\n") + "\n");
const sums = ["images.png", "attributes.csv"].map(
  (name) => `${createHash("sha256").update(readFileSync(name)).digest("hex")}  ${name}\n`,
);
writeFileSync("SHA256SUMS", sums.join(""));

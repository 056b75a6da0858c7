// Draws 10,000 different Open Peeps people: images.png, lines.png and attributes.csv.
// Then tools/pack_sheets.py makes the two sheets smaller and writes SHA256SUMS.
//
//   npm install --no-package-lock && node prepare.mjs
//
// A seed always gives the same person, so the set can be rebuilt and compared.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createAvatar } from "@dicebear/core";
import { openPeeps } from "@dicebear/collection";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";

const COUNT = 10_000;
const SIZE = 32;
const FINE = 4; // drawn four times larger, then averaged over 4x4 pixels
const LEVELS = 64; // brightness values kept: smaller files, and no value moves by more than about 2 of 255
const COLUMNS = 100; // people in one row of a contact sheet

// Most hair in Open Peeps is drawn in ink. Heads whose hair takes a colour are named three times, so that
// they are drawn three times as often. Left out: what cannot be told apart at 32x32, or has no hair or two eyes.
const COLOURED = [
  "bangs", "cornrows", "grayBun", "grayMedium", "grayShort", "mediumBangs2", "mohawk", "mohawk2", "noHair3", "short4",
];
const { head, face, headContrastColor } = openPeeps.schema.properties;
const without = (values, ...left) => values.filter((value) => !left.includes(value));
const OPTIONS = {
  backgroundColor: ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"],
  head: [...without(head.default, "bear"), ...COLOURED, ...COLOURED],
  face: without(face.default, "cyclops", "monster"),
  headContrastColor: without(headContrastColor.default, "2c1b18"), // nearly the black of the lines
  accessoriesProbability: 40,
  facialHairProbability: 25,
  maskProbability: 8,
};

const ATTRIBUTES = [
  "head", "face", "facialHair", "mask", "accessories", "skinColor", "clothingColor", "headContrastColor",
  "primaryBackgroundColor",
];

function splitOf(index) {
  if (index < 0.8 * COUNT) return "train";
  return index < 0.9 * COUNT ? "validation" : "test";
}

// DiceBear turns seeds that resemble each other ("7", "8") into people who resemble each other: hash them first.
function draw(number) {
  const seed = createHash("sha256").update(String(number)).digest("hex");
  const avatar = createAvatar(openPeeps, { ...OPTIONS, seed });
  const svg = avatar.toString().replace(/#231F20|#22252B/g, "#000"); // two faces are drawn in another black
  // Every area turns white but the ink: what is left are the lines, and the hair that is drawn in ink.
  const lines = svg.replace(/fill="#(?!000")[0-9a-fA-F]+"/g, 'fill="#fff"');
  return { pixels: render(svg), lines: render(lines), attributes: avatar.toJson().extra };
}

function render(svg) {
  const { pixels, width, height } = new Resvg(svg, { fitTo: { mode: "width", value: FINE * SIZE } }).render();
  if (width !== FINE * SIZE || height !== width) throw new Error(`drawn at ${width}x${height}`);
  const small = new Float64Array(SIZE * SIZE * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const target = 4 * (Math.floor(y / FINE) * SIZE + Math.floor(x / FINE));
      for (let c = 0; c < 4; c++) small[target + c] += pixels[4 * (y * width + x) + c] / FINE ** 2;
    }
  }
  const step = 255 / (LEVELS - 1);
  return Uint8Array.from(small, (value) => Math.round(Math.round(value / step) * step));
}

function newSheet() {
  return new PNG({ width: COLUMNS * SIZE, height: Math.ceil(COUNT / COLUMNS) * SIZE });
}

function place(sheet, index, pixels) {
  const left = (index % COLUMNS) * SIZE;
  const top = Math.floor(index / COLUMNS) * SIZE;
  for (let y = 0; y < SIZE; y++) {
    sheet.data.set(pixels.subarray(4 * y * SIZE, 4 * (y + 1) * SIZE), 4 * ((top + y) * sheet.width + left));
  }
}

function writeSheet(file, sheet, colorType) {
  writeFileSync(file, PNG.sync.write(sheet, { colorType, filterType: 0, deflateLevel: 9, deflateStrategy: 0 }));
}

const [colours, lines] = [newSheet(), newSheet()];
const rows = [["seed", "split", ...ATTRIBUTES].join(",")];
const seen = new Set();

for (let seed = 0; seen.size < COUNT; seed++) {
  const person = draw(seed);
  const fingerprint = createHash("sha256").update(person.pixels).digest("base64");
  if (seen.has(fingerprint)) continue; // no picture stands in two splits
  const index = seen.size;
  seen.add(fingerprint);
  place(colours, index, person.pixels);
  place(lines, index, person.lines);
  rows.push([seed, splitOf(index), ...ATTRIBUTES.map((name) => person.attributes[name] ?? "none")].join(","));
  if (seen.size % 500 === 0) process.stderr.write(`\r${seen.size} of ${COUNT} people`);
}
process.stderr.write("\n");

writeSheet("images.png", colours, 2); // red, green, blue
writeSheet("lines.png", lines, 0); // grey
writeFileSync("attributes.csv", rows.join("\n") + "\n");

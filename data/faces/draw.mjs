// One face from one number, with or without an edit; and sheets of many faces.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createAvatar } from "@dicebear/core";
import { pixelArt } from "@dicebear/collection";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";

const SIZE = 16; // the designs are drawn on a 16x16 grid: nothing is lost
const COLUMNS = 200; // faces in one row of a contact sheet

// Rare attributes are raised so that there are enough examples to learn from.
const OPTIONS = {
  backgroundColor: ["b6e3f4", "c0aede", "d1d4f9", "ffd5dc", "ffdfbf"],
  glassesProbability: 35,
  hatProbability: 15,
  beardProbability: 20,
};

export const ATTRIBUTES = [
  "glasses", "hat", "beard", "hair", "hairColor", "skinColor", "mouth", "clothing", "clothingColor",
  "primaryBackgroundColor", "eyes", "eyesColor", "mouthColor", "accessories", "accessoriesColor",
  "glassesColor", "hatColor",
];

// DiceBear turns seeds that resemble each other ("7", "8") into faces that resemble each other: hash them first.
// It draws one random number for every choice, so an edit of one option leaves the other choices alone.
export function draw(number, edit = {}) {
  const seed = createHash("sha256").update(String(number)).digest("hex");
  const avatar = createAvatar(pixelArt, { ...OPTIONS, seed, ...edit });
  const { pixels, width, height } = new Resvg(avatar.toString()).render();
  if (width !== SIZE || height !== SIZE) throw new Error(`seed ${number}: drawn at ${width}x${height}`);
  const { extra } = avatar.toJson();
  return { pixels, attributes: Object.fromEntries(ATTRIBUTES.map((name) => [name, extra[name] ?? "none"])) };
}

export function writeSheet(file, faces) {
  const sheet = new PNG({ width: COLUMNS * SIZE, height: Math.ceil(faces.length / COLUMNS) * SIZE });
  sheet.data.fill(255);
  faces.forEach(({ pixels }, index) => {
    const left = (index % COLUMNS) * SIZE;
    const top = Math.floor(index / COLUMNS) * SIZE;
    for (let y = 0; y < SIZE; y++) {
      sheet.data.set(pixels.subarray(4 * y * SIZE, 4 * (y + 1) * SIZE), 4 * ((top + y) * sheet.width + left));
    }
  });
  const options = { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 };
  writeFileSync(file, PNG.sync.write(sheet, options));
}

// One portrait from one number, with or without an edit; and sheets of many portraits.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createAvatar } from "@dicebear/core";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";
import { COLOURS, STYLES } from "./styles.mjs";

const SIZE = 64;
const COLUMNS = 100; // portraits in one row of a sheet
// Personas paints white over face, hair and clothes, which would make other colours of them than in the other styles.
const SHEEN = /<path(?=[^>]*fill="#fff")[^>]*mix-blend-mode:overlay[^>]*>/g;
const SHARES = { glasses: 0.35, facialHair: 0.3 }; // of "yes", where the style has it; all else is uniform

export const ATTRIBUTES = [
  "style", "hair", "hairColor", "skinColor", "glasses", "facialHair", "expression", "clothingColor",
  "primaryBackgroundColor",
];

// A number in [0, 1) for every purpose; a hash, because DiceBear turns similar seeds into similar faces.
function random(number, purpose) {
  return createHash("sha256").update(`${purpose} of ${number}`).digest().readUInt32BE() / 2 ** 32;
}

export function pick(values, number, purpose) {
  return values[Math.floor(values.length * random(number, purpose))];
}

// The values that a style can show.
export function possible(style, attribute) {
  const known = STYLES[style][attribute];
  return Array.isArray(known) ? known : known ? Object.keys(known) : COLOURS[attribute];
}

export function attributesOf(number) {
  const style = pick(Object.keys(STYLES), number, "style");
  const chosen = { style };
  for (const attribute of ATTRIBUTES.slice(1)) {
    const values = possible(style, attribute);
    const share = SHARES[attribute];
    const value = share && values.length > 1 ? values[+(random(number, attribute) < share)] : pick(values, number, attribute);
    chosen[attribute] = value;
  }
  return chosen;
}

// DiceBear draws one random number for every choice, so what an edit does not name stays as it is.
export function draw(number, attributes) {
  const { design, options, colours, ...shown } = STYLES[attributes.style];
  const seed = createHash("sha256").update(String(number)).digest("hex");
  const wishes = ["hair", "glasses", "facialHair", "expression"].map((name) => shown[name][attributes[name]]);
  const avatar = createAvatar(design, Object.assign(
    { seed, backgroundColor: [attributes.primaryBackgroundColor.slice(1)] }, options, ...wishes, colours(attributes),
  ));
  const svg = avatar.toString().replaceAll(SHEEN, "");
  return new Resvg(svg, { fitTo: { mode: "width", value: SIZE } }).render().pixels;
}

export function writeSheet(file, drawings) {
  const sheet = new PNG({ width: COLUMNS * SIZE, height: Math.ceil(drawings.length / COLUMNS) * SIZE });
  sheet.data.fill(255);
  drawings.forEach((pixels, index) => {
    const left = (index % COLUMNS) * SIZE;
    const top = Math.floor(index / COLUMNS) * SIZE;
    for (let y = 0; y < SIZE; y++) {
      sheet.data.set(pixels.subarray(4 * y * SIZE, 4 * (y + 1) * SIZE), 4 * ((top + y) * sheet.width + left));
    }
  });
  writeFileSync(file, PNG.sync.write(sheet, { colorType: 2, deflateLevel: 1 }));
}

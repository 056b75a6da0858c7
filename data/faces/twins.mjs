// The edited twins of a face: the same person, drawn by the same tool, with one attribute changed.
import { createHash } from "node:crypto";
import { pixelArt } from "@dicebear/collection";
import { ATTRIBUTES, draw } from "./draw.mjs";

const HAIR_COLORS = pixelArt.schema.properties.hairColor.default.map((color) => `#${color}`);
const CLEARLY_ANOTHER = 100; // least difference of two hair colours, summed over red, green and blue

// Returns [name of the edit, attribute, options that bring it about] for everything that is done to one face.
function edits(number, { glasses, hat, beard, hairColor }) {
  const kind = glasses.replace(/\d+/, "");
  const worn = ["none", "light", "dark"].filter((other) => other !== kind);
  return [
    ...worn.map((other) => [`glasses ${kind}->${other}`, "glasses", glassesOptions(glasses, other)]),
    onOrOff("hat", hat),
    onOrOff("beard", beard),
    ["hairColor", "hairColor", { hairColor: [anotherHairColor(number, hairColor).slice(1)] }],
  ];
}

// The frame stays when only the lenses change: light03 becomes dark03.
function glassesOptions(glasses, kind) {
  if (kind === "none") return { glassesProbability: 0 };
  const numbers = glasses === "none" ? ["01", "02", "03", "04", "05", "06", "07"] : [glasses.slice(-2)];
  return { glassesProbability: 100, glasses: numbers.map((number) => kind + number) };
}

function onOrOff(attribute, value) {
  const [name, probability] = value === "none" ? ["no->yes", 100] : ["yes->no", 0];
  return [`${attribute} ${name}`, attribute, { [`${attribute}Probability`]: probability }];
}

function anotherHairColor(number, color) {
  const others = HAIR_COLORS.filter((other) => difference(other, color) >= CLEARLY_ANOTHER);
  const random = createHash("sha256").update(`hair colour of ${number}`).digest().readUInt32BE();
  return others[random % others.length];
}

function difference(one, other) {
  const channels = (color) => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
  const [a, b] = [channels(one), channels(other)];
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);
}

// An edit that changes no pixel, such as another colour for hair under a hat, gives no twin.
export function twinsOf(number, attributes, pixels) {
  const twins = [];
  for (const [edit, attribute, options] of edits(number, attributes)) {
    const twin = draw(number, options);
    const changed = ATTRIBUTES.filter((name) => twin.attributes[name] !== attributes[name]);
    if (changed.join() !== attribute) throw new Error(`seed ${number}, ${edit}: changed ${changed}`);
    if (!twin.pixels.equals(pixels)) twins.push({ edit, value: twin.attributes[attribute], pixels: twin.pixels });
  }
  return twins;
}

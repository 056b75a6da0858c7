// The twin of a portrait: the same person with one attribute changed, or in another artist's style.
import { ATTRIBUTES, draw, pick, possible } from "./draw.mjs";
import { STYLES } from "./styles.mjs";

const COLOURS = ["hairColor", "skinColor", "clothingColor", "primaryBackgroundColor"];

function changed(number, attributes, attribute) {
  const others = possible(attributes.style, attribute).filter((value) => value !== attributes[attribute]);
  return { ...attributes, [attribute]: pick(others, number, `another ${attribute}`) };
}

// What the other style cannot show becomes "no" or "none", and clothes that it adds get a colour.
function inStyle(number, attributes) {
  const other = pick(Object.keys(STYLES).filter((style) => style !== attributes.style), number, "another style");
  const kept = { ...attributes, style: other };
  for (const attribute of ATTRIBUTES.slice(1)) {
    const values = possible(other, attribute);
    if (!values.includes(kept[attribute])) kept[attribute] = pick(values, number, `${attribute} in another style`);
  }
  return kept;
}

// Every second portrait gets a twin in another style. null when not one pixel differs.
export function twinOf(index, number, attributes, pixels) {
  const open = ATTRIBUTES.slice(1).filter((attribute) => possible(attributes.style, attribute).length > 1);
  const attribute = index % 2 ? "style" : pick(open, number, "the attribute to change");
  const after = attribute === "style" ? inStyle(number, attributes) : changed(number, attributes, attribute);
  const drawn = draw(number, after);
  if (drawn.equals(pixels)) return null;
  const edit = COLOURS.includes(attribute) ? attribute : `${attribute} ${attributes[attribute]}->${after[attribute]}`;
  return { index, number, edit, attributes: after, pixels: drawn };
}

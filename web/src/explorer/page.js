// The explorer of the site: the shipped generators, of which one is fetched at first.

import { Library } from "./library.js";
import { named, View } from "./view.js";

/**
 * @param {HTMLElement} place what stands in it until now is the stored picture
 */
export async function show(place) {
  const library = new Library(JSON.parse(place.dataset.generators ?? "[]"));
  const small = place.dataset.small !== undefined;
  const first = (!small && library.find(named())) || library.generators[0];
  return new View(await library.load(first), small, library).putInto(place);
}

// The explorer of the site: the generator of lesson 05, which is fetched.

import { download } from "../dom.js";
import { loadMany } from "./many.js";
import { Scene } from "./scene.js";
import { View } from "./view.js";

/**
 * @param {HTMLElement} place what stands in it until now is the stored picture
 */
export async function show(place) {
  const scene = new Scene(await download("live/faces.safetensors"));
  return new View(scene, place.dataset.small !== undefined, loadMany).putInto(place);
}

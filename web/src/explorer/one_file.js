// The explorer of a page that is one file: `stablegen_lib/sharing` writes the weights into the page.

import { Scene } from "./scene.js";
import { View } from "./view.js";

/**
 * @param {HTMLElement} place
 * @param {string} weights a safetensors file in base64
 */
export function show(place, weights) {
  const bytes = Uint8Array.from(atob(weights.trim()), (letter) => letter.charCodeAt(0));
  return new View(new Scene(bytes.buffer), false).putInto(place);
}

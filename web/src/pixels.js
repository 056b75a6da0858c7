// From numbers in [-1, 1] to pixels.

/** @param {number} value in [-1, 1]; @returns {number} the nearest of 0 to 255, as `data.to_bytes` */
export function toByte(value) {
  const scaled = Math.fround(Math.fround(Math.min(1, Math.max(-1, value)) + 1) * 127.5);
  const floor = Math.floor(scaled);
  return scaled - floor === 0.5 ? floor + (floor % 2) : Math.round(scaled);
}

/**
 * Puts pictures side by side on a canvas, one white pixel between them.
 * @param {HTMLCanvasElement} canvas gets the size that is needed
 * @param {{side: number, data: Float32Array}[]} images of three channels each, or of one
 */
export function paint(canvas, images) {
  const columns = Math.ceil(Math.sqrt(images.length));
  const { side } = images[0];
  const gap = images.length > 1 ? 1 : 0;
  canvas.width = columns * (side + gap) + gap;
  canvas.height = Math.ceil(images.length / columns) * (side + gap) + gap;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  images.forEach((image, number) => {
    const left = gap + (number % columns) * (side + gap);
    const top = gap + Math.floor(number / columns) * (side + gap);
    context.putImageData(new ImageData(/** @type {any} */ (toPixels(image)), side, side), left, top);
  });
}

/**
 * @param {{side: number, data: Float32Array}} image three channels, one after the other; or one, grey
 * @returns {Uint8ClampedArray} red, green, blue and 255 for each pixel
 */
export function toPixels({ side, data }) {
  const area = side * side;
  const pixels = new Uint8ClampedArray(4 * area).fill(255);
  const grey = data.length === area;
  for (let c = 0; c < 3; c++) {
    const start = grey ? 0 : c * area;
    for (let i = 0; i < area; i++) pixels[4 * i + c] = toByte(data[start + i]);
  }
  return pixels;
}

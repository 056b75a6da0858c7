// Points of the plane to learn from: as `stablegen_lib/data/gaussians.py` and the strokes of the Duel.

import { randn, Twister } from "../random.js";

/** @typedef {[number, number]} Point */
/** @typedef {{name: string, points: Float64Array, centres: Point[], deviation: number}} PointSet */

const MOST_PLACES = 400; // along all strokes; a longer drawing gets them farther apart

/** @type {Record<string, () => PointSet>} */
export const DATA_SETS = {
  ring: () => mixture("ring of 8", ring(8, 2), 10_000, 0.1),
  grid: () => mixture("grid of 25", grid(5, 2), 10_000, 0.1),
  moons: () => alongStrokes(moons(), "two moons"),
};

/**
 * Draws points from equally likely Gaussians, the same ones as torch from seed 0.
 * @param {string} name
 * @param {Point[]} centres
 * @param {number} count
 * @param {number} deviation
 * @returns {PointSet}
 */
export function mixture(name, centres, count, deviation) {
  const random = new Twister(0);
  const chosen = Array.from({ length: count }, () => random.next() % centres.length);
  const noise = randn(2 * count, random);
  const points = Float64Array.from(noise, (value, i) => {
    return Math.fround(
      Math.fround(centres[chosen[i >> 1]][i % 2]) + Math.fround(Math.fround(deviation) * value),
    );
  });
  return { name, points, centres, deviation };
}

/**
 * Draws points from Gaussians spaced evenly along lines.
 * @param {Point[][]} strokes
 * @param {string} name
 * @returns {PointSet}
 * @throws {Error} If the strokes hold fewer than two places.
 */
export function alongStrokes(strokes, name = "drawing") {
  const total = strokes.reduce((sum, stroke) => sum + travelled(stroke)[stroke.length - 1], 0);
  const spacing = Math.max(0.2, total / MOST_PLACES);
  const centres = strokes.flatMap((stroke) => places(stroke, spacing));
  if (centres.length < 2) throw new Error("At least two places are needed: draw a line.");
  return mixture(name, centres, 5_000, 0.08);
}

/**
 * Half the side of a square around 0 that holds all centres with a margin.
 * @param {PointSet} set
 */
export function reachOf({ centres }) {
  return Math.ceil(Math.max(...centres.flat().map(Math.abs)) + 0.5);
}

/**
 * @param {number} count
 * @param {number} radius
 * @returns {Point[]}
 */
function ring(count, radius) {
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [rounded(radius * Math.cos(angle)), rounded(radius * Math.sin(angle))];
  });
}

/** @param {number} value the cosine of 90 degrees is 0, not 6e-17 */
function rounded(value) {
  return Math.round(value * 1e12) / 1e12;
}

/**
 * @param {number} side
 * @param {number} spacing
 * @returns {Point[]}
 */
function grid(side, spacing) {
  const line = Array.from({ length: side }, (_, i) => spacing * (i - (side - 1) / 2));
  return line.flatMap((x) => line.map((y) => /** @type {Point} */ ([x, y])));
}

/** @returns {Point[][]} two half circles of radius 1.5 that reach into each other */
function moons() {
  const upper = Array.from({ length: 61 }, (_, step) => {
    const angle = (Math.PI * step) / 60;
    return /** @type {Point} */ ([1.5 * Math.cos(angle) - 0.75, 1.5 * Math.sin(angle) - 0.375]);
  });
  return [upper, upper.map(([x, y]) => /** @type {Point} */ ([-x, -y]))];
}

/**
 * How far along the line each of its points is.
 * @param {Point[]} line
 */
function travelled(line) {
  let sum = 0;
  return line.map(([x, y], i) => {
    if (i) sum += Math.hypot(x - line[i - 1][0], y - line[i - 1][1]);
    return sum;
  });
}

/**
 * Points at even distances along the line, both ends among them; one point for a dot.
 * @param {Point[]} line
 * @param {number} spacing
 * @returns {Point[]}
 */
function places(line, spacing) {
  const way = travelled(line);
  const length = way[way.length - 1];
  const gaps = Math.floor(length / spacing + 0.5);
  if (!gaps) return [line[0]];
  let before = 0;
  return Array.from({ length: gaps + 1 }, (_, i) => {
    const wanted = (length * i) / gaps;
    while (before < line.length - 2 && way[before + 1] <= wanted) before++;
    const part = Math.min(
      1,
      Math.max(0, (wanted - way[before]) / Math.max(1e-12, way[before + 1] - way[before])),
    );
    const [[x, y], [nextX, nextY]] = [line[before], line[before + 1]];
    return [x + part * (nextX - x), y + part * (nextY - y)];
  });
}

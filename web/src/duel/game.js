// The game between D and G in the plane: losses, gradients and moves, as `stablegen_lib` plays it.
//
// The same seed gives the same networks, batches and latent vectors as the notebook's Duel.

import { randn, Twister } from "../random.js";
import { Adam } from "./adam.js";
import { reachOf } from "./data.js";
import { Network, slopePenalty } from "./network.js";

/** @typedef {import("./data.js").PointSet} PointSet */
/** @typedef {{generatorRate: number, discriminatorRate: number, loss: "non_saturating" | "minimax", gamma: number}} Rules */

const WIDTH = 128;
const BATCH = 128;
const NEAR = 3; // standard deviations
const SCORED = 2500; // generated points behind a score
const LONGEST = 400; // entries of a history
/** @type {[number, number]} */
const BETAS = [0, 0.99];
/** @type {Rules} */
export const RULES = { generatorRate: 1e-3, discriminatorRate: 1e-3, loss: "non_saturating", gamma: 0.02 };

export class Game {
  /** @type {Network} */
  generator;
  /** @type {Network} */
  discriminator;
  /** @type {Adam} */
  generatorAdam;
  /** @type {Adam} */
  discriminatorAdam;
  /** @type {PointSet} */
  real;
  /** @type {number} */
  reach;
  /** @type {number} */
  round;
  /** @type {Twister} */
  random;
  /** @type {Float64Array} */
  z;
  /** @type {{round: number, captured: number, modes: number, onModeMass: number} | null} */
  scored;

  /**
   * @param {PointSet} real
   * @param {number} seed
   */
  constructor(real, seed = 0) {
    this.seed = seed;
    this.rules = { ...RULES };
    this.use(real);
    this.reset(seed);
  }

  /** @param {number} seed back to untrained networks */
  reset(seed = this.seed) {
    const start = new Twister(seed);
    this.seed = seed;
    this.round = 0;
    this.generator = new Network([2, WIDTH, WIDTH, 2], start);
    this.discriminator = new Network([2, WIDTH, WIDTH, 1], start);
    this.generatorAdam = new Adam(this.generator.parameters, this.rules.generatorRate, BETAS);
    this.discriminatorAdam = new Adam(this.discriminator.parameters, this.rules.discriminatorRate, BETAS);
    this.random = new Twister(seed);
    this.scored = null;
    this.z = Float64Array.from(randn(2 * SCORED, new Twister(seed + 1)));
    /** @type {[number, number][]} round, nats */
    this.discriminatorLosses = [];
    /** @type {[number, number][]} */
    this.generatorLosses = [];
  }

  /**
   * @param {PointSet} real in place of those before; the networks go on from where they are
   * @param {number} reach half the side of the square that is looked at
   */
  use(real, reach = reachOf(real)) {
    this.real = real;
    this.reach = reach;
    this.scored = null;
  }

  /** @param {Partial<Rules>} rules hold from the next move on */
  change(rules) {
    Object.assign(this.rules, rules);
    this.generatorAdam.rate = this.rules.generatorRate;
    this.discriminatorAdam.rate = this.rules.discriminatorRate;
  }

  /** D moves, then G, on the same generated points. */
  step() {
    const shown = this.#moveDiscriminator();
    const loss = this.#moveGenerator(shown.trace);
    this.#finish(shown.loss, loss);
  }

  stepDiscriminator() {
    this.#finish(this.#moveDiscriminator().loss, null);
  }

  stepGenerator() {
    this.#finish(null, this.#moveGenerator(this.generator.forward(this.#batch().z, BATCH)));
  }

  /** @param {number} count of the game's own z, which stay the same from round to round */
  generated(count = 200) {
    return this.generator.forward(this.z.subarray(0, 2 * count), count).output;
  }

  /**
   * D's probability of "real" on a grid of cells; row 0 is the top of the plane.
   * @param {number} cells along each side
   */
  probabilities(cells) {
    const places = new Float64Array(2 * cells * cells);
    for (let i = 0; i < cells * cells; i++) {
      places[2 * i] = this.reach * (((i % cells) + 0.5) * (2 / cells) - 1);
      places[2 * i + 1] = -this.reach * ((Math.floor(i / cells) + 0.5) * (2 / cells) - 1);
    }
    return this.discriminator.forward(places, cells * cells).output.map(sigmoid);
  }

  /**
   * Where D's answer pushes each point: minus the gradient of G's loss there.
   * @param {Float64Array} points
   */
  arrows(points) {
    const count = points.length / 2;
    const trace = this.discriminator.forward(points, count);
    const slope = trace.output.map((logit) => -this.#generatorSlope(logit));
    return this.discriminator.backward(trace, slope).input;
  }

  /**
   * Modes reached, and the share of generated points that lie near one.
   * @param {number} age rounds that the answer may be old; it takes as long as a step
   */
  scores(age = 0) {
    if (!this.scored || this.round - this.scored.round > age) {
      this.scored = { round: this.round, ...this.#score() };
    }
    return this.scored;
  }

  #score() {
    const { centres, deviation } = this.real;
    const points = this.generated(SCORED);
    const found = new Set();
    let near = 0;
    for (let i = 0; i < points.length; i += 2) {
      const distances = centres.map(([x, y]) => Math.hypot(points[i] - x, points[i + 1] - y));
      const nearest = distances.indexOf(Math.min(...distances));
      if (distances[nearest] > NEAR * deviation) continue;
      near += 1;
      found.add(nearest);
    }
    return { captured: found.size, modes: centres.length, onModeMass: near / SCORED };
  }

  #batch() {
    const count = this.real.points.length / 2;
    const real = new Float64Array(2 * BATCH);
    for (let i = 0; i < BATCH; i++) {
      const chosen = this.random.next() % count;
      real[2 * i] = this.real.points[2 * chosen];
      real[2 * i + 1] = this.real.points[2 * chosen + 1];
    }
    return { real, z: Float64Array.from(randn(2 * BATCH, this.random)) };
  }

  #moveDiscriminator() {
    const { real, z } = this.#batch();
    const trace = this.generator.forward(z, BATCH);
    const gradients = this.discriminator.noGradients();
    const realTrace = this.discriminator.forward(real, BATCH);
    const fakeTrace = this.discriminator.forward(trace.output, BATCH);
    const loss = mean(realTrace.output, (l) => softplus(-l)) + mean(fakeTrace.output, softplus);
    this.discriminator.backward(
      realTrace,
      realTrace.output.map((l) => -sigmoid(-l) / BATCH),
      gradients,
    );
    this.discriminator.backward(
      fakeTrace,
      fakeTrace.output.map((l) => sigmoid(l) / BATCH),
      gradients,
    );
    if (this.rules.gamma) slopePenalty(this.discriminator, realTrace, this.rules.gamma, gradients);
    this.discriminatorAdam.step(gradients);
    return { loss, trace };
  }

  /** @param {import("./network.js").Trace} trace of G, whose points D is asked about */
  #moveGenerator(trace) {
    const judged = this.discriminator.forward(trace.output, BATCH);
    const minimax = this.rules.loss === "minimax";
    const loss = mean(judged.output, minimax ? (l) => -softplus(l) : (l) => softplus(-l));
    const slope = judged.output.map((logit) => this.#generatorSlope(logit) / BATCH);
    const gradients = this.generator.noGradients();
    this.generator.backward(trace, this.discriminator.backward(judged, slope).input, gradients);
    this.generatorAdam.step(gradients);
    return loss;
  }

  /** @param {number} logit @returns {number} how G's loss changes with it */
  #generatorSlope(logit) {
    return this.rules.loss === "minimax" ? -sigmoid(logit) : -sigmoid(-logit);
  }

  /**
   * @param {number | null} discriminatorLoss
   * @param {number | null} generatorLoss
   */
  #finish(discriminatorLoss, generatorLoss) {
    this.round += 1;
    if (discriminatorLoss !== null) append(this.discriminatorLosses, [this.round, discriminatorLoss]);
    if (generatorLoss !== null) append(this.generatorLosses, [this.round, generatorLoss]);
  }
}

/**
 * When there are too many entries, every second one goes.
 * @param {[number, number][]} history
 * @param {[number, number]} entry
 */
function append(history, entry) {
  history.push(entry);
  if (history.length > LONGEST) history.splice(0, history.length, ...history.filter((_, i) => i % 2 === 0));
}

/** @param {number} logit */
function sigmoid(logit) {
  return 1 / (1 + Math.exp(-logit));
}

/** log(1 + e^logit), which is −log of the probability of the other answer. @param {number} logit */
function softplus(logit) {
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
}

/**
 * @param {Float64Array} values
 * @param {(value: number) => number} of
 */
function mean(values, of) {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

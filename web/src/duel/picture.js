// The duel on a canvas: D's answers as the ground, real and generated points, pushes, and curves of losses.

/** @typedef {import("./game.js").Game} Game */
/** @typedef {CanvasRenderingContext2D} Context */

export const SIDE = 400; // pixels of the plane, and of the chart beside it
const CELLS = 32; // of the ground along each side, smoothed
const AGE = 10; // rounds that the scores in the picture may be old
const SHOWN = 400; // real points
const ARROWS = 60;
const LONGEST = 48; // pixels of an arrow; its length goes with the root of the push
const BLUE = [0, 114, 178];
const ORANGE = [213, 94, 0];
const INK = "#222222";
const GREEN = "#00664b";

/**
 * The plane.
 * @param {HTMLCanvasElement} canvas of this side
 * @param {Game} game
 */
export function drawPlane(canvas, game) {
  const context = blank(canvas);
  ground(context, game);
  const real = game.real.points.subarray(0, 2 * SHOWN);
  each(real, game, (x, y) => dot(context, x, y));
  const made = game.generated();
  each(made, game, (x, y) => cross(context, x, y));
  arrows(context, made.subarray(0, 2 * ARROWS), game);
  context.strokeStyle = INK;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, SIDE - 1, SIDE - 1);
}

/** @param {HTMLCanvasElement} canvas */
function blank(canvas) {
  const context = /** @type {Context} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, SIDE, SIDE);
  return context;
}

/**
 * The game in words.
 * @param {Game} game
 */
export function describe(game) {
  const { captured, modes, onModeMass } = game.scores();
  const share = `${Math.round(100 * onModeMass)} %`;
  const reached = `generated points have reached ${captured} of ${modes} modes, ${share} of them lie near one`;
  const losses = [last("D", game.discriminatorLosses), last("G", game.generatorLosses)].join("");
  return `Round ${game.round} on ${game.real.name}: ${reached}.${losses}`;
}

/**
 * @param {string} who
 * @param {[number, number][]} history
 */
function last(who, history) {
  return history.length ? ` ${who}'s last loss is ${history[history.length - 1][1].toFixed(2)}.` : "";
}

/**
 * Orange where D says "generated", blue where it says "real", white where it cannot tell.
 * @param {Context} context
 * @param {Game} game
 */
function ground(context, game) {
  const pixels = new ImageData(CELLS, CELLS);
  game.probabilities(CELLS).forEach((probability, i) => {
    const strength = Math.min(1, Math.abs(2 * probability - 1)) * 0.65;
    const colour = probability > 0.5 ? BLUE : ORANGE;
    for (let c = 0; c < 3; c++) pixels.data[4 * i + c] = 255 + strength * (colour[c] - 255);
    pixels.data[4 * i + 3] = 255;
  });
  const small = new OffscreenCanvas(CELLS, CELLS);
  /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d")).putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, SIDE, SIDE);
}

/**
 * Calls with the place of each point that lies in the square.
 * @param {Float64Array} points
 * @param {Game} game
 * @param {(x: number, y: number, number: number) => void} what
 */
function each(points, { reach }, what) {
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i] / reach, points[i + 1] / reach];
    if (Math.max(Math.abs(x), Math.abs(y)) < 1) what(((x + 1) / 2) * SIDE, ((1 - y) / 2) * SIDE, i / 2);
  }
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 */
function dot(context, x, y) {
  context.fillStyle = `rgb(${BLUE})`;
  context.beginPath();
  context.arc(x, y, 2.2, 0, 2 * Math.PI);
  context.fill();
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 */
function cross(context, x, y) {
  context.strokeStyle = `rgb(${ORANGE})`;
  context.lineWidth = 1.5;
  line(context, [
    [x - 3, y - 3],
    [x + 3, y + 3],
  ]);
  line(context, [
    [x - 3, y + 3],
    [x + 3, y - 3],
  ]);
}

/**
 * @param {Context} context
 * @param {[number, number][]} places
 */
function line(context, places) {
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
}

/**
 * Where D's answer pushes each of these points.
 * @param {Context} context
 * @param {Float64Array} points
 * @param {Game} game
 */
function arrows(context, points, game) {
  const pushes = game.arrows(points);
  context.strokeStyle = INK;
  context.lineWidth = 1;
  each(points, game, (x, y, number) => {
    const [right, up] = [pushes[2 * number], pushes[2 * number + 1]];
    const strength = Math.hypot(right, up);
    const length = LONGEST * Math.sqrt(Math.min(1, strength));
    if (!(length >= 2)) return;
    const [dx, dy] = [right / strength, -up / strength];
    const tip = /** @type {[number, number]} */ ([x + length * dx, y + length * dy]);
    const head = Math.min(6, length / 2);
    line(context, [[x, y], tip]);
    for (const side of [1, -1]) {
      line(context, [[tip[0] - head * (dx + (side * dy) / 2), tip[1] - head * (dy - (side * dx) / 2)], tip]);
    }
  });
}

/**
 * Scores and losses so far.
 * @param {HTMLCanvasElement} canvas of this side
 * @param {Game} game
 */
export function drawChart(canvas, game) {
  const context = blank(canvas);
  const { captured, modes, onModeMass } = game.scores(AGE);
  context.font = "14px sans-serif";
  legend(context);
  const text = `modes reached: ${captured} of ${modes}; on-mode mass: ${onModeMass.toFixed(2)}`;
  write(context, text, 12, 88, GREEN);
  const minimax = game.rules.loss === "minimax";
  const kinds = [
    { who: "D", history: game.discriminatorLosses, colour: `rgb(${BLUE})`, tie: 2 * Math.LN2 },
    { who: "G", history: game.generatorLosses, colour: "rgb(176,74,0)", tie: minimax ? -Math.LN2 : Math.LN2 },
  ];
  const values = kinds.flatMap(({ history }) => history.map(([, loss]) => loss));
  const [low, high] = [Math.max(-4, Math.min(0, ...values)), Math.min(6, Math.max(2, ...values))];
  kinds.forEach(({ who, history, colour, tie }, row) => {
    const now = history.length ? `${history[history.length - 1][1].toFixed(2)} nats` : "none yet";
    const told = `${who}'s loss: ${now}; ${tie.toFixed(2)} when D cannot tell (dashed)`;
    write(context, told, 12, 124 + 20 * row, colour);
    curve(context, history, tie, { low, high, rounds: Math.max(100, game.round), colour });
  });
  write(context, `round ${game.round}`, 12, SIDE - 6, INK);
}

/** @param {Context} context */
function legend(context) {
  dot(context, 18, 20);
  write(context, "real", 30, 25, INK);
  cross(context, 88, 20);
  write(context, "generated", 100, 25, INK);
  write(context, "blue ground: D says real; orange: generated", 12, 50, INK);
}

/**
 * @param {Context} context
 * @param {[number, number][]} history
 * @param {number} tie
 * @param {{low: number, high: number, rounds: number, colour: string}} frame
 */
function curve(context, history, tie, { low, high, rounds, colour }) {
  const [left, top, width, height] = [12, 160, SIDE - 24, SIDE - 190];
  /** @param {number} loss */
  const up = (loss) => top + height * (1 - (Math.min(high, Math.max(low, loss)) - low) / (high - low));
  context.strokeStyle = INK;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width, height);
  context.strokeStyle = colour;
  context.setLineDash([4, 4]);
  line(context, [
    [left, up(tie)],
    [left + width, up(tie)],
  ]);
  context.setLineDash([]);
  context.lineWidth = 1.5;
  line(
    context,
    history.map(([round, loss]) => [left + (width * round) / rounds, up(loss)]),
  );
}

/**
 * @param {Context} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function write(context, text, x, y, colour) {
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

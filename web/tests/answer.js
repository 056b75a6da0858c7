// Answers the tests in Python: a question as JSON comes in, what JavaScript makes of it goes out.

import { readFileSync } from "node:fs";
import { DATA_SETS } from "../src/duel/data.js";
import { Game } from "../src/duel/game.js";
import { Scene } from "../src/explorer/scene.js";
import { toByte } from "../src/pixels.js";
import { tokens } from "../src/prompter/tokenizer.js";
import { randn, Twister } from "../src/random.js";
import { pack, unpack } from "../src/share_code.js";

/** @type {Record<string, (asked: any) => unknown>} */
const ANSWERS = {
  randn: ({ seed, counts }) => {
    const random = new Twister(seed);
    return counts.map((/** @type {number} */ count) => [...randn(count, random)]);
  },
  faces: ({ file, codes }) => {
    const scene = new Scene(buffer(file));
    return codes.map((/** @type {string} */ code) => {
      const state = scene.checked(unpack(code, scene.about.modelId));
      const images = scene.images(state);
      return {
        code: pack(scene.about.modelId, state),
        words: scene.words(state),
        images: images.map(({ data }) => [...data]),
        bytes: images.map(({ data }) => Array.from(data, toByte)),
      };
    });
  },
  codes: ({ modelId, states }) => states.map((/** @type {any} */ state) => pack(modelId, state)),
  tokens: ({ about, prompts }) => {
    const { tokenizer } = JSON.parse(readFileSync(about, "utf8"));
    return prompts.map((/** @type {string} */ prompt) => tokens(tokenizer, prompt));
  },
  duel: ({ dataset, seed, rules, moves }) => {
    const game = new Game(DATA_SETS[dataset](), seed);
    game.change(rules);
    for (const move of moves) play(game, move);
    return {
      discriminator: game.discriminatorLosses,
      generator: game.generatorLosses,
      points: [...game.generated(50)],
      arrows: [...game.arrows(game.generated(50))],
      probabilities: [...game.probabilities(8)],
      scores: game.scores(),
    };
  },
};

/** @param {Game} game @param {string} move */
function play(game, move) {
  if (move === "D") game.stepDiscriminator();
  else if (move === "G") game.stepGenerator();
  else game.step();
}

/** @param {string} file */
function buffer(file) {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

const { what, ...asked } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(ANSWERS[what](asked)));

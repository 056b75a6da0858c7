// What each of the four styles can show, and how: attribute -> value -> DiceBear's options.
import { adventurer, micah, personas, toonHead } from "@dicebear/collection";

const numbered = (prefix, numbers) => numbers.map((number) => prefix + String(number).padStart(2, "0"));
const worn = (name, kinds) => ({ no: { [`${name}Probability`]: 0 }, yes: { [`${name}Probability`]: 100, [name]: kinds } });
const plain = (hex) => [hex.slice(1)];

// The same colours in every style, so that a word means the same in each.
export const COLOURS = {
  hairColor: ["#26201f", "#7e4d2d", "#e6c069", "#c8502d", "#b0b0b0", "#4f6fd8"],
  skinColor: ["#f8d5b8", "#d9a06b", "#a5683f", "#56321f"],
  clothingColor: ["#d64545", "#3f6fc4", "#4fa56b", "#efc14d", "#8a5cc2", "#f4f1ea"],
  primaryBackgroundColor: ["#b9dcf2", "#f9cdd6", "#fbe7a8", "#c7e8c5", "#dcdcdc"],
};

const CALM = ["happy", "bow", "humble", "wink"]; // only who is surprised has wide eyes
const DARK = ["#26201f", "#7e4d2d", "#c8502d", "#4f6fd8"]; // on such a beard the mouth is drawn in white

export const STYLES = {
  adventurer: {
    design: adventurer,
    options: { featuresProbability: 0 },
    hair: {
      short: { hair: numbered("short", [1, 2, 3, 6, 7, 8, 9, 10, 11, 14, 16, 17, 18]) },
      long: { hair: numbered("long", [1, 4, 5, 6, 7, 9, 15, 16, 17, 20, 22, 24]) },
    },
    glasses: worn("glasses", numbered("variant", [2, 3, 4, 5])),
    facialHair: worn("features", ["mustache"]),
    expression: {
      happy: { mouth: numbered("variant", [1, 5, 22, 23, 25, 26, 27, 28, 30]) },
      sad: { mouth: numbered("variant", [4, 14]) },
      surprised: { mouth: numbered("variant", [15, 18]) },
    },
    colours: ({ hairColor, skinColor }) => ({ hairColor: plain(hairColor), skinColor: plain(skinColor) }),
  },
  micah: {
    design: micah,
    options: { eyes: ["eyes", "round", "smiling"], glassesColor: ["000000"] },
    hair: { short: { hair: ["dannyPhantom", "fonze", "mrT"] }, long: { hair: ["full", "pixie"] } },
    glasses: worn("glasses", ["round", "square"]),
    facialHair: worn("facialHair", ["beard"]),
    expression: {
      happy: { mouth: ["smile", "laughing"] },
      sad: { mouth: ["sad", "frown"] },
      surprised: { mouth: ["surprised"] },
    },
    colours: ({ hairColor, skinColor, clothingColor, facialHair }) => ({
      hairColor: plain(hairColor),
      facialHairColor: plain(hairColor),
      baseColor: plain(skinColor),
      shirtColor: plain(clothingColor),
      mouthColor: [facialHair === "yes" && DARK.includes(hairColor) ? "ffffff" : "000000"],
    }),
  },
  personas: {
    design: personas,
    options: {},
    hair: {
      short: { hair: ["curlyHighTop", "fade", "mohawk", "shortCombover", "shortComboverChops"] },
      long: { hair: ["bobBangs", "bobCut", "extraLong", "long", "sideShave"] },
    },
    glasses: { no: { eyes: ["open", "happy", "sleep", "wink"] }, yes: { eyes: ["glasses"] } },
    facialHair: worn("facialHair", ["goatee", "pyramid", "walrus"]), // beardMustache draws a smile over every mouth
    expression: {
      happy: { mouth: ["smile", "bigSmile"] },
      sad: { mouth: ["frown"] },
      surprised: { mouth: ["surprise"] },
    },
    colours: ({ hairColor, skinColor, clothingColor }) => ({
      hairColor: plain(hairColor),
      skinColor: plain(skinColor),
      clothingColor: plain(clothingColor),
    }),
  },
  toonHead: {
    design: toonHead,
    options: { clothes: ["turtleNeck", "tShirt", "dress"] },
    hair: {
      short: { rearHairProbability: 0, hair: ["sideComed", "undercut", "spiky"] },
      long: { rearHairProbability: 100, rearHair: ["longStraight", "longWavy", "shoulderHigh"] },
    },
    glasses: { no: {} }, // this style has none
    facialHair: worn("beard", ["fullBeard", "longBeard", "moustacheTwirl", "chinMoustache"]),
    expression: {
      happy: { mouth: ["smile", "laugh"], eyes: CALM, eyebrows: ["happy", "raised"] },
      sad: { mouth: ["sad", "angry"], eyes: CALM, eyebrows: ["sad", "angry"] },
      surprised: { mouth: ["agape"], eyes: ["wide"], eyebrows: ["raised"] },
    },
    colours: ({ hairColor, skinColor, clothingColor }) => ({
      hairColor: plain(hairColor),
      skinColor: plain(skinColor),
      clothesColor: plain(clothingColor),
    }),
  },
};
STYLES.adventurer.clothingColor = ["none"]; // the style draws heads only

// From a prompt to tokens: byte pair encoding (Sennrich et al. 2016, arXiv:1508.07909), as CLIP does it.

/**
 * @typedef {object} Tokenizer
 * @property {Record<string, number>} vocabulary
 * @property {[string, string][]} merges the first ones come first
 * @property {number} begin
 * @property {number} end
 * @property {number} pad
 * @property {number} unknown
 * @property {number} length
 */

const PARTS = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;
const LAST = "</w>"; // marks the end of a word
const LETTERS = byteLetters();

/**
 * @param {Tokenizer} tokenizer
 * @param {string} prompt
 * @returns {number[]} begin, the words' tokens, end, and padding up to the length
 */
export function tokens(tokenizer, prompt) {
  const { begin, end, pad, length } = tokenizer;
  const ranks = new Map(tokenizer.merges.map((pair, rank) => [pair.join(" "), rank]));
  const clean = prompt.normalize("NFC").replace(/\s+/g, " ").toLowerCase();
  const words = (clean.match(PARTS) ?? []).flatMap((word) => wordTokens(tokenizer, ranks, word));
  const all = [begin, ...words.slice(0, length - 2), end];
  return [...all, ...new Array(length - all.length).fill(pad)];
}

/**
 * @param {Tokenizer} tokenizer
 * @param {Map<string, number>} ranks
 * @param {string} word
 */
function wordTokens({ vocabulary, unknown }, ranks, word) {
  const parts = Array.from(new TextEncoder().encode(word), (byte) => LETTERS[byte]);
  parts[parts.length - 1] += LAST;
  for (;;) {
    const pairs = parts
      .slice(1)
      .map((part, i) => ranks.get(`${parts[i]} ${part}`) ?? Number.POSITIVE_INFINITY);
    const best = Math.min(...pairs);
    if (!Number.isFinite(best)) break;
    const place = pairs.indexOf(best);
    parts.splice(place, 2, parts[place] + parts[place + 1]);
  }
  return parts.map((part) => vocabulary[part] ?? unknown);
}

/** A letter for each of the 256 bytes: itself where it can be printed, else one from far behind. */
function byteLetters() {
  let behind = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printed = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCodePoint(printed ? byte : behind++);
  });
}

/**
 * The words of a prompt that no caption ever held.
 * @param {string[]} known
 * @param {string} prompt
 */
export function unknownWords(known, prompt) {
  const words = prompt.toLowerCase().match(/[a-z]+/g) ?? [];
  return [...new Set(words.filter((word) => !known.includes(word)))];
}

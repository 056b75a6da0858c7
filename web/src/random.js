// torch.randn in JavaScript: the same numbers from the same seed.
//
// torch draws with the Mersenne Twister (Matsumoto and Nishimura 1998) and turns pairs of uniform numbers
// into normal ones (Box and Muller 1958). From 16 numbers on it does so in blocks of 16, and fills a last
// incomplete block by drawing the final 16 numbers afresh; fewer than 16 come one by one in double precision.

const SIZE = 624;
const MIDDLE = 397;
const BLOCK = 16;

/** Whole numbers from 0 to 2^32 - 1, as `torch.Generator().manual_seed(seed)` gives them. */
export class Twister {
  /** @param {number} seed 0 to 2^32 - 1 */
  constructor(seed) {
    this.state = new Uint32Array(SIZE);
    this.state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = this.state[i - 1];
      this.state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    this.place = SIZE;
    /** @type {number | null} */
    this.kept = null;
  }

  /** @returns {number} 32 random bits */
  next() {
    if (this.place === SIZE) this.#turn();
    let y = this.state[this.place++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** @returns {number} uniform in [0, 1), with the 24 bits of a float */
  uniform() {
    return (this.next() & 0xffffff) / 2 ** 24;
  }

  /** @returns {number} uniform in [0, 1), with the 53 bits of a double */
  uniformDouble() {
    const high = this.next();
    const low = this.next();
    return ((high & 0x1fffff) * 2 ** 32 + low) / 2 ** 53;
  }

  #turn() {
    const s = this.state;
    for (let i = 0; i < SIZE; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % SIZE] & 0x7fffffff);
      s[i] = s[(i + MIDDLE) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.place = 0;
  }
}

/**
 * What `torch.randn(count, generator=generator)` gives.
 * @param {number} count
 * @param {Twister} generator moves on, as torch's does
 * @returns {Float32Array}
 */
export function randn(count, generator) {
  const out = new Float32Array(count);
  if (count < BLOCK) {
    for (let i = 0; i < count; i++) out[i] = single(generator);
    return out;
  }
  for (let i = 0; i < count; i++) out[i] = generator.uniform();
  for (let at = 0; at + BLOCK <= count; at += BLOCK) toNormal(out, at);
  if (count % BLOCK) {
    const at = count - BLOCK;
    for (let i = at; i < count; i++) out[i] = generator.uniform();
    toNormal(out, at);
  }
  return out;
}

/**
 * Box and Muller for one block: the first half of it are radii, the second half angles.
 * @param {Float32Array} out
 * @param {number} at
 */
function toNormal(out, at) {
  for (let i = at; i < at + BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - out[i]));
    const angle = 2 * Math.PI * out[i + BLOCK / 2];
    out[i] = radius * Math.cos(angle);
    out[i + BLOCK / 2] = radius * Math.sin(angle);
  }
}

/** @param {Twister} generator */
function single(generator) {
  if (generator.kept !== null) {
    const kept = generator.kept;
    generator.kept = null;
    return kept;
  }
  const angle = 2 * Math.PI * generator.uniformDouble();
  const radius = Math.sqrt(-2 * Math.log1p(-generator.uniformDouble()));
  generator.kept = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

// Adam (Kingma and Ba 2015, arXiv:1412.6980), as PyTorch computes it.

const TINY = 1e-8;

export class Adam {
  /**
   * @param {Float64Array[]} parameters are changed in place, and stay in single precision
   * @param {number} rate
   * @param {[number, number]} betas
   */
  constructor(parameters, rate, betas) {
    this.parameters = parameters;
    this.rate = rate;
    this.betas = betas;
    this.steps = 0;
    this.means = parameters.map(({ length }) => new Float32Array(length));
    this.squares = parameters.map(({ length }) => new Float32Array(length));
  }

  /** @param {Float64Array[]} gradients */
  step(gradients) {
    const [first, second] = this.betas;
    this.steps += 1;
    const size = this.rate / (1 - first ** this.steps);
    const root = Math.sqrt(1 - second ** this.steps);
    this.parameters.forEach((parameter, p) => {
      const [mean, square, gradient] = [this.means[p], this.squares[p], gradients[p]];
      for (let i = 0; i < parameter.length; i++) {
        mean[i] += (gradient[i] - mean[i]) * (1 - first);
        square[i] = second * square[i] + (1 - second) * gradient[i] * gradient[i];
        parameter[i] = Math.fround(parameter[i] - (size * mean[i]) / (Math.sqrt(square[i]) / root + TINY));
      }
    });
  }
}

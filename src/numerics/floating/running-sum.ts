/** A sum that carries its own rounding error (Neumaier 1974): exact to about two ulps however many terms. */
export class RunningSum {
  #sum = 0;
  #carry = 0;

  add(x: number): void {
    const t = this.#sum + x;
    this.#carry += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - t + x : x - t + this.#sum;
    this.#sum = t;
  }

  get value(): number {
    const total = this.#sum + this.#carry;
    // Past the largest float64 the carry is NaN; the sum itself still says where it went.
    return Number.isNaN(total) ? this.#sum : total;
  }
}

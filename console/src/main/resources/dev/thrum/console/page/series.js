// The counters of the last minutes, from which rates are taken. The program counts; all differences are taken here.

const KEPT_MS = 10 * 60_000;
const BUSY_OVER_MS = 3000;

export class Series {
  #samples = [];
  #pid;

  add(overview) {
    const last = this.#samples.at(-1);
    if (overview.pid !== this.#pid || (last && overview.atMs < last.atMs)) {
      this.#samples = [];
      this.#pid = overview.pid;
    }
    if (last && overview.atMs === last.atMs) {
      return;
    }
    this.#samples.push({
      atMs: overview.atMs,
      loops: new Map(overview.loops.map((loop) => [loop.name, loop])),
    });
    while (this.#samples[0].atMs < overview.atMs - KEPT_MS) {
      this.#samples.shift();
    }
  }

  get times() {
    return this.#samples.map((sample) => sample.atMs / 1000);
  }

  ready(name) {
    return this.#samples.map((sample) => sample.loops.get(name)?.ready ?? null);
  }

  stepsPerSecond(name) {
    return this.#samples.map((sample, i) => this.#rate(name, i));
  }

  busy(name) {
    return this.#samples.map((sample, i) => this.#busy(name, i));
  }

  latest(name) {
    const i = this.#samples.length - 1;
    return { stepsPerSecond: this.#rate(name, i), busy: this.#busy(name, i) };
  }

  // What was counted within the last so many milliseconds; all of it where that reaches back to the start.
  histogram(names, overMs) {
    const now = this.#samples.at(-1);
    const sum = { boundsNanos: [], counts: [] };
    if (!now) {
      return sum;
    }
    const before =
      overMs === Infinity
        ? undefined
        : (this.#samples.findLast((sample) => sample.atMs <= now.atMs - overMs) ?? this.#samples[0]);
    for (const name of names) {
      const loop = now.loops.get(name);
      if (!loop?.histogram) {
        continue;
      }
      const earlier = before?.loops.get(name)?.histogram.counts;
      sum.boundsNanos = loop.histogram.boundsNanos;
      loop.histogram.counts.forEach((n, i) => {
        sum.counts[i] = (sum.counts[i] ?? 0) + Math.max(0, n - (earlier?.[i] ?? 0));
      });
    }
    return sum;
  }

  #rate(name, i) {
    const now = this.#samples[i]?.loops.get(name);
    const before = this.#samples[i - 1]?.loops.get(name);
    if (!now || !before) {
      return null;
    }
    const seconds = (this.#samples[i].atMs - this.#samples[i - 1].atMs) / 1000;
    return Math.max(0, now.steps - before.steps) / seconds;
  }

  // Over three seconds: the samples are 50 ms apart, so that a single second knows only steps of 5 %.
  #busy(name, i) {
    const now = this.#samples[i]?.loops.get(name);
    let from = i - 1;
    while (from > 0 && this.#samples[i].atMs - this.#samples[from].atMs < BUSY_OVER_MS) {
      from--;
    }
    const before = this.#samples[from]?.loops.get(name);
    if (!now || !before || now.samples <= before.samples) {
      return null;
    }
    return Math.min(1, Math.max(0, (now.busySamples - before.busySamples) / (now.samples - before.samples)));
  }
}

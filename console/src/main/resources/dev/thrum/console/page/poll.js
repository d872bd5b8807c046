import { Gone, Refused } from "./api.js";

// Does a round of requests, waits, and does the next: rounds never overlap. Asking takes at most a quarter of the
// time, so that a slow program is asked less often; after a failure the pauses grow. A hidden page asks nothing.

const LONGEST_PAUSE_MS = 15_000;

export class Poll {
  #round;
  #tell;
  #wake = () => {};
  #again = false;
  #current = new AbortController();
  #failures = 0;

  interval = 1000;
  paused = false;

  constructor(round, tell) {
    this.#round = round;
    this.#tell = tell;
    document.addEventListener("visibilitychange", () => this.#wake());
  }

  async run() {
    for (;;) {
      this.#again = false;
      const began = performance.now();
      const failure = await this.#ask();
      const took = performance.now() - began;
      if (failure && this.#again) {
        continue;
      }
      this.#failures = failure ? this.#failures + 1 : 0;
      const pause = failure
        ? Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (this.#failures - 1))
        : Math.max(this.interval - took, 3 * took);
      this.#report(failure, pause, took);
      await this.#sleep(pause);
    }
  }

  // One more round as soon as the present one is over, even while paused.
  soon() {
    this.#again = true;
    this.#wake();
  }

  // The same, and what is being asked for is not wanted any more.
  instead() {
    this.#current.abort();
    this.soon();
  }

  pause(paused) {
    this.paused = paused;
    if (paused) {
      this.#tell({ state: "paused", text: "Paused" });
    } else {
      this.soon();
    }
  }

  async #ask() {
    this.#current = new AbortController();
    try {
      await this.#round(this.#current.signal);
      return null;
    } catch (failure) {
      return failure;
    }
  }

  #report(failure, pause, took) {
    if (failure instanceof Gone) {
      this.#tell({ state: "gone", text: "Gone", sentence: `The program has gone. ${failure.message}` });
    } else if (failure instanceof Refused) {
      this.#tell({ state: "lost", text: "No answer", sentence: failure.message });
    } else if (failure) {
      const next = Math.round(pause / 1000);
      this.#tell({
        state: "lost",
        text: "Connection lost",
        sentence: `The connection is lost: the program has ended, or cannot answer. Next try in ${next} s. What is shown is what was there last.`,
        failure,
      });
    } else if (this.paused) {
      this.#tell({ state: "paused", text: "Paused" });
    } else if (pause + took > 1.5 * this.interval) {
      this.#tell({ state: "slow", text: `Slow: every ${((pause + took) / 1000).toFixed(1)} s` });
    } else {
      this.#tell({ state: "live", text: "Live" });
    }
  }

  async #sleep(pause) {
    const end = performance.now() + pause;
    while (!this.#again) {
      const left = end - performance.now();
      const idle = document.hidden || (this.paused && this.#failures === 0);
      if (left <= 0 && !idle) {
        return;
      }
      await new Promise((resolve) => {
        const timer = idle ? undefined : setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

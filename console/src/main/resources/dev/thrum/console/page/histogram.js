import { h, setText } from "./dom.js";
import { count, nanos } from "./format.js";

// How long steps took. The heights are logarithmic too: one long step in a million short ones is what to look for.

const LONG_NANOS = 100e6;
const SOME_NANOS = 10e6;

export class Histogram {
  #bars = h("div", { class: "bars", role: "img", "aria-label": "Histogram of the times of steps" });
  #note = h("div", { class: "muted note" });

  element = h("div", { class: "histogram" }, this.#bars, this.#note);

  update({ boundsNanos, counts }) {
    const most = Math.max(0, ...counts);
    const total = counts.reduce((sum, n) => sum + n, 0);
    while (this.#bars.children.length > counts.length) {
      this.#bars.lastChild.remove();
    }
    counts.forEach((n, i) => {
      if (!this.#bars.children[i]) {
        this.#bars.append(bar());
      }
      const [number, column, label] = this.#bars.children[i].children;
      const from = i === 0 ? 0 : boundsNanos[i - 1];
      const range =
        i === boundsNanos.length ? `longer than ${nanos(from)}` : `${nanos(from)} to ${nanos(boundsNanos[i])}`;
      setText(number, n === 0 ? "" : short(n));
      setText(label, i === boundsNanos.length ? "longer" : nanos(boundsNanos[i]));
      column.style.height = n === 0 ? "0" : `${4 + (92 * Math.log10(1 + n)) / Math.log10(1 + most)}px`;
      column.dataset.tone = from >= LONG_NANOS ? "bad" : from >= SOME_NANOS ? "warn" : "good";
      this.#bars.children[i].title = `${count(n)} steps of ${range}`;
    });
    setText(
      this.#note,
      total === 0
        ? "No steps within that time."
        : `${count(total)} steps. Half took at most ${quantile(boundsNanos, counts, total, 0.5)}, 99 % at most ${quantile(boundsNanos, counts, total, 0.99)}. A column's label is the longest time in it; both axes are logarithmic.`,
    );
  }
}

function bar() {
  return h(
    "div",
    { class: "bar" },
    h("span", { class: "number" }),
    h("span", { class: "column" }),
    h("span", { class: "label" }),
  );
}

function short(n) {
  if (n < 1000) {
    return String(n);
  }
  return n < 1e6 ? `${Math.round(n / 1e3)}k` : `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)}M`;
}

function quantile(bounds, counts, total, part) {
  let seen = 0;
  for (let i = 0; i < bounds.length; i++) {
    seen += counts[i];
    if (seen >= total * part) {
      return nanos(bounds[i]);
    }
  }
  return `more than ${nanos(bounds.at(-1) ?? 0)}`;
}

import { Chart, color } from "./chart.js";
import { h } from "./dom.js";
import { count, percent, plural, rate, tone } from "./format.js";
import { Histogram } from "./histogram.js";
import { Table } from "./table.js";

// The loops, what they did in the last minutes, and how long their steps took.

export class Loops {
  static title = "Loops";
  static filtered = false;

  #shell;
  #table;
  #ready = new Chart({ title: "Ready tasks", format: rate });
  #steps = new Chart({ title: "Steps per second", format: rate });
  #busy = new Chart({ title: "Busy", format: percent, top: 1 });
  #histogram = new Histogram();
  #over;
  #theme = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => this.#draw();

  constructor(shell) {
    this.#shell = shell;
    const latest = (loop) => shell.series.latest(loop.name);
    const known = (value, format) => (value === null ? "–" : format(value));
    this.#table = new Table(
      [
        { title: "Loop", class: "swatched", text: (l) => l.name, color: (l) => this.#color(l.name) },
        { title: "State", text: (l) => l.state, tone: (l) => tone(l.state) },
        { title: "Running", class: "wide", text: (l) => l.running?.name ?? "" },
        { title: "Tasks", class: "number", text: (l) => count(l.tasks) },
        { title: "Ready", class: "number", text: (l) => count(l.ready) },
        { title: "Timers", class: "number", text: (l) => count(l.timers) },
        { title: "Steps/s", class: "number", text: (l) => known(latest(l).stepsPerSecond, rate) },
        { title: "Busy", class: "number", text: (l) => known(latest(l).busy, percent) },
        { title: "Stalls", class: "number", text: (l) => count(l.stalls), tone: (l) => (l.stalls ? "bad" : undefined) },
        { title: "Ended", class: "number", text: (l) => count(l.ended) },
        { title: "Engine", text: (l) => (l.debug ? `${l.engine}, debug` : l.engine) },
      ],
      {
        label: "Loops",
        key: (loop) => loop.name,
        onOpen: (loop) => shell.chooseLoop(shell.loop === loop.name ? "" : loop.name),
        empty: () => ["No loop runs", "One appears here as soon as the program calls run."],
      },
    );
    this.#over = h(
      "select",
      { id: "over", "aria-label": "Time of the histogram", onchange: () => this.#draw() },
      h("option", { value: "10000" }, "last 10 s"),
      h("option", { value: "60000", selected: true }, "last 60 s"),
      h("option", { value: "Infinity" }, "since the start"),
    );
    this.element = h(
      "div",
      { class: "loops" },
      this.#table.element,
      h("div", { class: "charts" }, this.#ready.element, this.#steps.element, this.#busy.element),
      h(
        "figure",
        { class: "chart steps" },
        h("figcaption", {}, "How long steps took", this.#over),
        this.#histogram.element,
      ),
    );
    this.#theme.addEventListener("change", this.#redraw);
  }

  async refresh() {
    this.#draw();
  }

  stop() {
    this.#theme.removeEventListener("change", this.#redraw);
    [this.#ready, this.#steps, this.#busy].forEach((chart) => chart.stop());
  }

  #draw() {
    const { overview, series, loop } = this.#shell;
    if (!overview) {
      return;
    }
    this.#table.update(overview.loops, { chosen: loop });
    const shown = overview.loops.filter((each) => !loop || each.name === loop).map((each) => each.name);
    const lines = (values) => shown.map((name) => ({ name, color: this.#color(name), values: values(name) }));
    this.#ready.update(series.times, lines((name) => series.ready(name)));
    this.#steps.update(series.times, lines((name) => series.stepsPerSecond(name)));
    this.#busy.update(series.times, lines((name) => series.busy(name)));
    this.#histogram.update(series.histogram(shown, Number(this.#over.value)));
    this.#shell.summary(plural(overview.loops.length, "loop"));
  }

  #color(name) {
    return color(this.#shell.overview.loops.findIndex((loop) => loop.name === name));
  }
}

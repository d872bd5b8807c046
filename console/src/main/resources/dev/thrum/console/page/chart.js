import uPlot from "./uplot/uPlot.esm.js";
import { h, setText } from "./dom.js";
import { clock } from "./format.js";

// A line for each loop over the last minutes, drawn by uPlot; the values stand above it.

const HEIGHT = 132;
const SHORTEST_S = 60;
const LONGEST_S = 300;

export function color(i) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--line-${i % 6}`).trim();
}

export class Chart {
  #format;
  #top;
  #values = h("div", { class: "values" });
  #canvas = h("div", { class: "canvas" });
  #plot;
  #drawn = "";
  #lines = [];

  constructor({ title, format, top = undefined }) {
    this.#format = format;
    this.#top = top;
    this.element = h("figure", { class: "chart" }, h("figcaption", {}, title, this.#values), this.#canvas);
    this.resizing = new ResizeObserver(() => this.#fit());
    this.resizing.observe(this.#canvas);
  }

  // lines: [{name, color, values}]
  update(times, lines) {
    this.#lines = lines;
    const drawn = JSON.stringify(lines.map((line) => [line.name, line.color]));
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#make(lines);
    }
    this.#plot.setData([times, ...lines.map((line) => line.values)]);
    this.#show(this.#plot.cursor.idx);
  }

  stop() {
    this.resizing.disconnect();
    this.#plot?.destroy();
  }

  #make(lines) {
    this.#plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const muted = style.getPropertyValue("--muted").trim();
    const grid = { stroke: style.getPropertyValue("--grid").trim(), width: 1 };
    const axis = { stroke: muted, grid, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    this.#plot = new uPlot(
      {
        width: Math.max(120, this.#canvas.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        padding: [8, 24, 0, 0],
        scales: {
          x: { range: (_, least, most) => window_(least, most) },
          y: { range: (_, least, most) => [0, this.#top ?? Math.max(4, (most ?? 0) * 1.15)] },
        },
        axes: [
          { ...axis, size: 22, space: 70, values: (_, ticks) => ticks.map((t) => clock(t * 1000).slice(0, 8)) },
          { ...axis, size: 46, space: 28, values: (_, ticks) => ticks.map((v) => this.#format(v)) },
        ],
        series: [
          {},
          ...lines.map((line) => ({
            label: line.name,
            stroke: line.color,
            fill: lines.length === 1 ? `${line.color}22` : undefined,
            width: 1.5,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [(plot) => this.#show(plot.cursor.idx)] },
      },
      [[], ...lines.map(() => [])],
      this.#canvas,
    );
  }

  #show(at) {
    while (this.#values.children.length > this.#lines.length) {
      this.#values.lastChild.remove();
    }
    this.#lines.forEach((line, i) => {
      if (!this.#values.children[i]) {
        this.#values.append(h("span"));
      }
      const value = at === null || at === undefined ? line.values.at(-1) : line.values[at];
      const shown = value === null || value === undefined ? "–" : this.#format(value);
      setText(this.#values.children[i], shown);
      this.#values.children[i].style.color = line.color;
      this.#values.children[i].title = line.name;
    });
  }

  #fit() {
    const width = this.#canvas.clientWidth;
    if (this.#plot && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: HEIGHT });
    }
  }
}

function window_(least, most) {
  if (least === null || most === null) {
    const now = Date.now() / 1000;
    return [now - SHORTEST_S, now];
  }
  return [most - Math.min(LONGEST_S, Math.max(SHORTEST_S, most - least)), most];
}

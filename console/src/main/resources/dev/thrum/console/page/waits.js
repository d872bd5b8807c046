import { h, notice, svg, whenChanged } from "./dom.js";
import { count, matches, plural } from "./format.js";
import { layout } from "./layout.js";

// What waits for what. Cycles are deadlocks: they are named, and red.

const LONGEST = 34;

export class Waits {
  static title = "Waits";
  static filtered = true;

  #shell;
  #cycles = h("div", { class: "cycles" });
  #graph = h("div", { class: "graph" });

  constructor(shell) {
    this.#shell = shell;
    this.element = h(
      "div",
      { class: "waits" },
      this.#cycles,
      h(
        "div",
        { class: "legend muted" },
        h("span", { class: "key task" }, "task"),
        h("span", { class: "key thing" }, "lock or channel"),
        h("span", { class: "key thread" }, "thread"),
        h("span", {}, "— waits for"),
        h("span", {}, "┄ held by"),
      ),
      this.#graph,
    );
  }

  async refresh(ask) {
    const { loop, filter } = this.#shell;
    const graph = await ask("waits", { loop });
    this.#draw(graph, filter);
    const left = graph.left ? `, ${count(graph.left)} left out` : "";
    this.#shell.summary(`${plural(graph.nodes.length, "node")}, ${plural(graph.edges.length, "wait")}${left}`);
  }

  #draw = whenChanged((graph, filter) => {
    const { nodes, edges, cycles } = graph;
    const labels = new Map(nodes.map((node) => [node.id, node.label]));
    this.#cycles.replaceChildren(
      ...cycles.map((cycle) =>
        h(
          "p",
          {},
          h("strong", {}, "Deadlock: "),
          [...cycle, cycle[0]].map((id) => labels.get(id) ?? id).join(" → "),
        ),
      ),
    );
    if (nodes.length === 0) {
      this.#graph.replaceChildren(notice("Nobody waits for anybody", "Tasks that wait for a lock, a channel or each other are shown here."));
      return;
    }
    const red = new Set(cycles.flatMap((cycle) => cycle.map((id, i) => `${id} ${cycle[(i + 1) % cycle.length]}`)));
    const inCycle = new Set(cycles.flat());
    const laid = layout(nodes.map((node) => ({ id: node.id, width: width(node) })), edges, inCycle);
    const pad = 12;
    this.#graph.replaceChildren(
      svg(
        "svg",
        { width: laid.width + 2 * pad, height: laid.height + 2 * pad, viewBox: `${-pad} ${-pad} ${laid.width + 2 * pad} ${laid.height + 2 * pad}`, role: "group", "aria-label": "What waits for what" },
        svg("defs", {}, arrow("arrow"), arrow("arrow-red")),
        laid.edges.map(({ edge, points, back }) => {
          const isRed = red.has(`${edge.from} ${edge.to}`);
          return svg(
            "path",
            { d: back ? loopBack(points) : curve(points), class: `edge${isRed ? " red" : ""}${edge.label === "held by" ? " held" : ""}`, "marker-end": `url(#${isRed ? "arrow-red" : "arrow"})` },
            svg("title", {}, `${labels.get(edge.from)} ${edge.label} ${labels.get(edge.to)}`),
          );
        }),
        nodes.map((node) => this.#node(node, laid.places.get(node.id), inCycle.has(node.id), matches(filter, node.label))),
      ),
    );
  });

  #node(node, place, isRed, isMatching) {
    const isTask = node.kind === "task";
    const one = node.count > 1 ? null : /^(.*)\/(\d+)$/.exec(node.id);
    const open = () => (one ? this.#shell.open(one[1], one[2]) : this.#shell.find(node.label));
    return svg(
      "g",
      {
        class: `node ${node.kind}${isRed ? " red" : ""}${isMatching ? "" : " dim"}`,
        transform: `translate(${place.x} ${place.y})`,
        tabindex: isTask ? 0 : undefined,
        role: isTask ? "button" : undefined,
        "data-id": node.id,
        onclick: isTask ? open : undefined,
        onkeydown: isTask ? (event) => event.key === "Enter" && open() : undefined,
      },
      svg("title", {}, node.label),
      svg("rect", { width: place.width, height: place.height, rx: node.kind === "thing" ? 3 : 15 }),
      svg("text", { x: 12, y: 19 }, cut(node.label)),
      node.count > 1 ? svg("text", { x: place.width - 12, y: 19, class: "count" }, `×${count(node.count)}`) : null,
    );
  }
}

function cut(label) {
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}

const pen = document.createElement("canvas").getContext("2d");

function width(node) {
  pen.font = "12px system-ui, sans-serif";
  const more = node.count > 1 ? pen.measureText(`×${count(node.count)}`).width + 12 : 0;
  return Math.ceil(pen.measureText(cut(node.label)).width + more + 26);
}

function arrow(id) {
  return svg(
    "marker",
    { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0 0.5 8 4 0 7.5z", class: id }),
  );
}

function curve(points) {
  let path = `M${points[0].join(" ")}`;
  for (let i = 1; i < points.length; i++) {
    const [x1, y1] = points[i - 1];
    const [x2, y2] = points[i];
    const half = (x2 - x1) / 2;
    path += ` C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`;
  }
  return path;
}

function loopBack([start, one, two, end]) {
  return `M${start.join(" ")} C${one.join(" ")} ${one[0]} ${one[1]} ${(one[0] + two[0]) / 2} ${one[1]} S${two.join(" ")} ${end.join(" ")}`;
}

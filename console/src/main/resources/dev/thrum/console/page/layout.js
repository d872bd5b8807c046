// Puts a graph into layers, from left to right: each connected part for itself, cycles first. Edges that close a
// cycle go back below the others. The order within a layer follows the neighbours (barycentres, after Sugiyama).

const GAP_X = 64;
const GAP_Y = 14;
const HEIGHT = 30;
const PART_GAP = 28;

// nodes: [{id, width}], edges: [{from, to}], first: ids of nodes whose part comes first.
// Gives {places: Map(id → {x, y, width, height}), edges: [{edge, points, back}], width, height}.
export function layout(nodes, edges, first) {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const drawn = edges.filter((edge) => known.has(edge.from) && known.has(edge.to));
  const all = { places: new Map(), edges: [], width: 0, height: 0 };
  for (const part of parts(nodes, drawn, first)) {
    const laid = layPart(part.nodes, part.edges);
    for (const [id, place] of laid.places) {
      all.places.set(id, { ...place, y: place.y + all.height });
    }
    for (const { edge, points, back } of laid.edges) {
      all.edges.push({ edge, back, points: points.map(([x, y]) => [x, y + all.height]) });
    }
    all.width = Math.max(all.width, laid.width);
    all.height += laid.height + PART_GAP;
  }
  return all;
}

function parts(nodes, edges, first) {
  const group = new Map(nodes.map((node) => [node.id, node.id]));
  const find = (id) => (group.get(id) === id ? id : find(group.get(id)));
  edges.forEach((edge) => group.set(find(edge.from), find(edge.to)));
  const found = new Map();
  for (const node of nodes) {
    const id = find(node.id);
    if (!found.has(id)) {
      found.set(id, { nodes: [], edges: [] });
    }
    found.get(id).nodes.push(node);
  }
  edges.forEach((edge) => found.get(find(edge.from)).edges.push(edge));
  const weight = (part) => (part.nodes.some((node) => first.has(node.id)) ? 1e6 : 0) + part.nodes.length;
  return [...found.values()].sort((a, b) => weight(b) - weight(a));
}

function layPart(nodes, edges) {
  const back = closing(nodes, edges);
  const forward = edges.filter((edge) => !back.has(edge));
  const layerOf = longestPaths(nodes, forward);
  const cells = nodes.map((node) => ({ id: node.id, width: node.width, height: HEIGHT, layer: layerOf.get(node.id), next: [], before: [] }));
  const cellOf = new Map(cells.map((cell) => [cell.id, cell]));
  const paths = forward.map((edge) => ({ edge, cells: chain(cellOf.get(edge.from), cellOf.get(edge.to), cells) }));
  const layers = [];
  cells.forEach((cell) => (layers[cell.layer] ??= []).push(cell));
  for (let sweep = 0; sweep < 6; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      arrange(layer, sweep % 2 === 0 ? "before" : "next");
    }
  }
  let x = 0;
  for (const layer of layers) {
    const width = Math.max(...layer.map((cell) => cell.width));
    layer.forEach((cell) => (cell.x = x));
    x += width + GAP_X;
  }
  const top = Math.min(...cells.map((cell) => cell.y));
  cells.forEach((cell) => (cell.y -= top));
  const bottom = Math.max(...cells.map((cell) => cell.y + cell.height));
  const laid = [
    ...paths.map((path) => ({ edge: path.edge, back: false, points: through(path.cells) })),
    ...[...back].map((edge) => ({ edge, back: true, points: below(cellOf.get(edge.from), cellOf.get(edge.to), bottom) })),
  ];
  return {
    places: new Map(nodes.map((node) => [node.id, cellOf.get(node.id)])),
    edges: laid,
    width: x - GAP_X,
    height: bottom + (back.size > 0 ? 34 : 0),
  };
}

// The edges that lead to a node which is still being gone through: without them there is no cycle.
function closing(nodes, edges) {
  const out = new Map(nodes.map((node) => [node.id, []]));
  edges.forEach((edge) => out.get(edge.from).push(edge));
  const incoming = new Set(edges.map((edge) => edge.to));
  const back = new Set();
  const state = new Map();
  const visit = (id) => {
    state.set(id, "open");
    for (const edge of out.get(id)) {
      if (state.get(edge.to) === "open") {
        back.add(edge);
      } else if (!state.has(edge.to)) {
        visit(edge.to);
      }
    }
    state.set(id, "done");
  };
  const starts = [...nodes].sort((a, b) => Number(incoming.has(a.id)) - Number(incoming.has(b.id)));
  starts.forEach((node) => state.has(node.id) || visit(node.id));
  return back;
}

function longestPaths(nodes, edges) {
  const into = new Map(nodes.map((node) => [node.id, []]));
  edges.forEach((edge) => into.get(edge.to).push(edge.from));
  const layers = new Map();
  const layer = (id) => {
    if (!layers.has(id)) {
      layers.set(id, Math.max(-1, ...into.get(id).map(layer)) + 1);
    }
    return layers.get(id);
  };
  nodes.forEach((node) => layer(node.id));
  return layers;
}

// An edge over several layers keeps a place free in each of them.
function chain(from, to, cells) {
  const path = [from];
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    const bend = { width: 0, height: 6, layer, next: [], before: [] };
    cells.push(bend);
    path.push(bend);
  }
  path.push(to);
  for (let i = 1; i < path.length; i++) {
    path[i - 1].next.push(path[i]);
    path[i].before.push(path[i - 1]);
  }
  return path;
}

function arrange(layer, side) {
  const middle = (cell) => (cell.y ?? 0) + cell.height / 2;
  for (const cell of layer) {
    const placed = cell[side].filter((other) => other.y !== undefined);
    cell.wish = placed.length > 0 ? placed.reduce((sum, other) => sum + middle(other), 0) / placed.length : cell.y === undefined ? 0 : middle(cell);
  }
  layer.sort((a, b) => a.wish - b.wish);
  let free = -Infinity;
  for (const cell of layer) {
    cell.y = Math.max(free, cell.wish - cell.height / 2);
    free = cell.y + cell.height + GAP_Y;
  }
  const drift = layer.reduce((sum, cell) => sum + middle(cell) - cell.wish, 0) / layer.length;
  layer.forEach((cell) => (cell.y -= drift));
}

function through(cells) {
  return cells.flatMap((cell, i) => {
    const y = cell.y + cell.height / 2;
    const left = [cell.x, y];
    const right = [cell.x + cell.width, y];
    return i === 0 ? [right] : i === cells.length - 1 || cell.width === 0 ? [left] : [left, right];
  });
}

function below(from, to, bottom) {
  const start = [from.x + from.width / 2, from.y + from.height];
  const end = [to.x + to.width / 2, to.y + to.height];
  return [start, [start[0], bottom + 22], [end[0], bottom + 22], end];
}

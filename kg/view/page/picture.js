// The picture: vis-network with positions computed beforehand.
const SHAPES = {
  region: "hexagon", practice: "dot", format: "diamond", audience: "triangle", topic: "triangleDown", organisation: "square", outcome: "dot",
};
const still = matchMedia("(prefers-reduced-motion: reduce)").matches || drawn.size > 1500;
// The layout is round and the window seldom is: stretch it to the form of what the legend leaves free, keeping its area.
const stage = byId("stage").getBoundingClientRect();
const free = stage.width > 760 ? stage.width - 260 : stage.width;
const stretch = stage.height < 100 ? 1.2 : Math.sqrt(Math.min(1.7, Math.max(0.6, free / stage.height)));
const spots = new Map();
for (const node of data.nodes) {
  node.x = Math.round(node.x * stretch);
  node.y = Math.round(node.y / stretch);
  spots.set(node.id, { x: node.x, y: node.y });
}
// Labels are drawn by labels.js, which keeps them apart.
const nodes = new vis.DataSet(data.nodes.map(({ label, font, ...rest }) => rest));
const edges = new vis.DataSet(data.edges);
const neighbours = new Map();
for (const edge of data.edges) {
  push(neighbours, edge.from, edge.to);
  push(neighbours, edge.to, edge.from);
}
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
let network = null;
let visible = new Set(drawn);
let chosen = null;
let hovered = null;
let dimmed = false;

// What belongs to a thing: its neighbours; to a region also all that lies in it.
const circles = new Map();
function circle(id) {
  if (!circles.has(id)) {
    // What is not drawn is seen by the practices that have it.
    const near = new Set([id, ...((drawn.has(id) ? neighbours : users).get(id) ?? [])]);
    if (things[id].k === "region") {
      for (const practice of users.get(id) ?? []) near.add(practice);
      const below = [id];
      while (below.length) {
        const place = below.pop();
        near.add(place);
        below.push(...(subregions.get(place) ?? []));
      }
    }
    circles.set(id, near);
  }
  return circles.get(id);
}

function look() {
  const groups = {};
  for (const kind of KINDS) {
    const own = colour(kind);
    const both = { background: own, border: own };
    groups[kind] = { shape: SHAPES[kind], color: { ...both, highlight: { background: own, border: colour("ink") } } };
  }
  return {
    ...data.options,
    groups,
    edges: { ...data.options.edges, color: { color: colour("edge"), highlight: colour("soft"), inherit: false, opacity: chosen == null ? 0.5 : 0.18 } },
  };
}

function draw() {
  network = new vis.Network(byId("picture"), { nodes, edges }, look());
  network.once("afterDrawing", () => {
    document.documentElement.dataset.drawn = Math.round(performance.now());
  });
  network.on("beforeDrawing", drawChosenEdges);
  network.on("afterDrawing", drawLabels);
  network.on("click", (event) => select(event.nodes[0] ?? nearest(event.pointer.canvas) ?? null));
  for (const [event, id] of [["hoverNode", (now) => now.node], ["blurNode", () => null]]) {
    network.on(event, (now) => {
      hovered = id(now);
      byId("picture").style.cursor = hovered == null ? "" : "pointer";
      network.redraw();
    });
  }
  network.on("dragging", (event) => {
    for (const [id, spot] of Object.entries(network.getPositions(event.nodes))) spots.set(Number(id), spot);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => network.setOptions(look()));
}

// Only what changes is written: updating every node costs a frame.
function paint() {
  const near = chosen == null ? null : circle(chosen);
  const changes = [];
  nodes.forEach((node) => {
    const hidden = !visible.has(node.id);
    const opacity = near && !near.has(node.id) ? 0.15 : 1;
    if (hidden !== Boolean(node.hidden) || opacity !== (node.opacity ?? 1)) changes.push({ id: node.id, hidden, opacity });
  });
  nodes.update(changes);
  if ((near != null) !== dimmed) {
    dimmed = near != null;
    network?.setOptions({ edges: look().edges });
  }
  network?.redraw();
}

// A finger is wider than a node: the nearest within reach counts as hit.
function nearest({ x, y }) {
  let best = null;
  let reach = 18 / network.getScale();
  for (const id of visible) {
    const spot = spots.get(id);
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance < reach) [best, reach] = [id, distance];
  }
  return best;
}

// vis-network's own fit knows neither the labels nor the legend that lies over the picture. True where there was room.
function fit(ids, move = !still) {
  const seen = ids.filter((id) => drawn.has(id)).map((id) => spots.get(id));
  const box = byId("picture").getBoundingClientRect();
  if (!network || !seen.length || box.width < 100 || box.height < 100) return false;
  network.redraw();
  const legend = byId("legend");
  const edge = Math.min(60, box.width * 0.09);
  const left = legend.open && box.width > 700 ? legend.offsetWidth + 30 + edge / 2 : edge;
  const [top, bottom] = box.height > 400 ? [36, 70] : [30, 34];
  const xs = seen.map((spot) => spot.x);
  const ys = seen.map((spot) => spot.y);
  const range = (all) => [Math.min(...all), Math.max(...all)];
  const [[x0, x1], [y0, y1]] = [range(xs), range(ys)];
  const scale = Math.min(1.3, (box.width - left - edge) / (x1 - x0 + 20), (box.height - top - bottom) / (y1 - y0 + 20));
  network.moveTo({
    position: { x: (x0 + x1) / 2 - (left - edge) / 2 / scale, y: (y0 + y1) / 2 - (top - bottom) / 2 / scale },
    scale,
    animation: move ? { duration: 350, easingFunction: "easeInOutQuad" } : false,
  });
  return true;
}

// The chosen node's edges lie over the dimmed rest.
function drawChosenEdges(context) {
  if (chosen == null || !visible.has(chosen)) return;
  const isRegion = things[chosen].k === "region";
  context.strokeStyle = colour(things[chosen].k);
  context.lineWidth = 1.6 / network.getScale();
  context.beginPath();
  const near = circle(chosen);
  for (const edge of data.edges) {
    const joined = edge.from === chosen || edge.to === chosen || (isRegion && near.has(edge.from) && near.has(edge.to));
    if (!joined || !visible.has(edge.from) || !visible.has(edge.to)) continue;
    context.moveTo(spots.get(edge.from).x, spots.get(edge.from).y);
    context.lineTo(spots.get(edge.to).x, spots.get(edge.to).y);
  }
  context.stroke();
}

function zoomBy(factor) {
  network?.moveTo({ scale: network.getScale() * factor, animation: { duration: 150 } });
}

function zoomTo(id) {
  fit([...circle(id)].filter((one) => visible.has(one)));
}

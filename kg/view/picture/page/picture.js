// The picture, whatever draws it. picture-vis.js and picture-sigma.js each define makeSurface(hooks), which draws the nodes
// and edges at spots and gives
//   show(visible, near)            hide nodes that are not in visible; pale those that are not in near (null: none)
//   mark(id)                       the chosen node, or null
//   scale(), toPicture({x, y})     pixels per unit of the picture; from pixels of the stage to the picture
//   radius(id)                     of a node, in the picture's units at the present scale
//   move({x, y, scale}, duration)  what comes to the middle of the stage, each optional; milliseconds, 0: at once
//   redraw()                       now, in the size that the stage has now
// and calls hooks.under(context) and hooks.over(context) below and above the nodes, the context in the picture's units,
// hooks.click(id, {x, y}) and hooks.hover(id) with null for no node, hooks.drag(id, {x, y}), hooks.drawn() once all is there.
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
const neighbours = new Map();
for (const edge of data.edges) {
  push(neighbours, edge.from, edge.to);
  push(neighbours, edge.to, edge.from);
}
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
let surface = null;
let visible = new Set(drawn);
let chosen = null;
let hovered = null;

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

function draw() {
  surface = makeSurface({
    under: drawChosenEdges,
    over: drawLabels,
    drawn: () => {
      document.documentElement.dataset.drawn = Math.round(performance.now());
    },
    click: (id, spot) => select(id ?? nearest(spot)),
    hover: (id) => {
      hovered = id;
      byId("picture").style.cursor = hovered == null ? "" : "pointer";
      surface.redraw();
    },
    drag: (id, spot) => spots.set(id, spot),
  });
}

// What the filters hide cannot stand out: what is drawn by itself, all else by the practices that have it.
function filtered(id) {
  return drawn.has(id) ? !visible.has(id) : ![...circle(id)].some((one) => visible.has(one));
}

// What stays in full colour beside the chosen node; null: everything.
const beside = () => (chosen == null || filtered(chosen) ? null : circle(chosen));

function paint() {
  byId("filtered").hidden = chosen == null || !filtered(chosen);
  surface?.show(visible, beside());
}

// A finger is wider than a node: the nearest within reach counts as hit.
function nearest({ x, y }) {
  let best = null;
  let reach = 18 / surface.scale();
  for (const id of visible) {
    const spot = spots.get(id);
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance < reach) [best, reach] = [id, distance];
  }
  return best;
}

// The libraries' own fit knows neither the labels nor the legend that lies over the picture. True where there was room.
function fit(ids, move = !still) {
  const seen = ids.filter((id) => drawn.has(id)).map((id) => spots.get(id));
  const box = byId("picture").getBoundingClientRect();
  if (!surface || !seen.length || box.width < 100 || box.height < 100) return false;
  surface.redraw();
  const legend = byId("legend");
  const edge = Math.min(60, box.width * 0.09);
  const left = legend.open && box.width > 700 ? legend.offsetWidth + 30 + edge / 2 : edge;
  const [top, bottom] = box.height > 400 ? [36, 70] : [30, 34];
  const range = (name) => seen.reduce(([low, high], spot) => [Math.min(low, spot[name]), Math.max(high, spot[name])], [Infinity, -Infinity]);
  const [[x0, x1], [y0, y1]] = [range("x"), range("y")];
  const scale = Math.min(1.3, (box.width - left - edge) / (x1 - x0 + 20), (box.height - top - bottom) / (y1 - y0 + 20));
  const middle = { x: (x0 + x1) / 2 - (left - edge) / 2 / scale, y: (y0 + y1) / 2 - (top - bottom) / 2 / scale };
  surface.move({ ...middle, scale }, move ? 350 : 0);
  return true;
}

// The chosen node's edges lie over the dimmed rest.
function drawChosenEdges(context) {
  if (chosen == null || !visible.has(chosen)) return;
  const isRegion = things[chosen].k === "region";
  context.strokeStyle = colour(things[chosen].k);
  context.lineWidth = 1.6 / surface.scale();
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
  surface?.move({ scale: surface.scale() * factor }, 150);
}

// To what belongs to a thing; where the filters hide it, to what they leave: the panel may just have come beside it.
function zoomTo(id) {
  const wanted = filtered(id) ? visible : circle(id);
  fit([...wanted].filter((one) => visible.has(one)));
}

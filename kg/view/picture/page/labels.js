// Labels: as many as fit without touching, the weightiest first, at a size that can be read at any zoom.
const MOST_LABELS = 200;
const MOST_TRIED = 1500; // in a crowd the first of them take the room; trying all of 50,000 would cost the frame
const GAP = 4;
const weightOf = new Map(data.nodes.map((node) => [node.id, node.font.size]));
const ranked = data.nodes.map((node) => node.id).sort((a, b) => weightOf.get(b) - weightOf.get(a) || a - b);
const sizeOf = new Map(data.nodes.map((node) => [node.id, node.size]));
const widths = new Map();

const shorten = (label) => {
  const letters = Array.from(label);
  const most = language === "en" ? 2 * data.longest : data.longest;
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : label;
};

function widthOf(context, label, face) {
  if (!widths.has(label)) {
    context.font = `100px ${face}`;
    widths.set(label, context.measureText(label).width / 100);
  }
  return widths.get(label);
}

function drawLabels(context) {
  const scale = surface.scale();
  const box = byId("picture").getBoundingClientRect();
  const first = surface.toPicture({ x: 0, y: 0 });
  const last = surface.toPicture({ x: box.width, y: box.height });
  const face = getComputedStyle(document.body).fontFamily;
  const near = beside();
  const taken = [];
  let tried = 0;
  const foremost = [chosen, hovered].filter((id) => id != null && drawn.has(id));
  const order = [...foremost, ...ranked.filter((id) => !foremost.includes(id) && (!near || near.has(id)))];
  context.textAlign = "center";
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.strokeStyle = colour("halo");
  context.fillStyle = colour("ink");
  for (const id of order) {
    if (taken.length >= 2 * MOST_LABELS || tried > MOST_TRIED) break;
    if (!visible.has(id) || (!near && id !== hovered && things[id].k === "outcome" && scale < 0.95)) continue;
    const { x, y } = spots.get(id);
    if (x < first.x || x > last.x || y < first.y || y > last.y) continue;
    tried += 1;
    const pixels = Math.min(box.width < 700 ? 14 : 18, 10.5 + (weightOf.get(id) - 9) * 0.35) * Math.min(1.25, Math.max(1, scale));
    const label = shorten(labelOf(id));
    const size = pixels / scale;
    const half = (widthOf(context, label, face) * size) / 2 + GAP / scale;
    const radius = surface.radius(id);
    const top = y + radius + 2 / scale;
    const spot = { left: x - half, right: x + half, top, bottom: top + size * 1.15 + GAP / scale };
    const touches = (other) =>
      spot.left < other.right && spot.right > other.left && spot.top < other.bottom && spot.bottom > other.top;
    if (!foremost.includes(id) && taken.some(touches)) continue;
    taken.push(spot, { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
    context.font = `${id === chosen || things[id].k === "region" ? 600 : 400} ${size}px ${face}`;
    context.lineWidth = 3.5 / scale;
    context.strokeText(label, x, top);
    context.fillText(label, x, top);
  }
}

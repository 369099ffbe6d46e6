// A picture of very many nodes on a canvas: pan, zoom, point, choose. While it moves, only so many edges are drawn.

import { el } from "./dom.js";

const MOVING_EDGES = 4_000;
const LABELS = 60;

export class Picture {
  /** kinds: colours by number; picked(number or -1) is called with the node under a click. */
  constructor({ colours, picked, label }) {
    this.colours = colours;
    this.picked = picked;
    this.canvas = el("canvas", { tabindex: 0, role: "application", "aria-label": label });
    this.data = { x: [], y: [], kinds: [], sizes: [], labels: [], ends: [] };
    this.order = [];
    this.view = { x: 0, y: 0, zoom: 1 };
    this.chosen = -1;
    this.over = -1;
    this.hidden = new Set();
    this.pointers = new Map();
    this.listen();
    new ResizeObserver(() => this.fitSize()).observe(this.canvas);
  }

  show(data, fit = true) {
    this.data = data;
    this.chosen = this.over = -1; // numbers of the nodes that were shown before
    this.order = [...data.sizes.keys()].sort((a, b) => data.sizes[b] - data.sizes[a]);
    this.near = null;
    if (fit) this.fit();
    this.paint();
  }

  fitSize() {
    const box = this.canvas.getBoundingClientRect(), scale = devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(box.width * scale));
    this.canvas.height = Math.max(1, Math.round(box.height * scale));
    if (!this.fitted) this.fit();
    this.paint();
  }

  fit() {
    const { x, y } = this.data;
    if (!x.length || this.canvas.width < 2) return;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let n = 0; n < x.length; n += 1) { left = Math.min(left, x[n]); right = Math.max(right, x[n]); top = Math.min(top, y[n]); bottom = Math.max(bottom, y[n]); }
    const scale = devicePixelRatio || 1, width = this.canvas.width / scale, height = this.canvas.height / scale;
    this.view = { x: (left + right) / 2, y: (top + bottom) / 2, zoom: Math.min((width - 90) / Math.max(60, right - left), (height - 60) / Math.max(60, bottom - top)) };
    this.fitted = true;
  }

  radius(n) {
    return Math.max(1.6, Math.min(26, (this.data.kinds[n] === 0 ? 3.2 : 4 + 1.6 * Math.sqrt(this.data.sizes[n])) * Math.min(1.6, Math.max(0.25, this.view.zoom ** 0.6))));
  }

  paint(moving = false) {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw(moving));
  }

  draw(moving) {
    const ink = this.canvas.getContext("2d"), scale = devicePixelRatio || 1;
    const { x, y, kinds, ends, labels } = this.data, { view } = this;
    const width = this.canvas.width / scale, height = this.canvas.height / scale;
    const colours = this.colours();
    const sx = (n) => (x[n] - view.x) * view.zoom + width / 2, sy = (n) => (y[n] - view.y) * view.zoom + height / 2;
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    ink.fillStyle = colours.ground;
    ink.fillRect(0, 0, width, height);
    const seen = (n) => !this.hidden.has(kinds[n]);
    // All of a large graph seen at once is a grey mass: then only some edges are drawn, and all of the node in focus.
    const edges = ends.length / 2, thinned = moving || view.zoom < 1;
    const step = thinned && edges > 2 * MOVING_EDGES ? Math.ceil(edges / MOVING_EDGES) : 1;
    ink.strokeStyle = colours.edge;
    ink.globalAlpha = edges > 20_000 ? 0.15 : edges > 2_000 ? 0.25 : 0.6;
    ink.lineWidth = 0.7;
    ink.beginPath();
    for (let at = 0; at < edges; at += step) {
      const a = ends[2 * at], b = ends[2 * at + 1];
      if (!seen(a) || !seen(b)) continue;
      const [ax, ay, bx, by] = [sx(a), sy(a), sx(b), sy(b)];
      if ((ax < 0 && bx < 0) || (ay < 0 && by < 0) || (ax > width && bx > width) || (ay > height && by > height)) continue;
      ink.moveTo(ax, ay);
      ink.lineTo(bx, by);
    }
    ink.stroke();
    ink.globalAlpha = 1;
    const focus = this.over >= 0 ? this.over : this.chosen;
    if (focus >= 0) {
      ink.strokeStyle = colours.ink;
      ink.lineWidth = 1.4;
      ink.beginPath();
      for (const other of this.neighbours(focus)) { ink.moveTo(sx(focus), sy(focus)); ink.lineTo(sx(other), sy(other)); }
      ink.stroke();
    }
    // One path a kind: a thousand times cheaper than one a node.
    for (let kind = 0; kind < colours.kinds.length; kind += 1) {
      if (this.hidden.has(kind)) continue;
      ink.fillStyle = colours.kinds[kind];
      ink.beginPath();
      for (let n = 0; n < x.length; n += 1) {
        if (kinds[n] !== kind) continue;
        const px = sx(n), py = sy(n);
        if (px < -30 || py < -30 || px > width + 30 || py > height + 30) continue;
        const r = this.radius(n);
        if (r < 2.2) ink.rect(px - r, py - r, 2 * r, 2 * r);
        else { ink.moveTo(px + r, py); ink.arc(px, py, r, 0, 7); }
      }
      ink.fill();
    }
    for (const n of [this.chosen, this.over]) {
      if (n < 0) continue;
      ink.strokeStyle = colours.ink;
      ink.lineWidth = 2.5;
      ink.beginPath();
      ink.arc(sx(n), sy(n), this.radius(n) + 3, 0, 7);
      ink.stroke();
    }
    if (!moving || x.length < 2_000) this.write(ink, colours, sx, sy, width, height, labels, focus);
  }

  /** Labels of the largest nodes in sight, none over another. */
  write(ink, colours, sx, sy, width, height, labels, focus) {
    const taken = [];
    const first = focus >= 0 ? [focus, ...this.neighbours(focus).slice(0, 30)] : [];
    ink.font = '12px system-ui, "Noto Sans CJK SC", sans-serif';
    ink.textBaseline = "middle";
    let written = 0;
    for (const n of [...first, ...this.order]) {
      if (written >= LABELS + first.length) break;
      if (this.hidden.has(this.data.kinds[n])) continue;
      // From afar a practice is a dot among thousands: its name would only cover others.
      if (this.data.kinds[n] === 0 && labels.length > 1_500 && this.view.zoom < 0.9 && n !== focus) continue;
      const px = sx(n), py = sy(n);
      if (px < 0 || py < 0 || px > width || py > height) continue;
      const words = labels[n].length > 18 ? `${labels[n].slice(0, 17)}…` : labels[n];
      const box = [px + this.radius(n) + 3, py - 8, ink.measureText(words).width + 4, 16];
      if (taken.some((other) => box[0] < other[0] + other[2] && other[0] < box[0] + box[2] && box[1] < other[1] + other[3] && other[1] < box[1] + box[3])) continue;
      taken.push(box);
      written += 1;
      ink.lineWidth = 3;
      ink.strokeStyle = colours.ground;
      ink.strokeText(words, box[0], py);
      ink.fillStyle = colours.ink;
      ink.fillText(words, box[0], py);
    }
  }

  neighbours(n) {
    if (!this.near) {
      this.near = new Map();
      const { ends } = this.data;
      const put = (a, b) => { const some = this.near.get(a); if (some) some.push(b); else this.near.set(a, [b]); };
      for (let at = 0; at < ends.length; at += 2) { put(ends[at], ends[at + 1]); put(ends[at + 1], ends[at]); }
    }
    return this.near.get(n) ?? [];
  }

  at(px, py) {
    const { x, y, kinds } = this.data, { view } = this, box = this.canvas.getBoundingClientRect();
    const wx = (px - box.width / 2) / view.zoom + view.x, wy = (py - box.height / 2) / view.zoom + view.y;
    let best = -1, least = Infinity;
    for (let n = 0; n < x.length; n += 1) {
      if (this.hidden.has(kinds[n])) continue;
      const far = Math.hypot(x[n] - wx, y[n] - wy) * view.zoom - this.radius(n);
      if (far < least) { least = far; best = n; }
    }
    return least < 8 ? best : -1;
  }

  zoomBy(times, px, py) {
    const box = this.canvas.getBoundingClientRect(), { view } = this;
    const dx = (px ?? box.width / 2) - box.width / 2, dy = (py ?? box.height / 2) - box.height / 2;
    const zoom = Math.min(12, Math.max(0.01, view.zoom * times));
    view.x += dx / view.zoom - dx / zoom;
    view.y += dy / view.zoom - dy / zoom;
    view.zoom = zoom;
    this.settle();
  }

  settle() {
    this.paint(true);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.paint(), 160);
  }

  choose(n) {
    this.chosen = n;
    this.paint();
    this.picked(n);
  }

  listen() {
    const { canvas } = this;
    const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); this.pointers.set(event.pointerId, place(event)); moved = 0; });
    canvas.addEventListener("pointermove", (event) => {
      const [px, py] = place(event), before = this.pointers.get(event.pointerId);
      if (!before) {
        const over = this.at(px, py);
        if (over !== this.over) { this.over = over; canvas.title = over >= 0 ? this.data.labels[over] : ""; this.paint(); }
        return;
      }
      moved += Math.abs(px - before[0]) + Math.abs(py - before[1]);
      if (this.pointers.size === 2) {
        const other = [...this.pointers].find(([id]) => id !== event.pointerId)[1];
        this.zoomBy(Math.hypot(px - other[0], py - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])), (px + other[0]) / 2, (py + other[1]) / 2);
      } else {
        this.view.x -= (px - before[0]) / this.view.zoom;
        this.view.y -= (py - before[1]) / this.view.zoom;
        this.settle();
      }
      this.pointers.set(event.pointerId, [px, py]);
    });
    const up = (event) => { if (this.pointers.delete(event.pointerId) && moved < 5 && event.type === "pointerup") this.choose(this.at(...place(event))); };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("wheel", (event) => { event.preventDefault(); this.zoomBy(Math.exp(-event.deltaY * 0.0015), ...place(event)); }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const by = 40 / this.view.zoom;
      const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
      if (moves[event.key]) { this.view.x += moves[event.key][0]; this.view.y += moves[event.key][1]; this.settle(); }
      else if (event.key === "+" || event.key === "=") this.zoomBy(1.3);
      else if (event.key === "-") this.zoomBy(1 / 1.3);
      else if (event.key === "0") { this.fit(); this.paint(); }
      else if (event.key === "Escape") this.choose(-1);
      else return;
      event.preventDefault();
    });
  }
}

/** Positions by forces for a few hundred nodes; those that stand already keep near their place. */
export function settle(count, pairs, placed, rounds = 160) {
  const x = new Float64Array(count), y = new Float64Array(count), fixed = new Uint8Array(count);
  const golden = Math.PI * (3 - Math.sqrt(5));
  for (let n = 0; n < count; n += 1) {
    const known = placed?.[n];
    if (known) { [x[n], y[n]] = known; fixed[n] = known[2] ? 1 : 0; }
    else { const r = 30 * Math.sqrt(n + 1); x[n] = r * Math.cos(n * golden); y[n] = r * Math.sin(n * golden); }
  }
  const degree = new Float64Array(count);
  for (const [a, b] of pairs) { degree[a] += 1; degree[b] += 1; }
  const wish = 90;
  for (let round = 0; round < rounds; round += 1) {
    const fx = new Float64Array(count), fy = new Float64Array(count);
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) {
        const dx = x[a] - x[b], dy = y[a] - y[b], push = (wish * wish) / (dx * dx + dy * dy + 25);
        fx[a] += dx * push; fy[a] += dy * push; fx[b] -= dx * push; fy[b] -= dy * push;
      }
      fx[a] -= x[a] * 0.06; fy[a] -= y[a] * 0.06;
    }
    for (const [a, b] of pairs) {
      const dx = x[b] - x[a], dy = y[b] - y[a], pull = (Math.hypot(dx, dy) / wish) * (1.4 / Math.sqrt(Math.min(degree[a], degree[b])));
      fx[a] += dx * pull; fy[a] += dy * pull; fx[b] -= dx * pull; fy[b] -= dy * pull;
    }
    const most = 60 * (1 - round / rounds) ** 1.5 + 0.5;
    for (let n = 0; n < count; n += 1) {
      if (fixed[n]) continue;
      const length = Math.hypot(fx[n], fy[n]) || 1, step = Math.min(length * 0.1, most) / length;
      x[n] += fx[n] * step; y[n] += fy[n] * step;
    }
  }
  return [Array.from(x), Array.from(y)];
}

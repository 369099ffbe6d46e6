// sigma.js draws nodes and edges with WebGL; two canvases of our own hold the chosen edges and the labels.
const STEP = 40; // pixels that an arrow key pans
const MANY_EDGES = 3000; // from here on they are hairlines, and not drawn while the picture moves

// A node is a point with the shape of its kind, as in the legend: the shader tells how far a pixel is out, 1 at the rim.
const FORMS = { practice: 0, outcome: 0, region: 1, format: 2, audience: 3, topic: 4, organisation: 5 };
const shapes = () => class extends libraries.NodeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;
    return {
      VERTICES: 1,
      ARRAY_ITEMS_PER_VERTEX: 5,
      VERTEX_SHADER_SOURCE: `
        attribute vec2 a_position; attribute float a_size; attribute float a_form; attribute vec4 a_color;
        uniform mat3 u_matrix; uniform float u_pixels;
        varying vec4 v_color; varying float v_form; varying float v_radius;
        void main() {
          gl_Position = vec4((u_matrix * vec3(a_position, 1.0)).xy, 0.0, 1.0);
          v_radius = a_size * u_pixels;
          gl_PointSize = 2.0 * v_radius + 1.0;
          v_form = a_form;
          v_color = a_color;
        }`,
      FRAGMENT_SHADER_SOURCE: `
        precision mediump float;
        varying vec4 v_color; varying float v_form; varying float v_radius;
        void main() {
          vec2 p = (2.0 * gl_PointCoord - 1.0) * (v_radius + 0.5) / v_radius;
          vec2 q = abs(p);
          float far = length(p);
          if (v_form > 4.5) far = max(q.x, q.y) * 1.2;
          else if (v_form > 2.5) { if (v_form > 3.5) p.y = -p.y; far = 2.0 * max(q.x * 0.866 - p.y * 0.5, p.y); }
          else if (v_form > 1.5) far = q.x + q.y;
          else if (v_form > 0.5) far = max(q.x + q.y * 0.577, q.y * 1.155);
          gl_FragColor = v_color * clamp((1.0 - far) * v_radius + 0.5, 0.0, 1.0);
        }`,
      UNIFORMS: ["u_matrix", "u_pixels"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_form", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }
  processVisibleItem(at, node) {
    this.array.set([node.x, node.y, node.size, node.form, node.ink], at);
  }
  draw({ matrix, pixelRatio, sizeRatio }) {
    this.gl.uniformMatrix3fv(this.uniformLocations.u_matrix, false, matrix);
    this.gl.uniform1f(this.uniformLocations.u_pixels, pixelRatio / sizeRatio);
    this.gl.drawArrays(this.gl.POINTS, 0, this.verticesCount);
  }
};

// Hairlines: two corners an edge in place of four, no width to compute; sigma's own lines take three times as long to draw.
// Their opacity is the picture's, not the edge's, so that it can follow the zoom.
const hairlines = (opacity) => class extends libraries.EdgeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE } = WebGLRenderingContext;
    return {
      VERTICES: 2,
      ARRAY_ITEMS_PER_VERTEX: 3,
      VERTEX_SHADER_SOURCE: `
        attribute vec2 a_position; attribute vec4 a_color; uniform mat3 u_matrix; varying vec4 v_color;
        void main() { gl_Position = vec4((u_matrix * vec3(a_position, 1.0)).xy, 0.0, 1.0); v_color = a_color; }`,
      FRAGMENT_SHADER_SOURCE: `
        precision mediump float; varying vec4 v_color; uniform float u_opacity;
        void main() { gl_FragColor = vec4(v_color.rgb * u_opacity, u_opacity); }`,
      UNIFORMS: ["u_matrix", "u_opacity"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
    };
  }
  processVisibleItem(at, source, target, edge) {
    this.array.set([source.x, source.y, edge.ink, target.x, target.y, edge.ink], at);
  }
  draw({ matrix }) {
    const inked = opacity();
    if (!inked) return;
    this.gl.uniformMatrix3fv(this.uniformLocations.u_matrix, false, matrix);
    this.gl.uniform1f(this.uniformLocations.u_opacity, inked);
    this.gl.drawArrays(this.gl.LINES, 0, this.verticesCount);
  }
};

function makeSurface(hooks) {
  const holder = byId("picture");
  const probe = document.createElement("canvas");
  if (!(probe.getContext("webgl2") ?? probe.getContext("webgl"))) throw Object.assign(new Error("no WebGL"), { word: "no_webgl" });
  const graph = new libraries.Graph();
  const kindOf = new Map(data.nodes.map((node) => [node.id, node.group]));
  const many = data.edges.length > MANY_EDGES;
  let marked = null;
  let pale = null;
  let shown = new Set(drawn);

  // Colours are blended multiplied by their opacity; sigma's own programs read rgba(), those above four bytes in a number.
  const bytes = (name) => [1, 3, 5].map((at) => parseInt(colour(name).slice(at, at + 2), 16));
  const tints = new Map();
  const kept = (key, work) => (tints.has(key) ? tints : tints.set(key, work())).get(key);
  const tint = (name, opacity) => kept(`${name} ${opacity}`, () => `rgba(${bytes(name).map((part) => Math.round(part * opacity))},${opacity})`);
  const packed = (name, opacity = 1) =>
    kept(`${name} ${opacity}, packed`, () => new Float32Array(new Uint8Array([...bytes(name).map((part) => part * opacity), 254 * opacity]).buffer)[0]);
  const nodeInk = (id) => packed(kindOf.get(id), pale && !pale.has(id) ? 0.15 : 1);
  // Hairlines take the colour of what the practice has: what is shared shows as fans, and many edges are no grey mass.
  const edgeInk = (to) => (many ? { ink: packed(kindOf.get(to)) } : { color: tint("edge", pale ? 0.15 : 0.5) });

  for (const node of data.nodes) {
    graph.addNode(node.id, { x: node.x, y: -node.y, size: node.size, form: FORMS[node.group], ink: nodeInk(node.id), label: null });
  }
  for (const edge of data.edges) {
    graph.addEdge(edge.from, edge.to, { size: edge.width, ...edgeInk(edge.to) });
  }

  let sigma = null;
  // Pixels per unit of the picture at the camera's ratio 1, for the size that the stage has.
  const base = () => {
    const state = { x: 0.5, y: 0.5, angle: 0, ratio: 1 };
    const [from, to] = [0, 1000].map((x) => sigma.graphToViewport({ x, y: 0 }, { cameraState: state }));
    return (to.x - from.x) / 1000;
  };
  const scale = () => base() / sigma.getCamera().ratio;

  // Ink on paper: the opacity at which all edges in sight together cover so much of it, whatever the zoom and the filter.
  const COVER = 0.2;
  const all = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of spots.values()) {
    all.left = Math.min(all.left, x);
    all.right = Math.max(all.right, x);
    all.top = Math.min(all.top, y);
    all.bottom = Math.max(all.bottom, y);
  }
  let inkLength = 0;
  const measure = () => {
    inkLength = 1;
    for (const { from, to } of data.edges) {
      if (shown.has(from) && shown.has(to)) inkLength += Math.hypot(spots.get(from).x - spots.get(to).x, spots.get(from).y - spots.get(to).y);
    }
  };
  measure();
  const opacity = () => {
    if (!sigma) return 0; // sigma draws once while it is made, before the camera stands
    const plenty = (COVER * (all.right - all.left) * (all.bottom - all.top) * scale()) / inkLength;
    return Math.min(0.5, Math.max(0.02, plenty)) * (pale ? 0.3 : 1);
  };

  // Nodes shrink more slowly than the picture: small ones stay visible, hubs do not cover their neighbours.
  const grown = (scale) => scale ** 0.75;
  sigma = new libraries.Sigma(graph, holder, {
    allowInvalidContainer: true,
    hideEdgesOnMove: many,
    nodeProgramClasses: { circle: shapes() },
    edgeProgramClasses: many ? { line: hairlines(opacity) } : {},
    renderLabels: false,
    hoverRenderer: () => {},
    stagePadding: 0,
    zoomToSizeRatioFunction: (ratio) => (sigma ? 1 / grown(base() / ratio) : 1),
  });
  const camera = sigma.getCamera();
  const layers = sigma.getCanvases();
  const own = (name, before) => {
    const canvas = make("canvas", { class: `own-${name}` });
    canvas.style.position = "absolute";
    canvas.style.pointerEvents = "none";
    holder.insertBefore(canvas, before);
    return canvas;
  };
  const under = own("under", layers.nodes);
  const over = own("over", layers.mouse);

  const origin = () => sigma.graphToViewport({ x: 0, y: 0 }, { cameraState: camera.getState() });
  const toPicture = ({ x, y }) => ({ x: (x - origin().x) / scale(), y: (y - origin().y) / scale() });
  const framed = (x, y) => {
    const state = camera.getState();
    return sigma.viewportToFramedGraph(sigma.graphToViewport({ x, y: -y }, { cameraState: state }), { cameraState: state });
  };
  const onOwnCanvas = (canvas, paintOn) => {
    const dots = window.devicePixelRatio || 1;
    const { width, height } = sigma.getDimensions();
    if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
      canvas.width = Math.round(width * dots);
      canvas.height = Math.round(height * dots);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const { x, y } = origin();
    context.setTransform(dots * scale(), 0, 0, dots * scale(), dots * x, dots * y);
    paintOn(context);
  };
  const radius = (id) => (sizeOf.get(id) * grown(scale())) / scale();
  const ring = (context) => {
    if (marked == null || !shown.has(marked)) return;
    const { x, y } = spots.get(marked);
    context.strokeStyle = colour("ink");
    context.lineWidth = 2.5 / scale();
    context.beginPath();
    context.arc(x, y, radius(marked) + 1 / scale(), 0, 2 * Math.PI);
    context.stroke();
  };
  const finish = () => {
    onOwnCanvas(under, hooks.under);
    onOwnCanvas(over, (context) => (ring(context), hooks.over(context)));
  };
  sigma.on("afterRender", finish);

  const recolour = (everything = !many) => {
    const hints = { attributes: ["ink", "color", "hidden"] };
    graph.updateEachNodeAttributes((id, own) => ({ ...own, ink: nodeInk(Number(id)), hidden: !shown.has(Number(id)) }), hints);
    // Edges of hidden nodes are left out by sigma, and hairlines pale together.
    if (everything) graph.updateEachEdgeAttributes((_, own, from, to) => ({ ...own, ...edgeInk(Number(to)) }), hints);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (tints.clear(), recolour(true)));

  sigma.on("clickNode", ({ node }) => hooks.click(Number(node), null));
  sigma.on("clickStage", ({ event }) => hooks.click(null, toPicture(event)));
  sigma.on("enterNode", ({ node }) => hooks.hover(Number(node)));
  sigma.on("leaveNode", () => hooks.hover(null));
  new ResizeObserver(() => sigma.scheduleRender()).observe(holder); // sigma itself looks at the window only

  holder.tabIndex = 0;
  const pan = (right, down) => {
    const { width, height } = sigma.getDimensions();
    move(toPicture({ x: width / 2 + right * STEP, y: height / 2 + down * STEP }), 0);
  };
  holder.addEventListener("keydown", (event) => {
    const keys = {
      ArrowLeft: () => pan(-1, 0), ArrowRight: () => pan(1, 0), ArrowUp: () => pan(0, -1), ArrowDown: () => pan(0, 1),
      "+": () => zoomBy(1.2), "=": () => zoomBy(1.2), "-": () => zoomBy(1 / 1.2),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    keys[event.key]();
    event.preventDefault();
  });

  function move({ x, y, scale: wished }, duration) {
    const state = { ...(x == null ? {} : framed(x, y)), ...(wished == null ? {} : { ratio: base() / wished }) };
    if (duration) camera.animate(state, { duration, easing: "quadraticInOut" });
    else camera.setState(state);
  }

  // The frame after the first in which the camera stands where fit() put it; reading a pixel waits until it is painted.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const gl = layers.nodes.getContext("webgl2") ?? layers.nodes.getContext("webgl");
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    hooks.drawn();
  }));

  return {
    show(visible, near) {
      const same = visible.size === shown.size && near === pale && [...visible].every((id) => shown.has(id));
      [shown, pale] = [visible, near];
      if (same) {
        sigma.scheduleRender();
        return;
      }
      measure();
      recolour();
    },
    mark(id) {
      marked = id;
      sigma.scheduleRender();
    },
    scale,
    toPicture,
    radius,
    move,
    redraw() {
      sigma.resize();
      sigma.scheduleRender();
    },
  };
}

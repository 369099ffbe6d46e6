// vis-network (as pyvis carries it) draws on one canvas, in the picture's units.
const SHAPES = {
  region: "hexagon", practice: "dot", format: "diamond", audience: "triangle", topic: "triangleDown", organisation: "square", outcome: "dot",
};

function makeSurface(hooks) {
  // Labels are drawn by labels.js, which keeps them apart.
  const nodes = new vis.DataSet(data.nodes.map(({ label, font, ...rest }) => rest));
  const edges = new vis.DataSet(data.edges);
  let dimmed = false;

  const look = () => {
    const groups = {};
    for (const kind of KINDS) {
      const own = colour(kind);
      const both = { background: own, border: own };
      groups[kind] = { shape: SHAPES[kind], color: { ...both, highlight: { background: own, border: colour("ink") } } };
    }
    return {
      ...data.options,
      groups,
      edges: { ...data.options.edges, color: { color: colour("edge"), highlight: colour("soft"), inherit: false, opacity: dimmed ? 0.18 : 0.5 } },
    };
  };

  const network = new vis.Network(byId("picture"), { nodes, edges }, look());
  network.once("afterDrawing", hooks.drawn);
  network.on("beforeDrawing", hooks.under);
  network.on("afterDrawing", hooks.over);
  network.on("click", (event) => hooks.click(event.nodes[0] ?? null, event.pointer.canvas));
  network.on("hoverNode", (event) => hooks.hover(event.node));
  network.on("blurNode", () => hooks.hover(null));
  network.on("dragging", (event) => {
    for (const [id, spot] of Object.entries(network.getPositions(event.nodes))) hooks.drag(Number(id), spot);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => network.setOptions(look()));

  return {
    // Only what changes is written: updating every node costs a frame.
    show(visible, near) {
      const changes = [];
      nodes.forEach((node) => {
        const hidden = !visible.has(node.id);
        const opacity = near && !near.has(node.id) ? 0.15 : 1;
        if (hidden !== Boolean(node.hidden) || opacity !== (node.opacity ?? 1)) changes.push({ id: node.id, hidden, opacity });
      });
      nodes.update(changes);
      if ((near != null) !== dimmed) {
        dimmed = near != null;
        network.setOptions({ edges: look().edges });
      }
      network.redraw();
    },
    mark(id) {
      if (id == null) network.unselectAll();
      else network.selectNodes([id]);
    },
    scale: () => network.getScale(),
    toPicture: (point) => network.DOMtoCanvas(point),
    radius: (id) => sizeOf.get(id),
    move({ x, y, scale }, duration) {
      network.moveTo({
        ...(x == null ? {} : { position: { x, y } }),
        scale,
        animation: duration ? { duration, easingFunction: "easeInOutQuad" } : false,
      });
    },
    redraw: () => network.redraw(),
  };
}

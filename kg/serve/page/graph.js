// The graph: opens on provinces and the features they share; any node opens into its neighbourhood.

import { ask, latest, query, trouble } from "./api.js";
import { Picture, settle } from "./canvas.js";
import { LONGEST, el, regain, say, show, svg, typed } from "./dom.js";
import { palette, saving, sheet, text, widest } from "./figure.js";
import { add, named, number, t } from "./words.js";

add({
  overview: ["概览：各省与共有的形式、对象、主题", "Overview: provinces and what they share"],
  everything: ["全图（至多 {0} 个节点）", "The whole graph (up to {0} nodes)"],
  expand: ["展开", "Expand"],
  openPage: ["打开", "Open"],
  searchFor: ["搜索“{0}”", "Search for “{0}”"],
  families: ["做法相近的家族", "Families of practices"],
  familySize: ["{0} 项 · {1} 个省级地区", "{0} in {1} provinces"],
  noFamilies: ["没有找到跨省的家族。", "No family spans two provinces."],
  hubs: ["枢纽", "Hubs"],
  neighbours: ["相邻", "Neighbours"],
  findNode: ["找一个节点…", "Find a node …"],
  nodes: ["{0} 个节点，{1} 条边", "{0} nodes, {1} edges"],
  leftOutPractices: ["另有 {0} 项实践没有画出", "{0} more practices are not drawn"],
  moreNeighbours: ["另有 {0} 个相邻节点没有显示", "{0} more neighbours are not shown"],
  thinned: ["边太多：放大前只画一部分，选中的节点画全", "Too many edges: a part is drawn until you zoom in, those of the chosen node all"],
  fit: ["全部入画", "Fit"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  kindsShown: ["显示", "Show"],
  hint: ["拖动、滚轮或方向键与 + − 0；点一个节点看它是什么。", "Drag, wheel, or arrow keys and + − 0; choose a node to see what it is."],
  wholeGraph: ["全图，{0} 个节点", "the whole, {0} nodes"],
  graphCaption: ["实践图谱：{0}", "Practice graph: {0}"],
});
const KINDS = ["practice", "region", "format", "audience", "topic", "organisation"];
const LIGHT = ["#c2410c", "#4a5568", "#0f766e", "#1d4ed8", "#7e22ce", "#a16207"];
const DARK = ["#fb923c", "#a0aec0", "#2dd4bf", "#93b4ff", "#d8a8ff", "#facc15"];
const WHOLE = 10_000;
const MANY = 1_500; // nodes: beyond, practices are dots without names, as on the canvas from afar

export async function draw(main, overtaken) {
  document.title = `${t("graph")} · ${t("name")}`;
  const given = new URLSearchParams(location.search);
  const nodes = new Map(); // id → node with x, y
  let links = [];
  let told = []; // what the picture is made of: a name and the path that gives it
  let turn = 0; // grows as the picture begins anew: answers to what was asked before come too late
  let begun; // the work that begins it, which the opening of a node waits for
  const started = performance.now();
  const colours = () => { const ink = palette(); return { ground: ink.ground, ink: ink.ink, edge: ink.quiet, kinds: ink.dark ? DARK : LIGHT }; };
  const picture = new Picture({ colours, picked: choose, label: t("graph") });
  const side = el("aside", { class: "node", "aria-live": "polite" });
  const status = el("p", { class: "quiet" });
  const saved = el("div");
  const finder = el("input", { type: "search", placeholder: t("findNode"), "aria-label": t("findNode"), maxlength: LONGEST, autocomplete: "off" });
  const hits = el("ul", { class: "picked" });
  const tool = (word, sign, act) => el("button", { type: "button", "aria-label": t(word), title: t(word), onclick: act }, sign);
  show(main, el("h1", {}, t("graph")),
    el("div", { class: "controls" }, el("button", { type: "button", onclick: () => to({}, overview) }, t("overview")), el("button", { type: "button", id: "whole", onclick: () => to({ view: "all", limit: WHOLE }, (late) => whole(WHOLE, late)) }, t("everything", number(WHOLE))), el("div", {}, finder, hits)),
    el("div", { class: "beside graph" },
      el("div", { class: "canvas" }, picture.canvas, el("div", { class: "tools" }, tool("zoomIn", "+", () => picture.zoomBy(1.4)), tool("zoomOut", "−", () => picture.zoomBy(1 / 1.4)), tool("fit", "⤢", () => { picture.fit(); picture.paint(); })), legend()),
      side),
    status, el("p", { class: "quiet" }, t("hint")), saved);
  document.addEventListener("themed", () => picture.paint());

  const ask1 = latest();
  typed(finder, async () => {
    const words = finder.value.trim();
    const found = words ? await ask1("search", { q: words, limit: 5 }).catch(() => null) : null;
    show(hits, !found ? [] : [...found.suggestions.filter((each) => each.kind !== "article").slice(0, 6).map((each) => [each.id, `${t(each.kind)}: ${named(each)}`]), ...found.cards.map((card) => [card.id, `${t("practice")}: ${card.label}`])].map(([id, words2]) => el("li", {}, el("button", { type: "button", class: "link", "data-key": "hit", onclick: () => { show(hits); finder.value = ""; centre(id); } }, words2))));
  }, 150);

  function legend() {
    return el("div", { class: "kinds", role: "group", "aria-label": t("kindsShown") }, KINDS.map((kind, n) => el("label", {}, el("input", { type: "checkbox", checked: true, onchange: (event) => { if (event.target.checked) picture.hidden.delete(n); else picture.hidden.add(n); picture.paint(); } }), el("span", { class: "dot", style: { background: colours().kinds[n] } }), t(kind))));
  }

  function refresh(fit, pinned = new Set()) {
    const all = [...nodes.values()], place = new Map(all.map((node, n) => [node.id, n]));
    const pairs = links.map((link) => [place.get(link.source), place.get(link.target)]).filter(([a, b]) => a !== undefined && b !== undefined);
    const [x, y] = settle(all.length, pairs, all.map((node) => (node.x === undefined ? null : [node.x, node.y, pinned.has(node.id)])));
    all.forEach((node, n) => { node.x = x[n]; node.y = y[n]; });
    picture.show({ ids: all.map((node) => node.id), x, y, kinds: all.map((node) => KINDS.indexOf(node.kind)), sizes: all.map((node) => node.practices || 1), labels: all.map(named), ends: pairs.flat() }, fit);
    count(all.length, pairs.length, 0);
  }

  function count(some, edges, out) {
    show(status, t("nodes", number(some), number(edges)), out > 0 && ` · ${t("leftOutPractices", number(out))}`, edges > 8_000 && ` · ${t("thinned")}`);
    document.documentElement.dataset.nodes = some;
    requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.drawn = Math.round(performance.now() - started); }));
  }

  /** Puts what is asked for into the address and draws it; the address always holds what is seen. */
  async function to(asked, work, anew = true) {
    history.pushState(null, "", `/graph${query(asked)}`);
    if (anew) turn += 1;
    const late = lateness(), made = work(late);
    if (anew) begun = made;
    try {
      await made;
    } catch (error) {
      if (!late()) show(side, trouble(error));
    }
  }

  /** A function that tells whether, since it was made, the picture was begun anew or another view drawn. */
  function lateness() {
    const mine = turn;
    return () => mine !== turn || overtaken();
  }

  /** The picture begins anew with these nodes. */
  function begin(found, name, path) {
    nodes.clear();
    links = [];
    merge(found);
    refresh(true);
    choose(-1);
    told = [[name, path]];
    export_();
  }

  function merge(found, near) {
    const origin = near && nodes.get(near);
    found.nodes.forEach((node, n) => {
      if (nodes.has(node.id)) return;
      // What is new begins beside the node that it hangs on.
      if (origin) { node.x = origin.x + 60 * Math.cos(n * 2.4); node.y = origin.y + 60 * Math.sin(n * 2.4); }
      nodes.set(node.id, node);
    });
    const known = new Set(links.map((link) => `${link.source}>${link.target}>${link.relation}`));
    links.push(...found.links.filter((link) => !known.has(`${link.source}>${link.target}>${link.relation}`)));
  }

  let kin;
  async function family(number, late) {
    const [all, found] = await Promise.all([(kin ??= ask("families")), ask("family", { number })]);
    if (!late()) begin(found, all[number]?.label ?? t("families"), `/api/family?number=${number}`);
  }

  /** The families come when they are found: the picture does not wait for them. */
  async function families(place) {
    const found = await (kin ??= ask("families"));
    show(place, el("h2", {}, t("families")), found.length ? el("ol", {}, found.slice(0, 12).map((each) => el("li", {}, el("button", { type: "button", class: "link", "data-key": `family ${each.number}`, onclick: () => to({ family: each.number }, (late) => family(each.number, late)) }, each.label), el("span", { class: "quiet" }, ` ${t("familySize", number(each.members), number(each.regions))}`)))) : el("p", { class: "quiet" }, t("noFamilies")));
  }

  async function overview(late) {
    const found = await ask("overview");
    if (!late()) begin(found, t("overview"), "/api/overview");
  }

  async function whole(limit, late) {
    const found = await ask("network", { limit });
    if (late()) return;
    const kinds = found.kind_names.map((kind) => KINDS.indexOf(kind));
    picture.show({ ...found, kinds: found.kinds.map((kind) => kinds[kind]) });
    count(found.ids.length, found.ends.length / 2, found.left_out);
    choose(-1);
    told = [[t("wholeGraph", number(found.ids.length)), `/api/network?limit=${limit}`]];
    export_();
  }

  const centre = (id) => to({ id }, (late) => open(id, late, true));

  async function expand(id) {
    const given = new URLSearchParams(location.search), opened = given.getAll("open").filter((each) => each !== id);
    // The whole graph is a picture to look at: no node can be added to it.
    if (given.get("view") === "all") return centre(id);
    await to({ family: given.get("family"), id: given.get("id"), open: [...opened, id] }, async (late) => {
      await Promise.allSettled([begun]);
      if (!late()) await open(id, late);
    }, false);
  }

  async function open(id, late, anew = false) {
    const found = await ask("neighbourhood", { id });
    if (late()) return;
    if (anew) {
      nodes.clear();
      links = [];
      told = [];
    }
    const before = new Set(nodes.keys());
    merge(found, id);
    refresh(anew, before);
    picture.chosen = picture.data.ids.indexOf(found.centre);
    choose(picture.chosen, found.more);
    const path = `/api/neighbourhood${query({ id })}`, node = nodes.get(found.centre);
    told = [...told.filter((each) => each[1] !== path), [node ? named(node) : id, path]];
    export_();
  }

  function choose(n, more = 0) {
    if (n < 0) return show(side, el("p", { class: "quiet" }, t("hint")), hubs());
    const { ids, labels, kinds, sizes } = picture.data, id = ids[n], kind = KINDS[kinds[n]];
    const near = [...new Set(picture.neighbours(n))].slice(0, 60);
    const href = kind === "practice" ? `/practice?id=${encodeURIComponent(id)}` : kind === "organisation" ? `/search?q=${encodeURIComponent(labels[n])}` : `/search?${kind}=${encodeURIComponent(id)}`;
    show(side, el("p", { class: "quiet" }, t(kind), kind !== "practice" && ` · ${t("results", number(sizes[n]))}`), el("h2", {}, labels[n]),
      el("p", { class: "actions" }, kind !== "organisation" && el("button", { type: "button", class: "primary", "data-key": "expand", onclick: () => expand(id) }, t("expand")), el("a", { class: "button", href }, kind === "organisation" ? t("searchFor", labels[n]) : t("openPage"))),
      more > 0 && el("p", { class: "quiet" }, t("moreNeighbours", number(more))),
      el("h3", {}, t("neighbours")), el("ul", {}, near.map((other) => el("li", {}, el("button", { type: "button", class: "link", "data-key": `node ${ids[other]}`, onclick: () => picture.choose(other) }, labels[other]), el("span", { class: "quiet" }, ` ${t(KINDS[kinds[other]])}`)))));
    regain(side.querySelector(".actions > *"));
    say(`${t(kind)} ${labels[n]}`);
  }

  function hubs() {
    const { order = [], data } = picture;
    const place = el("div", {}, el("p", { class: "quiet" }, t("loading")));
    families(place).catch((error) => show(place, trouble(error)));
    // The families come later, so they stand below: nothing moves away from under a click.
    return [el("h2", {}, t("hubs")), el("ul", {}, order.slice(0, 12).map((n) => el("li", {}, el("button", { type: "button", class: "link", "data-key": `node ${data.ids[n]}`, onclick: () => picture.choose(n) }, data.labels[n]), el("span", { class: "quiet" }, ` ${t(KINDS[data.kinds[n]])} ${number(data.sizes[n])}`)))), place];
  }

  async function export_() {
    const { cite } = await ask("summary");
    const about = told.map(([name]) => name).join(" + "), path = told.map(([, each]) => each).join("\n");
    show(saved, saving({ name: "graph", caption: t("graphCaption", about), query: path, cite, draw: (ink) => drawn(picture, ink, about) }));
  }

  async function addressed(late) {
    const id = given.get("id");
    if (given.get("view") === "all") await whole(Math.min(100_000, Math.max(10, Number(given.get("limit")) || WHOLE)), late);
    else if (given.get("family")) await family(Number(given.get("family")), late);
    else if (id) await open(id, late, true);
    else await overview(late);
    for (const each of given.getAll("open")) if (!late()) await open(each, late);
  }

  const late = lateness();
  begun = addressed(late);
  await begun.catch((error) => { if (!late()) throw error; });
}

function drawn({ data, order }, ink, about) {
  const least = (values) => values.reduce((one, other) => Math.min(one, other), Infinity), most = (values) => values.reduce((one, other) => Math.max(one, other), 0);
  const left = least(data.x), top = least(data.y), scale = Math.min(1, 1000 / Math.max(1, most(data.x.map((each) => each - left))));
  const x = (n) => 20 + (data.x[n] - left) * scale, y = (n) => 20 + (data.y[n] - top) * scale;
  const many = data.ids.length > MANY;
  const r = (n) => (many ? 0.5 : 1) * (data.kinds[n] === 0 ? 4 : Math.min(20, 4 + 1.4 * Math.sqrt(data.sizes[n])));
  const high = most(data.ids.map((_, n) => y(n))) + 30;
  const edges = [];
  for (let at = 0; at < data.ends.length; at += 2) edges.push(`M${[data.ends[at], data.ends[at + 1]].map((n) => `${x(n).toFixed(1)} ${y(n).toFixed(1)}`).join("L")}`);
  // The largest first; no name stands over another.
  const taken = [];
  const free = (n) => {
    const box = [x(n) + r(n) + 3, y(n) - 7, widest([name(n)], 11), 14];
    if (taken.some((other) => box[0] < other[0] + other[2] && other[0] < box[0] + box[2] && box[1] < other[1] + other[3] && other[1] < box[1] + box[3])) return false;
    return taken.push(box);
  };
  const name = (n) => (data.labels[n].length > 18 ? `${data.labels[n].slice(0, 17)}…` : data.labels[n]);
  const called = order.slice(0, MANY).filter((n) => !(many && data.kinds[n] === 0) && free(n));
  return sheet(Math.max(1160, most(taken.map((box) => box[0] + box[2])) + 10), high, about, svg("path", { d: edges.join(""), fill: "none", stroke: ink.line, "stroke-width": many ? 0.3 : 0.8 }),
    data.ids.map((_, n) => svg("circle", { cx: x(n).toFixed(1), cy: y(n).toFixed(1), r: r(n), fill: LIGHT[data.kinds[n]] })),
    called.map((n) => text(name(n), x(n) + r(n) + 3, y(n) + 4, ink.ink, { "font-size": 11 })));
}

// Search, filters, language and keys.
const MOST_RESULTS = 30;
const hiddenKinds = new Set();
let region = null;

function select(id, { zoom = false } = {}) {
  chosen = id;
  byId("welcome").hidden = surface != null;
  if (id == null) {
    byId("panel").hidden = true;
    surface?.mark(null);
  } else {
    showPanel(id);
    surface?.mark(drawn.has(id) ? id : null);
  }
  paint();
  // The panel changes the size of the stage; the zoom must wait for it.
  if (zoom && id != null) requestAnimationFrame(() => requestAnimationFrame(() => zoomTo(id)));
}

function applyFilters({ zoom = false } = {}) {
  const inside = (id) => region == null || practices[id].path.includes(region);
  const kept = new Set();
  for (const key of Object.keys(practices)) {
    const id = Number(key);
    if (!inside(id)) continue;
    kept.add(id);
    for (const statement of practices[id].s) if (statement.n != null) kept.add(statement.n);
    for (const place of practices[id].path) kept.add(place);
  }
  visible = new Set([...drawn].filter((id) => kept.has(id) && !hiddenKinds.has(things[id].k)));
  byId("reset").hidden = region == null && !hiddenKinds.size;
  byId("count").textContent = word("shown", { n: visible.size, m: data.total });
  document.documentElement.dataset.visible = visible.size;
  paint();
  if (zoom && visible.size) fit([...visible]);
}

function fillRegions() {
  const told = (n, m = n) => `(${n < m ? word("some_of", { n, m }) : n})`;
  const all = partial ? ` ${told(ordered.length, data.practices_in_all)}` : "";
  const options = [make("option", { value: "" }, word("all_regions") + all)];
  const walk = (id, depth) => {
    const number = told(users.get(id)?.length ?? 0, things[id].u?.[0]);
    options.push(make("option", { value: id }, `${"\u3000".repeat(depth)}${labelOf(id)} ${number}`));
    for (const child of subregions.get(id) ?? []) walk(child, depth + 1);
  };
  things.forEach((thing, id) => {
    if (thing.k === "region" && thing.p == null) walk(id, 0);
  });
  byId("region").replaceChildren(...options);
  byId("region").value = region ?? "";
}

function fillKinds() {
  const counts = {};
  for (const id of drawn) counts[things[id].k] = (counts[things[id].k] ?? 0) + 1;
  const rows = KINDS.filter((kind) => counts[kind]).map((kind) => {
    const box = make("input", { type: "checkbox", value: kind });
    box.checked = !hiddenKinds.has(kind);
    box.addEventListener("change", () => {
      if (box.checked) hiddenKinds.delete(kind);
      else hiddenKinds.add(kind);
      applyFilters();
    });
    return make("label", {}, box, sign(kind), make("span", {}, word(`kind_${kind}`)), make("span", {}, String(counts[kind])));
  });
  byId("kinds").replaceChildren(...rows);
  byId("left-out").hidden = !data.left_out.length;
  const rules = data.left_out.map(([rule, n]) => make("li", {}, word(`rule_${rule}`, { n })));
  byId("left-out").replaceChildren(make("p", {}, word("left_out")), make("ul", {}, ...rules), make("p", {}, word("still_there")));
}

// What the search compares, in small letters: the labels, with the articles' own words, with the places.
let searched = null;
function texts() {
  searched ??= things.map((thing, id) => {
    const labels = [thing.l, thing.e ?? ""].map((label) => label.toLowerCase());
    const names = labels.join("\n");
    const words = `${names}\n${(thing.w ?? "").toLowerCase()}`;
    return { labels, names, words, all: `${words}\n${placeOf(id).toLowerCase()}` };
  });
  return searched;
}

function matches(query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const whole = wanted.join(" ");
  const found = [];
  texts().forEach((text, id) => {
    const stands = (where) => wanted.every((part) => where.includes(part));
    if (!stands(text.all)) return;
    // Whole labels before parts, names before places, what joins many practices before what joins one.
    const rank = text.labels.includes(whole) ? 0 : stands(text.names) ? 1 : stands(text.words) ? 2 : 3;
    found.push({ id, rank, weight: users.get(id)?.length ?? 1 });
  });
  return found.sort((a, b) => a.rank - b.rank || b.weight - a.weight || a.id - b.id).map((item) => item.id);
}

function nothingFound() {
  const rows = [make("li", {}, word("no_result"))];
  if (partial) rows.push(make("li", {}, word("only_some", { n: ordered.length, m: data.practices_in_all })));
  return rows;
}

function searchBox() {
  const input = byId("search");
  const list = byId("results");
  let found = [];
  let at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const take = (id) => {
    close();
    select(id, { zoom: true });
  };
  const step = (to) => {
    if (!found.length) return;
    at = (to + found.length) % found.length;
    list.querySelectorAll("[role=option]").forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const show = () => {
    const all = matches(input.value);
    found = all.slice(0, MOST_RESULTS);
    at = -1;
    const rows = found.map((id, index) =>
      make("li", { role: "option", id: `result-${index}`, "aria-selected": "false", on: { mousedown: (event) => (event.preventDefault(), take(id)) } },
        sign(things[id].k), make("span", {}, labelOf(id)), make("small", {}, placeOf(id) || word(`kind_${things[id].k}`))));
    if (!rows.length) rows.push(...nothingFound());
    if (all.length > found.length) rows.push(make("li", {}, word("further", { n: all.length - found.length })));
    list.replaceChildren(...rows);
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  input.addEventListener("input", debounce(show, 60));
  input.addEventListener("focus", () => input.value.trim() && show());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") step(at + 1);
    else if (event.key === "ArrowUp") step(Math.max(at, 0) - 1);
    else if (event.key === "Enter") {
      if (list.hidden) show();
      if (found.length) take(found[Math.max(at, 0)]);
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
}

function resetFilters() {
  hiddenKinds.clear();
  region = null;
  fillKinds();
  fillRegions();
  applyFilters();
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-word]").forEach((item) => (item.textContent = word(item.dataset.word)));
  document.querySelectorAll("[data-label]").forEach((item) => item.setAttribute("aria-label", word(item.dataset.label)));
  document.querySelectorAll("[data-placeholder]").forEach((item) => item.setAttribute("placeholder", word(item.dataset.placeholder)));
  document.querySelectorAll("#zoom button, #close").forEach((item) => item.setAttribute("title", word(item.dataset.label)));
  if (!data.title) byId("heading").textContent = document.title = word("title");
  fillRegions();
  fillKinds();
  applyFilters();
  if (chosen != null) showPanel(chosen);
}

byId("legend").open = matchMedia("(min-width: 761px)").matches;
byId("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  speak();
});
byId("region").addEventListener("change", (event) => {
  region = event.target.value === "" ? null : Number(event.target.value);
  applyFilters({ zoom: true });
});
byId("reset").addEventListener("click", () => {
  resetFilters();
  fit([...visible]);
});
byId("unfilter").addEventListener("click", () => {
  resetFilters();
  zoomTo(chosen);
  focusPanel();
});
byId("close").addEventListener("click", () => select(null));
byId("zoom-in").addEventListener("click", () => zoomBy(1.4));
byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
byId("fit").addEventListener("click", () => fit([...visible]));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") select(null);
  else if (event.key === "/" && !/^(INPUT|SELECT)$/.test(document.activeElement?.tagName ?? "")) {
    event.preventDefault();
    byId("search").focus();
  }
});
try {
  draw();
} catch (problem) {
  // Search, panel and lists work without the picture; the message stays, in the language of the page.
  byId("welcome").dataset.word = problem.word ?? "drawing_failed";
  if (!problem.word) console.error(problem);
  document.documentElement.dataset.failed = byId("welcome").dataset.word;
}
searchBox();
speak();
// A frame further down a notebook has no size before it is scrolled to.
new ResizeObserver((_, watch) => {
  if (fit([...drawn], false)) watch.disconnect();
}).observe(byId("picture"));
fit([...drawn], false);

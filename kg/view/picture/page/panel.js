// The side panel: what a thing is, and the words that say so.
const SLOTS = ["region", "formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates"];
const SLOT_KIND = {
  programme: "practice", region: "region", formats: "format", audiences: "audience", topics: "topic",
  organisers: "organisation", partners: "organisation", outcomes: "outcome",
};
const PAGE = 30;

const badge = (key) => make("span", { class: "badge" }, word(key));
const sign = (kind) => make("span", { class: `sign ${kind}`, "aria-hidden": "true" });
const link = (id, text = labelOf(id)) =>
  make("button", { type: "button", class: `link ${things[id].k}`, on: { click: () => select(id, { zoom: true }) } },
    make("span", { class: "plain" }, text));

// Offsets count code points, JavaScript's strings count UTF-16 units.
function quoted(sentence, marks) {
  const letters = Array.from(sentences[sentence]);
  const cuts = [...new Set([0, letters.length, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  const line = make("p");
  for (let at = 0; at + 1 < cuts.length; at++) {
    const text = letters.slice(cuts[at], cuts[at + 1]).join("");
    const over = marks.filter((mark) => mark.start <= cuts[at] && mark.end >= cuts[at + 1]);
    over.sort((a, b) => a.end - a.start - (b.end - b.start));
    if (!over.length) line.append(text);
    else {
      const kind = SLOT_KIND[over[0].slot] ?? "plain";
      const titles = over.map((mark) => word(`slot_${mark.slot}`)).join(" · ");
      line.append(make("mark", { class: kind, title: titles }, make("span", { class: "plain" }, text)));
    }
  }
  return line;
}

function source(files) {
  const first = articles[files[0]];
  const cite = make("cite", {}, first.title || word("untitled"));
  for (const part of [first.publisher, first.published]) if (part) cite.append(" · ", make("span", {}, part));
  if (files.length > 1) {
    const others = files.slice(1).map((file) => articles[file].publisher || articles[file].file);
    cite.append(make("br"), `${word("also_in")}: ${others.join(", ")}`);
  }
  return cite;
}

// One sentence is shown once, with all the words in it that carry something.
function evidence(statements) {
  const groups = new Map();
  for (const statement of statements) {
    for (const [sentence, start, end, files] of statement.e) {
      const key = `${sentence} ${files.join(" ")}`;
      if (!groups.has(key)) groups.set(key, { sentence, files, marks: [] });
      groups.get(key).marks.push({ start, end, slot: statement.s });
    }
  }
  return [...groups.values()].map((group) =>
    make("blockquote", {}, quoted(group.sentence, group.marks), source(group.files)));
}

function figure(detail) {
  const sign = { "=": "", ">": "> ", "<": "< ", "~": "≈ " }[detail.comparator] ?? "";
  const modality = detail.modality && detail.modality !== "achieved" ? ` (${word(`modality_${detail.modality}`)})` : "";
  return `${sign}${Number(detail.value).toLocaleString("en")} ${detail.unit}${detail.what ? ` · ${detail.what}` : ""}${modality}`;
}

function field(statement) {
  const parts = [statement.n == null ? make("span", {}, statement.t) : link(statement.n)];
  if (statement.s === "dates" && statement.d?.iso) parts.push(make("span", { class: "badge" }, statement.d.iso));
  if (statement.s === "outcomes") parts.push(make("span", { class: "badge" }, figure(statement.d)));
  if (statement.n != null && statement.t !== labelOf(statement.n)) parts.push(make("span", { class: "badge" }, statement.t));
  if (statement.i) parts.push(badge("inferred"));
  return make("span", { class: "pair" }, ...parts);
}

function path(places) {
  const line = make("div", { class: "tags" });
  for (const place of places) line.append(link(place));
  if (!places.length) line.append(make("span", { class: "badge" }, word("unknown_place")));
  return line;
}

function aboutPractice(id) {
  const practice = practices[id];
  const fields = make("dl");
  for (const slot of SLOTS) {
    const filled = practice.s.filter((statement) => statement.s === slot);
    if (slot === "region" || !filled.length) continue;
    fields.append(make("dt", {}, word(`slot_${slot}`)), make("dd", {}, ...filled.map(field)));
  }
  if (practice.of != null) fields.append(make("dt", {}, word("part_of")), make("dd", {}, link(practice.of)));
  const parts = children.get(id);
  if (parts) fields.append(make("dt", {}, word("includes")), make("dd", {}, ...parts.map((part) => link(part))));
  const quotes = evidence(practice.s);
  return [path(practice.path), fields, make("h3", {}, word("evidence")),
    ...(quotes.length ? quotes : [make("p", {}, word("evidence_none"))])];
}

// A feature or a region: its practices by province, with the sentences that join them to it.
function aboutShared(id) {
  const inside = [];
  const isRegion = things[id].k === "region";
  const places = placesOf(id);
  if (places.length) inside.push(path(places));
  if (isRegion) {
    const below = subregions.get(id);
    if (below) inside.push(make("h3", {}, word("subregions")), make("div", { class: "tags" }, ...below.map((place) => link(place))));
  }
  if (things[id].k === "outcome") inside.push(make("p", {}, figure(things[id].d)));
  const all = users.get(id) ?? [];
  // The store may hold more practices than a page that leaves some out.
  const [n, m] = things[id].u ?? [all.length, new Set(all.map(provinceOf).filter((place) => place != null)).size];
  if (things[id].k !== "outcome") {
    const heading = make("h3", {}, word(isRegion ? "practices_here" : "practices", { n, m }));
    if (n > all.length) heading.append(" ", make("span", { class: "badge" }, word("partly", { n: all.length })));
    inside.push(heading);
  }
  const list = make("div");
  let province;
  let shown = 0;
  const further = make("button", { type: "button", class: "more", on: { click: () => show() } });
  const show = () => {
    for (const practice of all.slice(shown, shown + PAGE)) {
      const place = provinceOf(practice);
      if (!isRegion && place !== province) list.append(make("h4", {}, place == null ? word("unknown_place") : labelOf(place)));
      province = place;
      const said = practices[practice].s.filter((item) => item.n === id || (isRegion && item.s === "programme"));
      list.append(make("div", { class: "case" }, link(practice), " ",
        make("span", { class: "badge" }, things[practices[practice].path.at(-1)]?.l ?? word("unknown_place")), ...evidence(said)));
    }
    shown = Math.min(all.length, shown + PAGE);
    further.textContent = word("more", { n: Math.min(PAGE, all.length - shown) });
    further.hidden = shown >= all.length;
  };
  show();
  return [...inside, list, further];
}

function showPanel(id) {
  const thing = things[id];
  const tags = make("div", { class: "tags" }, make("span", { class: "tag" }, sign(thing.k), word(`kind_${thing.k}`)));
  if (thing.k === "practice" && practices[id].planned) tags.append(badge("planned"));
  if (thing.k === "practice" && practices[id].unnamed) tags.append(badge("unnamed"));
  if (thing.c) tags.append(badge("candidate"));
  if (!drawn.has(id)) tags.append(badge("not_drawn"));
  const other = language === "en" ? thing.l : thing.e;
  if (other && other !== labelOf(id)) tags.append(make("span", { class: "badge" }, other));
  const body = thing.k === "practice" ? aboutPractice(id) : aboutShared(id);
  const within = byId("content").contains(document.activeElement);
  byId("content").replaceChildren(tags, make("h2", { tabindex: -1 }, labelOf(id)), ...body);
  byId("panel").hidden = false;
  byId("panel").scrollTop = 0;
  // The link that led here is gone, and the focus with it.
  if (within) focusPanel();
}

function focusPanel() {
  byId("content").querySelector("h2").focus({ preventScroll: true });
}

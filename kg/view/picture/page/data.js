// What the page knows: things (nodes, drawn or not), practices with their statements, and who uses what.
const data = JSON.parse(document.getElementById("data").textContent);
const KINDS = ["region", "practice", "format", "audience", "topic", "organisation", "outcome"];
const { things, practices, articles, sentences } = data;
const drawn = new Set(data.nodes.map((node) => node.id));
const users = new Map();
const children = new Map();
const subregions = new Map();

const push = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));

// Where a thing lies, the topmost place first: a practice, a region, what is named within a county only.
const upTo = (place) => (place == null ? [] : [...upTo(things[place].p), place]);
const placesOf = (id) => practices[id]?.path ?? upTo(things[id].k === "region" ? things[id].p : things[id].at);
const placeOf = (id) => placesOf(id).map((place) => things[place].l).join(" ");
// A place that could not be put on the tree of regions is in no province that is known.
const provinceOf = (id) => {
  const [top] = practices[id].path;
  return top != null && things[top].province ? top : null;
};
// Province by province, then by place and name; those of no known province last.
const ordered = Object.keys(practices).map((key) => ({ id: Number(key), place: placeOf(key), last: provinceOf(key) == null }));
const compare = (a, b) => (a < b ? -1 : Number(a > b));
ordered.sort((a, b) => a.last - b.last || compare(a.place, b.place) || compare(things[a.id].l, things[b.id].l) || a.id - b.id);

// A page may hold some of the store's practices only.
const partial = ordered.length < data.practices_in_all;

for (const { id } of ordered) {
  const practice = practices[id];
  const seen = new Set();
  for (const statement of practice.s) {
    if (statement.n == null) continue;
    if (!seen.has(statement.n)) push(users, statement.n, id);
    seen.add(statement.n);
  }
  for (const place of practice.path) push(users, place, id);
  if (practice.of != null) push(children, practice.of, id);
}
things.forEach((thing, id) => {
  if (thing.k === "region" && thing.p != null) push(subregions, thing.p, id);
});

// The language of the page; labels of concepts follow it where the vocabulary has both.
let language = (navigator.language || "zh").toLowerCase().startsWith("en") ? "en" : "zh";
const word = (key, numbers = {}) =>
  (data.words[language][key] ?? key).replace(/\{(\w)\}/g, (_, name) => numbers[name] ?? "");
const labelOf = (id) => (language === "en" && things[id].e) || things[id].l;

// All text of articles enters the page as text, never as markup.
const make = (tag, attributes = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside.filter((item) => item != null));
  return element;
};
const byId = (name) => document.getElementById(name);
const debounce = (run, wait) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), wait);
  };
};

// Search: one box as you type, filters with counts, cards with the telling sentence; all of it in the address.

import { latest, query, trouble } from "./api.js";
import { LONGEST, el, regain, say, sentence, show, typed } from "./dom.js";
import { named, number, t } from "./words.js";

const KINDS = ["region", "format", "audience", "topic"];
const SHORT = 8;
const PROVINCES = 14;
const PAGE = 20;
const open = new Set(["region", "format"]);
const whole = new Set();

function state() {
  const given = new URLSearchParams(location.search);
  const found = { q: given.get("q") ?? "", sort: given.get("sort") ?? "", status: given.get("status") ?? "", since: given.get("since") ?? "", until: given.get("until") ?? "", min_confidence: given.get("min_confidence") ?? "", stated_only: given.get("stated_only") === "true" };
  for (const kind of KINDS) found[kind] = given.getAll(kind);
  return found;
}

export async function draw(main) {
  document.title = `${t("search")} · ${t("name")}`;
  const ask = latest();
  let asked = state();
  let shown = 0;

  const box = el("input", { id: "q", type: "search", value: asked.q, maxlength: LONGEST, placeholder: t("askFor"), "aria-label": t("search"), autocomplete: "off", spellcheck: "false" });
  const order = el("select", { id: "sort" }, [["", "relevance"], ["name", "byName"], ["place", "place"], ["newest", "newest"], ["oldest", "oldest"]].map(([value, word]) => el("option", { value, selected: value === asked.sort }, t(word))));
  const count = el("h1", { class: "count-line", "aria-live": "polite" });
  const chosen = el("div", { class: "chosen" });
  const others = el("div", { class: "others" });
  const list = el("ol", { class: "cards" });
  const more = el("button", { type: "button", class: "more", hidden: true, onclick: () => next() }, t("more"));
  const refused = el("div");
  // Fields and groups stay while their numbers change: what is typed or moved in them is not disturbed.
  const since = el("input", { type: "number", min: 1, max: 9999, onchange: () => change({ since: since.value }) });
  const until = el("input", { type: "number", min: 1, max: 9999, onchange: () => change({ until: until.value }) });
  const least = el("input", { type: "range", min: 0, max: 1, step: 0.05, onchange: () => change({ min_confidence: Number(least.value) ? least.value : "" }) });
  const told = el("output");
  const certain = el("input", { type: "checkbox", onchange: () => change({ stated_only: certain.checked }) });
  const yearList = el("ul"), statusList = el("ul");
  const lists = Object.fromEntries(KINDS.map((kind) => [kind, el("div")]));
  const side = el("div", { class: "facets" }, KINDS.map((kind) => group(kind, t(kind), lists[kind], kind === "region" ? "" : t("anyOf"))),
    group("year", t("year"), [el("div", { class: "pair" }, el("label", {}, t("from"), " ", since), el("label", {}, t("to"), " ", until)), yearList]),
    group("status", t("status"), statusList),
    group("confidence", `${t("confidence")} …`, [el("label", {}, `${t("confidence")} `, told, least), el("label", { class: "check" }, certain, " ", t("stated"))]));
  const csv = el("a", { class: "button", download: "practices.csv" }, `${t("download")} CSV`);

  show(main,
    el("form", { class: "big", role: "search", onsubmit: (event) => { event.preventDefault(); change({ q: box.value.trim() }); } }, box),
    el("div", { class: "columns" },
      el("details", { class: "side", open: matchMedia("(min-width: 800px)").matches }, el("summary", {}, t("filters")), side),
      el("section", { class: "found" }, el("div", { class: "line" }, count, el("label", {}, t("sort"), " ", order), csv), chosen, others, list, more, refused)));

  let typing = false; // the letters of one search are one step of the history
  function change(some, letters = false) {
    asked = { ...asked, ...some };
    const address = `/search${query(asked)}`, here = address === location.pathname + location.search;
    if (!here) history[typing && letters ? "replaceState" : "pushState"](null, "", address);
    typing = letters && (typing || !here);
    return run();
  }

  async function run() {
    let found;
    more.disabled = true; // its answer would be one to the search that stands, not to this one
    show(refused);
    try {
      found = await ask("search", { ...asked, limit: PAGE, values: whole.size ? 300 : 30 });
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!error.problem) throw error;
      for (const old of [count, list, others]) show(old);
      side.hidden = more.hidden = csv.hidden = true;
      show(chosen, trouble(error), el("button", { type: "button", onclick: reset }, t("clear")));
      return;
    }
    shown = found.cards.length;
    show(count, t("results", number(found.total)), el("small", {}, ` ${t("inTime", number(found.milliseconds))}`));
    side.hidden = csv.hidden = false;
    csv.href = `/api/search.csv${query(asked)}`;
    show(list, found.cards.map(card), found.total === 0 && el("li", { class: "empty" }, t("none")));
    more.hidden = shown >= found.total;
    more.disabled = false;
    show(others, !found.text_ready && el("p", { class: "notice" }, t("notReady")), suggestions(found.suggestions));
    show(chosen, chips(found));
    facets(found);
    regain();
    say(t("results", number(found.total)));
  }

  async function next() {
    let found;
    show(refused);
    try {
      found = await ask("search", { ...asked, limit: PAGE, offset: shown });
    } catch (error) {
      if (error.name !== "AbortError") show(refused, trouble(error));
      return;
    }
    shown += found.cards.length;
    const cards = found.cards.map(card);
    list.append(...cards);
    more.hidden = shown >= found.total;
    if (more.hidden) cards[0]?.querySelector("a").focus({ preventScroll: true });
  }

  function reset() {
    box.value = "";
    change({ q: "", status: "", since: "", until: "", min_confidence: "", stated_only: false, ...Object.fromEntries(KINDS.map((kind) => [kind, []])) });
  }

  function toggle(kind, id) {
    const has = asked[kind].includes(id);
    // Places hold each other: choosing one takes the place of another. Of concepts several may be chosen.
    const next = has ? asked[kind].filter((each) => each !== id) : kind === "region" ? [id] : [...asked[kind], id];
    change({ [kind]: next });
  }

  function chips(found) {
    const made = [];
    for (const kind of KINDS) {
      for (const id of asked[kind]) {
        const value = found.facets[kind].find((each) => each.id === id);
        const label = value ? (kind === "region" ? value.path.join(" › ") : named(value)) : id;
        made.push(el("button", { type: "button", class: `chip slot-${kind}s`, "data-key": `chip ${made.length}`, "aria-label": t("remove", label), onclick: () => toggle(kind, id) }, label, el("span", { "aria-hidden": "true" }, " ×")));
      }
    }
    const off = (words, some) => made.push(el("button", { type: "button", class: "chip", "data-key": `chip ${made.length}`, onclick: () => change(some) }, `${words} ×`));
    if (asked.status) off(t(asked.status), { status: "" });
    if (asked.since || asked.until) off(`${asked.since || "…"} – ${asked.until || "…"}`, { since: "", until: "" });
    if (asked.min_confidence) off(`${t("confidence")} ${asked.min_confidence}`, { min_confidence: "" });
    if (asked.stated_only) off(t("stated"), { stated_only: false });
    if (made.length) made.push(el("button", { type: "button", class: "link", "data-key": `chip ${made.length}`, onclick: reset }, t("clear")));
    return made;
  }

  function suggestions(found) {
    if (!found.length) return null;
    return [el("span", { class: "quiet" }, `${t("alsoFound")} `), found.slice(0, 12).map((each) =>
      each.kind === "article"
        ? el("a", { class: "chip", href: `/article?file=${encodeURIComponent(each.id)}` }, `${t("article")}: ${each.label}`)
        : el("button", { type: "button", class: `chip slot-${each.kind}s`, "data-key": `also ${each.id}`, onclick: () => { box.value = ""; asked = { ...asked, q: "" }; if (!asked[each.kind].includes(each.id)) toggle(each.kind, each.id); else change({}); } },
          `${t(each.kind)}: ${each.kind === "region" ? each.path.join(" › ") : named(each)} (${number(each.practices)})`))];
  }

  function facets(found) {
    for (const kind of KINDS) show(lists[kind], kind === "region" ? tree(found.facets.region) : values(kind, found.facets[kind]));
    const years = Object.entries(found.years).filter(([year]) => year);
    show(yearList, years.map(([year, n]) => item(year, n, asked.since === year && asked.until === year, () => change(asked.since === year && asked.until === year ? { since: "", until: "" } : { since: year, until: year }))));
    show(statusList, ["achieved", "planned"].map((each) => item(t(each), found[each], asked.status === each, () => change({ status: asked.status === each ? "" : each }), each)));
    for (const [field, value] of [[since, asked.since], [until, asked.until], [least, asked.min_confidence || "0"]]) if (field !== document.activeElement) field.value = value;
    told.textContent = asked.min_confidence || "0";
    certain.checked = asked.stated_only;
  }

  function group(key, title, content, hint = "") {
    return el("details", { class: "facet", open: open.has(key), ontoggle: (event) => { if (event.target.open) open.add(key); else open.delete(key); } }, el("summary", { title: hint }, title), content);
  }

  function item(label, n, on, act, key = label, depth = 0) {
    return el("li", { style: { "--depth": depth } }, el("button", { type: "button", "data-key": `facet ${key}`, "aria-pressed": on ? "true" : "false", onclick: act }, el("span", { class: "what" }, label), el("span", { class: "count" }, number(n))));
  }

  function values(kind, found) {
    const some = whole.has(kind) ? found : found.filter((value, place) => place < SHORT || asked[kind].includes(value.id));
    return [
      el("ul", {}, some.map((value) => item(named(value), value.practices, asked[kind].includes(value.id), () => toggle(kind, value.id), value.id))),
      unfold(kind, found.length - SHORT),
    ];
  }

  /** The button that shows so many more of a kind, and hides them again. */
  function unfold(kind, hidden) {
    return hidden > 0 && el("button", { type: "button", class: "link", "data-key": `more ${kind}`, onclick: () => { if (whole.has(kind)) whole.delete(kind); else whole.add(kind); run(); } }, whole.has(kind) ? t("fewer") : t("moreValues", number(hidden)));
  }

  /** The provinces; below the chosen place its own parts, and all places that hold it stay. */
  function tree(found) {
    const chosenPath = found.find((value) => value.id === asked.region[0])?.path ?? [];
    const key = chosenPath.join("/");
    const visible = found.filter((value) => {
      const above = value.path.slice(0, -1).join("/");
      return value.path.length === 1 || key === above || `${key}/`.startsWith(`${above}/`) && above !== "";
    });
    visible.sort((one, other) => compareTrees(one, other, found));
    const hidden = chosenPath.length ? 0 : visible.length - PROVINCES;
    const some = whole.has("region") || hidden <= 0 ? visible : visible.slice(0, PROVINCES);
    return [
      el("ul", { class: "tree" }, some.map((value) => item(value.label, value.practices, asked.region.includes(value.id), () => toggle("region", value.id), value.id, value.path.length - 1))),
      unfold("region", hidden),
    ];
  }

  typed(box, () => change({ q: box.value.trim() }, true), 120);
  order.addEventListener("change", () => change({ sort: order.value }));
  await run();
  if (!asked.q && document.activeElement === document.body && matchMedia("(min-width: 800px)").matches) box.focus();
}

function compareTrees(one, other, found) {
  const counts = new Map(found.map((value) => [value.path.join("/"), value.practices]));
  for (let depth = 1; ; depth += 1) {
    if (one.path.length < depth || other.path.length < depth) return one.path.length - other.path.length;
    const a = one.path.slice(0, depth).join("/"), b = other.path.slice(0, depth).join("/");
    if (a !== b) return (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a.localeCompare(b);
  }
}

export function card(found) {
  return el("li", { class: "card" },
    el("h2", {}, el("a", { href: `/practice?id=${encodeURIComponent(found.id)}` }, found.label), found.planned && el("span", { class: "tag" }, t("planned"))),
    el("p", { class: "quiet" }, [found.place.join(" › ") || t("placeUnknown"), found.first_day, found.articles > 1 && t("nArticles", found.articles)].filter(Boolean).join(" · ")),
    found.sentence && el("blockquote", {}, sentence(found.sentence.text, found.sentence.start, found.sentence.end)),
    found.formats.length > 0 && el("p", { class: "chips" }, found.formats.map((each) => el("span", { class: "chip slot-formats" }, named(each)))));
}

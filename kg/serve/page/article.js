// The reading view: the text with all its spans, linked both ways with what was read from them.

import { ask, trouble } from "./api.js";
import { el, say, show } from "./dom.js";
import { t } from "./words.js";

export async function draw(main) {
  const given = new URLSearchParams(location.search);
  const file = given.get("file") ?? "";
  const found = await ask("article", { file });
  document.title = `${found.article.title} · ${t("name")}`;
  const names = new Map(found.practices.map((each) => [each.id, each.label]));
  const text = el("div", { class: "text", lang: "zh", tabindex: 0 });
  const record = el("div", { class: "record" });
  const tabs = ["clean", "original"].map((which) => el("button", { type: "button", role: "tab", id: `tab-${which}`, "aria-controls": "text", "aria-selected": which === "clean" ? "true" : "false",
    disabled: which === "original" && !found.original, title: which === "original" && !found.original ? t("originalGone") : null, onclick: () => turn(which) }, t(which)));
  text.id = "text";

  show(main,
    el("article", { class: "reading" },
      el("h1", {}, found.article.title),
      el("p", { class: "quiet" }, [found.article.publisher, found.article.published, found.article.file, found.article.repost_of && t("repost", found.article.repost_of)].filter(Boolean).join(" · "),
        found.article.url && [" · ", el("a", { href: found.article.url, rel: "noreferrer noopener", target: "_blank" }, t("visit"))]),
      el("div", { class: "tabs", role: "tablist" }, tabs),
      el("div", { class: "beside" }, text, el("aside", { "aria-labelledby": "recorded" }, el("h2", { id: "recorded" }, t("record")), legend(found.marks), record)),
      found.notes.length > 0 && el("section", {}, el("h2", {}, t("notes")), el("ul", {}, found.notes.map((note) => el("li", {}, note))))));

  // Marks are told apart by where they stand in the clean text, in both views.
  const keyed = (marks) => marks.map((mark) => ({ ...mark, key: `${mark.practice}|${mark.slot}|${mark.label}` }));
  const clean = numbered(keyed(found.marks));
  let views = { clean: { text: found.text, marks: clean } };

  async function turn(which) {
    let failed = null;
    try {
      if (!views[which]) {
        const original = await ask("original", { file });
        views.original = { text: original.text, marks: numbered(keyed(original.marks)) };
      }
    } catch (error) {
      failed = error;
    }
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.id === `tab-${which}`));
    text.classList.toggle("raw", which === "original");
    show(text, failed ? trouble(failed) : pieces(views[which].text, views[which].marks, point));
  }

  function point(ids, from) {
    for (const old of main.querySelectorAll(".lit")) old.classList.remove("lit");
    const here = [...main.querySelectorAll("[data-ids]")].filter((node) => node.dataset.ids.split(" ").some((id) => ids.includes(id)));
    for (const node of here) node.classList.add("lit");
    const across = here.find((node) => (from === "text") !== text.contains(node));
    across?.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const first = clean.find((mark) => ids.includes(mark.id));
    if (first) say(`${t(first.slot)} · ${names.get(first.practice)}`);
  }

  show(record, found.practices.length ? found.practices.map((practice) => entry(practice, clean.filter((mark) => mark.practice === practice.id), found.text, point)) : el("p", {}, t("nothing")));
  await turn("clean");
  const at = given.get("at")?.split("-").map(Number);
  if (at) {
    const ids = clean.filter((mark) => mark.start === at[0] && mark.end === at[1]).map((mark) => mark.id);
    const target = [...text.querySelectorAll("[data-ids]")].find((node) => node.dataset.ids.split(" ").some((id) => ids.includes(id)));
    point(ids, "text");
    target?.scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  }
}

/** Gives equal marks of the two texts equal ids: the n-th of a practice, slot and label, in the order of the text. */
function numbered(marks) {
  const seen = new Map();
  const order = new Map();
  return marks.map((mark) => {
    const turn = (seen.get(mark.key) ?? 0) + 1;
    seen.set(mark.key, turn);
    const key = `${mark.key}|${turn}`;
    if (!order.has(key)) order.set(key, `m${hash(key)}`);
    return { ...mark, id: order.get(key) };
  });
}

function hash(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum.toString(36);
}

function pieces(text, marks, point) {
  const points = Array.from(text);
  const cuts = [...new Set([0, points.length, ...marks.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  const made = [];
  for (let place = 0; place + 1 < cuts.length; place += 1) {
    const [start, end] = [cuts[place], cuts[place + 1]];
    const words = points.slice(start, end).join("");
    const over = marks.filter((mark) => mark.start <= start && end <= mark.end);
    if (!over.length) {
      made.push(words);
      continue;
    }
    // Spans may cross or lie in each other: the innermost gives the colour, the piece answers for all.
    const inner = over.reduce((one, other) => (other.end - other.start < one.end - one.start ? other : one));
    const ids = [...new Set(over.map((mark) => mark.id))];
    const act = () => point(ids, "text");
    made.push(el("mark", { class: `slot-${inner.slot}`, tabindex: 0, role: "button", "data-ids": ids.join(" "), title: over.map((mark) => `${t(mark.slot)}${mark.label ? ` → ${mark.label}` : ""} (${mark.rule}, ${mark.confidence})`).join("\n"), onclick: act,
      onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); } } }, words));
  }
  return made;
}

function legend(marks) {
  const slots = [...new Set(marks.map((mark) => mark.slot))];
  return el("p", { class: "legend" }, slots.map((slot) => el("mark", { class: `slot-${slot}` }, t(slot))));
}

function entry(practice, marks, text, point) {
  const points = Array.from(text);
  const slots = [...new Set(marks.map((mark) => mark.slot))].filter((slot) => slot !== "programme");
  return el("section", { class: "entry" },
    el("h3", {}, practice.only_here ? [practice.label, " ", el("small", { class: "quiet" }, t("onlyRepost"))] : el("a", { href: `/practice?id=${encodeURIComponent(practice.id)}` }, practice.label)),
    el("dl", {}, slots.map((slot) => [el("dt", {}, t(slot)), el("dd", { class: "chips" }, marks.filter((mark) => mark.slot === slot).map((mark) => {
      const words = points.slice(mark.start, mark.end).join("");
      return el("button", { type: "button", class: `chip slot-${slot}`, "data-ids": mark.id, onclick: () => point([mark.id], "record") }, words, mark.label && mark.label !== words && el("small", {}, ` → ${mark.label}`), mark.inferred && el("small", {}, ` ${t("inferred")}`));
    }))])));
}

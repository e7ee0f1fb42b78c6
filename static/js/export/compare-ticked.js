// Two exchanges that are ticked in the list of an export, compared in the browser by what the search knows of them: the
// texts of their messages and calls, who was asked and how, with which tools, and how the answer ended. A server
// compares arguments and results by their keys as well.
/* global Page, SearchIndex, Site, View */
"use strict";
(() => {
  const { $, $$, detail, pane, toast } = Page;
  const { counted, el, visible } = View;
  const LARGEST = 4_000_000;  // pairs of words, or of messages, that are looked at to find what is the same
  let picked = [];  // the two that were ticked last

  // ------------------------------------------------------------ the boxes

  function show() {
    for (const row of $$("#list .row[data-uid]", pane())) {
      const { uid } = row.dataset;
      const box = row.previousElementSibling?.matches(".pick") ? row.previousElementSibling : el("input", {
        type: "checkbox", className: "pick", value: uid, "aria-label": `Compare: ${$(".model", row)?.textContent ?? uid}`,
      });
      if (!box.isConnected) row.before(box);
      box.checked = picked.includes(uid);
    }
    const list = $("#list");
    if (!list || $("#picked") || !$(".pick", list)) return;
    list.append(el("form", { className: "picked", id: "picked" }, el("button", {}, "Compare what is ticked"),
      el("button", { type: "reset", className: "plain", title: "Tick none", "aria-label": "Tick none" }, "×")));
  }

  function pick(uid, isPicked) {
    picked = [...picked.filter((one) => one !== uid), ...(isPicked ? [uid] : [])].slice(-2);
    show();
  }

  // ------------------------------------------------------------ what differs

  // What two lists have in common, in order, as [kind, elements]: same, gone and come. Null where they are too long.
  function aligned(before, after) {
    let head = 0;
    while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
    let tail = 0;
    while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    const old = before.slice(head, before.length - tail);
    const now = after.slice(head, after.length - tail);
    if (old.length * now.length > LARGEST) return null;
    const best = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = now.length - 1; j >= 0; j -= 1) best[i][j] = old[i] === now[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
    const found = [];
    const put = (kind, one) => (found.at(-1)?.[0] === kind ? found.at(-1)[1].push(one) : found.push([kind, [one]]));
    for (const one of before.slice(0, head)) put("same", one);
    for (let i = 0, j = 0; i < old.length || j < now.length;) {
      if (i < old.length && j < now.length && old[i] === now[j]) { put("same", old[i]); i += 1; j += 1; }
      else if (j >= now.length || (i < old.length && best[i + 1][j] >= best[i][j + 1])) { put("gone", old[i]); i += 1; }
      else { put("come", now[j]); j += 1; }
    }
    for (const one of tail ? before.slice(-tail) : []) put("same", one);
    return found;
  }

  const marked = { same: (text) => visible(text), gone: (text) => el("del", {}, visible(text)), come: (text) => el("ins", {}, visible(text)) };
  const words = (text) => text.match(/\s+|[^\s]+/g) ?? [];

  function texts(before, after) {
    const found = aligned(words(before), words(after)) ?? [["gone", [before]], ["come", [after]]];
    const nodes = found.map(([kind, all]) => marked[kind](all.join("")));
    return el("div", { className: "texts" }, el("pre", { className: "plain now" }, nodes));
  }

  // ------------------------------------------------------------ the page

  const ROLES = { reply: "assistant", call: "assistant", reasoning: "assistant", result: "tool" };

  function message(place, ...shown) {
    return el("div", { className: `message pair role-${ROLES[place] ?? place}`, "data-change": "" },
      el("header", {}, el("span", { className: "role" }, place)), el("div", { className: "parts" }, shown));
  }

  function bar(all) {
    const lines = all.map(({ place, text }) => el("li", {}, el("span", { className: "role" }, place), " ", visible(text.slice(0, 140))));
    return el("details", { className: "unchanged same-messages" }, el("summary", {}, `${counted(all.length, "text")} the same`), el("ol", {}, lines));
  }

  // What went and came between two stretches that are the same: texts of one place are a pair.
  function differing(gone, come) {
    const left = [...come];
    const pairs = gone.map((old) => {
      const at = left.findIndex(({ place }) => place === old.place);
      const now = at < 0 ? null : left.splice(at, 1)[0];
      return message(old.place, texts(old.text, now?.text ?? ""));
    });
    return [...pairs, ...left.map(({ place, text }) => message(place, texts("", text)))];
  }

  function rows(before, after) {
    const key = (one) => `${one.place}\u0000${one.text}`;
    const byKey = new Map([...before, ...after].map((one) => [key(one), one]));
    const found = aligned(before.map(key), after.map(key)) ?? [["gone", before.map(key)], ["come", after.map(key)]];
    const shown = [];
    let waiting = { gone: [], come: [] };
    const settle = () => { shown.push(...differing(waiting.gone, waiting.come)); waiting = { gone: [], come: [] }; };
    for (const [kind, keys] of found) {
      const all = keys.map((one) => byKey.get(one));
      if (kind !== "same") { waiting[kind].push(...all); continue; }
      settle();
      shown.push(bar(all));
    }
    settle();
    return shown;
  }

  function card(uid, row, sign) {
    return el("div", { className: `side ${sign}` }, el("span", { className: "sign", "aria-hidden": "true" }, sign === "gone" ? "−" : "+"),
      el("p", {}, el("a", { href: Site.href(`e/${uid}.html`) }, el("b", {}, row?.querySelector(".model")?.textContent ?? uid)),
        ...[...(row?.querySelectorAll(".facts > *") ?? [])].flatMap((one) => [" ", el("span", { className: "why" }, one.textContent)])),
      el("p", { className: "where-line" }, row?.querySelector(".asked")?.textContent.replace(/^user/, "") ?? ""));
  }

  // What differs beside texts, a line each, as a server's page begins with it.
  const ASKED = ["operation", "provider", "model"];
  const ANSWERED = ["finish", "status"];

  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const NONE = Symbol("none");

  // The values at which two JSON values differ, by the keys that lead there.
  function edits(path, before, after) {
    if (isObject(before) && isObject(after)) {
      return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
        const [old, now] = [before, after].map((one) => (Object.hasOwn(one, key) ? one[key] : NONE));
        return edits([...path, key], old, now);
      });
    }
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      return before.flatMap((one, at) => edits([...path, at], one, after[at]));
    }
    const isSame = before !== NONE && after !== NONE && JSON.stringify(before) === JSON.stringify(after);
    return isSame ? [] : [[path.join("."), before, after]];
  }

  const MOST = 120;  // characters of a value in a line
  const json = (value) => (value === NONE ? "absent" : JSON.stringify(value));
  function inShort(before, after) {
    const [old, now] = [json(before), json(after)];
    let head = 0;
    while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1;
    const from = Math.max(old.length, now.length) > MOST && head > MOST / 2 ? head - MOST / 4 : 0;
    return [old, now].map((text) => (from ? "…" : "") + text.slice(from, from + MOST) + (text.length > from + MOST ? "…" : ""));
  }

  // Settings and definitions that differ, by their keys: `temperature 0.7 → 0.2`, `tool fog_bell added`.
  function asks(asked, both) {
    const ways = both.map((at) => asked.ways[asked.of[at]] ?? []);
    const settings = ways.map(([first]) => asked.settings[first] ?? {});
    const tools = ways.map(([, ...numbers]) => Object.fromEntries(numbers.map((number) => asked.tools[number])));
    const told = (label, [key, before, after]) => {
      if (label && (before === NONE || after === NONE) && Object.hasOwn(tools[before === NONE ? 1 : 0], key)) return `tool ${key} ${before === NONE ? "added" : "gone"}`;
      return `${label}${key} ${inShort(before, after).join(" → ")}`;
    };
    return [...edits([], ...settings).map((one) => told("", one)), ...edits([], ...tools).map((one) => told("tool ", one))]
      .map((text) => el("li", { className: "side-request" }, el("span", { className: "what" }, "request"), el("span", {}, visible(text))));
  }

  function lines(index, both) {
    const nameOf = ({ names, of }, at) => names[of[at]];  // -1 where there is none
    const valueOf = (column, at) => (index.names[column] ? nameOf(index.names[column], at) : index.numbers[column][at]);
    const told = [
      ...ASKED.map((column) => ["request", column, both.map((at) => valueOf(column, at))]),
      ...ANSWERED.map((column) => ["answer", column, both.map((at) => valueOf(column, at))]),
    ];
    const shown = (value) => visible(String(value ?? "") || "none");
    return told.filter(([, , [before, after]]) => before !== after).map(([side, what, [before, after]]) =>
      el("li", { className: `side-${side}` }, el("span", { className: "what" }, side), el("span", {}, `${what}: `, shown(before), " → ", shown(after))));
  }

  async function compare() {
    const index = await SearchIndex.ready();
    const { messages, of } = await SearchIndex.heard();
    const numbers = picked.map((uid) => index.numberOf.get(uid));
    const pieces = await SearchIndex.rows(numbers);
    const said = numbers.map((at) => of[at].flatMap((number) => messages[number]).filter(({ place }) => place !== "name"));
    const cards = picked.map((uid, at) => card(uid, View.parsed(pieces.row(numbers[at])), at ? "come" : "gone"));
    const found = rows(...said);
    const beside = [...lines(index, numbers), ...asks(await Site.data("asked"), numbers)];
    const isSame = !found.some((one) => one.matches(".message"));
    const before = [...detail().childNodes];
    const { className } = $("#panes");
    const back = () => { detail().replaceChildren(...before); $("#panes").className = className; };
    detail().replaceChildren(el("article", { className: "view compare", id: "view", data: { view: "one" } },
      el("header", { className: "head" }, el("p", {}, el("button", { type: "button", className: "tool", onclick: back }, "‹ back")), el("h1", {}, isSame ? "The same words" : "Other words"), el("div", { className: "sides" }, cards),
        ...(beside.length ? [el("ol", { className: "differences" }, beside)] : []),
        el("p", { className: "why" }, "By their texts, settings and tool definitions. A server compares arguments and results by their keys as well, and so does ", el("code", {}, "inspector diff"), ".")),
      el("div", { className: "timeline" }, found)));
    detail().scrollTop = 0;
    $("#panes").classList.replace("at-list", "at-detail");
    picked = [];
    show();
    document.dispatchEvent(new Event("offline:marked"));
  }

  pane().addEventListener("change", ({ target }) => { if (target.matches(".pick")) pick(target.value, target.checked); });
  pane().addEventListener("click", ({ target }) => { if (target.closest("#picked [type=reset]")) { picked = []; show(); } });
  pane().addEventListener("submit", (event) => {
    if (event.target.id !== "picked") return;
    event.preventDefault();
    if (picked.length === 2) compare();
    else toast("Tick two exchanges");
  });
  new MutationObserver(show).observe(pane(), { childList: true, subtree: true });
  show();
})();

// Marks in an exported page what was searched, in the texts between its tags; `hits.js` walks them. On a server the
// pages come with them: see inspector/web/exchange/search_marks.py.
/* global Grammar, Page, Queries, Site, Words */
"use strict";
(() => {
  const { $$, detail } = Page;
  const MOST = 500;  // marks in one text
  const TEXTS = ".md, pre.plain, pre.code, .call > .label > b";
  const INLINE = new Set(["A", "ABBR", "B", "CODE", "DEL", "EM", "I", "MARK", "S", "SMALL", "SPAN", "STRONG", "SUB", "SUP", "WBR"]);
  const OF_ROLE = { system: "system", user: "user", assistant: "reply", tool: "result" };

  // Where a text was said, as `in:` names it; nothing for what nobody said.
  function placeOf(element) {
    if (element.dataset.place) return element.dataset.place;
    const part = element.closest(".call, .result, .reasoning");
    if (part) return ["call", "result", "reasoning"].find((name) => part.classList.contains(name));
    const message = element.closest(".message");
    const role = message && Object.keys(OF_ROLE).find((name) => message.classList.contains(`role-${name}`));
    return role && OF_ROLE[role];
  }

  // The texts of an element with where each begins in the whole, in which blocks stand on lines of their own.
  function read(element) {
    const nodes = [];
    let whole = "";
    (function walk(parent) {
      for (const node of parent.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) {
          nodes.push([node, whole.length]);
          whole += node.data;
        } else if (node.nodeType === Node.ELEMENT_NODE) {
          const edge = INLINE.has(node.tagName) ? "" : "\n";
          whole += edge;
          walk(node);
          whole += edge;
        }
      }
    })(element);
    return [nodes, whole];
  }

  function mark(element, marker) {
    const [nodes, whole] = read(element);
    const spans = marker.spans(whole, placeOf(element), MOST);
    let at = 0;
    for (const [node, begin] of nodes) {
      const end = begin + node.data.length;
      while (at < spans.length && spans[at][1] <= begin) at += 1;
      const here = [];
      for (let next = at; next < spans.length && spans[next][0] < end; next += 1) here.push(spans[next]);
      for (const [from, to] of here.reverse()) {  // from the end, so that places stay as they are
        const rest = node.splitText(Math.max(from - begin, 0));
        if (to < end) rest.splitText(to - Math.max(from, begin));
        const made = document.createElement("mark");
        made.className = "hit";
        rest.replaceWith(made);
        made.append(rest);
      }
    }
    if (spans.length) element.closest("details.reasoning, details.long-text")?.setAttribute("open", "");
  }

  function unmark() {
    for (const made of $$("mark.hit", detail())) {
      const parent = made.parentNode;
      made.replaceWith(...made.childNodes);
      parent.normalize();
    }
  }

  function markerOf(query) {
    try {
      return Words.marker(Queries.wanted({ tree: Grammar.parse(query)[0] }));
    } catch {
      return null;  // half a query
    }
  }

  // Marks what a query looks for, and lets the links to further pages of the same exchanges carry it along.
  function show(query) {
    unmark();
    const marker = query ? markerOf(query) : null;
    if (marker) for (const element of $$(TEXTS, detail())) if (placeOf(element)) mark(element, marker);
    const first = detail().querySelector("mark.hit");
    if (first) first.id = "hit";
    for (const link of $$(".edge a, .cut a, .tabs a, .step a", detail())) carry(link, query);
    document.dispatchEvent(new Event("offline:marked"));
  }

  function carry(link, query) {
    const [, file, place] = /^(#?[^?#:]*\.html)(?:\?[^#:]*)?([#:].*)?$/.exec(link.getAttribute("href") ?? "") ?? [];
    if (file) link.setAttribute("href", file + (query ? `?${new URLSearchParams({ q: query })}` : "") + (place ?? ""));
  }

  document.addEventListener("offline:query", ({ detail: query }) => { if (!Site.isHome()) show(query); });
  document.addEventListener("site:preview", ({ detail: query }) => show(query));
  document.addEventListener("site:page", () => show(Site.query()));
  if (Site.query()) show(Site.query());
})();

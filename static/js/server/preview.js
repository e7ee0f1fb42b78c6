// Beside what a search found stands the first of it, as far as there is room: the list keeps the focus.
/* global List */
"use strict";
const Preview = (() => {
  const $ = (selector) => document.querySelector(selector);
  const box = () => $("#preview");
  let under_way = null;

  // Shows the first row of the list, or nothing where nothing is searched.
  async function show() {
    under_way?.abort();
    const row = $("#list .groups .row");
    if (!box() || !List.isHome()) return;
    if (!row || !new URL(location.href).searchParams.get("q")) { box().hidden = true; return; }
    box().hidden = false;
    if (!box().checkVisibility()) return;  // one pane: nobody would see it
    const { signal } = under_way = new AbortController();
    try {
      const answer = await fetch(row.href, { signal, headers: { "HX-Request": "true", "HX-Request-Type": "partial", "X-Root": List.root } });
      const view = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("view");
      if (!view || signal.aborted || !box()) return;
      for (const name of ["id", "hx-get", "hx-trigger", "hx-swap"]) view.removeAttribute(name);  // it is no page, and stays as it is
      await htmx.swap({ sourceElement: box(), target: box(), text: view.outerHTML, swap: "innerHTML show:none" });
      const mark = $("#preview mark.hit");
      if (mark && mark.getBoundingClientRect().bottom > innerHeight) mark.scrollIntoView({ block: "center" });
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;  // offline: the page says so
    }
  }

  show();
  return { show };
})();

// Two exchanges are picked in the list, by their boxes or with the key c, and compared. What is picked is kept for as
// long as the tab, so that the other one may stand in another window of the list.
/* global Page */
"use strict";
(() => {
  const { $, $$, pane } = Page;
  const KEY = "inspector-compare";
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;

  const kept = {
    get: () => { try { return sessionStorage.getItem(KEY)?.split(" ").filter(Boolean) ?? []; } catch { return []; } },
    set: (uids) => { try { sessionStorage.setItem(KEY, uids.join(" ")); } catch { /* private mode */ } },
  };

  // The exchange that is meant: of the row that has the focus, of the page that is open, or of the row that is marked.
  function meant() {
    const row = document.activeElement?.closest?.("#list .row") ?? $("#list .row[aria-current]");
    return row?.dataset.uid ?? $("#view")?.dataset.uid ?? null;
  }

  function show() {
    const uids = kept.get();
    for (const box of $$(".pick", pane())) box.checked = uids.includes(box.value);
  }

  // The two that were picked last.
  function pick(uid, isPicked) {
    kept.set([...kept.get().filter((one) => one !== uid), ...(isPicked ? [uid] : [])].slice(-2));
    show();
  }

  function compare() {
    const uids = kept.get();
    kept.set([]);
    show();
    const link = document.createElement("a");  // a click that htmx hears of keeps the list as it is
    link.href = `${root}compare/${uids.join("/")}`;
    const view = $("#view");
    if (!view || !window.htmx) { location.assign(link.href); return; }
    link.className = "hidden";
    view.append(link);
    htmx.process(link);
    link.click();
    link.remove();
  }

  Page.keys.c = () => {
    const uid = meant();
    if (!uid) return;
    const isPicked = !kept.get().includes(uid);
    pick(uid, isPicked);
    if (kept.get().length === 2) compare();
    else Page.toast(isPicked ? "Press c on another exchange to compare the two" : "Not compared");
  };

  pane().addEventListener("change", ({ target }) => { if (target.matches(".pick")) pick(target.value, target.checked); });
  pane().addEventListener("reset", ({ target }) => { if (target.id === "picked") kept.set([]); });
  pane().addEventListener("submit", (event) => {
    if (event.target.id !== "picked") return;
    event.preventDefault();
    compare();
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();

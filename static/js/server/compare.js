// Two exchanges are chosen with the key c, one after the other, and compared. The first is kept for as long as the tab.
/* global Page */
"use strict";
(() => {
  const { $, $$ } = Page;
  const KEY = "inspector-compare";
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;

  const kept = {
    get: () => { try { return sessionStorage.getItem(KEY); } catch { return null; } },
    set: (uid) => { try { uid ? sessionStorage.setItem(KEY, uid) : sessionStorage.removeItem(KEY); } catch { /* private mode */ } },
  };

  // The exchange that is meant: of the row that has the focus, of the page that is open, or of the row that is marked.
  function meant() {
    const row = document.activeElement?.closest?.("#list .row") ?? $("#list .row[aria-current]");
    return row?.dataset.uid ?? $("#view")?.dataset.uid ?? null;
  }

  function show() {
    const first = kept.get();
    for (const row of $$("#list .row")) row.classList.toggle("chosen", row.dataset.uid === first);
  }

  Page.keys.c = () => {
    const uid = meant();
    const first = kept.get();
    if (!uid) return;
    if (!first || first === uid) {
      kept.set(first ? "" : uid);
      show();
      Page.toast(first ? "Not compared" : "Press c on another exchange to compare the two");
      return;
    }
    kept.set("");
    const link = document.createElement("a");  // a click that htmx hears of keeps the list as it is
    link.href = `${root}compare/${first}/${uid}`;
    const view = $("#view");
    if (view && window.htmx) {
      link.className = "hidden";
      view.append(link);
      htmx.process(link);
      link.click();
      link.remove();
    } else {
      location.assign(link.href);
    }
    show();
  };

  document.addEventListener("htmx:after:swap", show);
  show();
})();

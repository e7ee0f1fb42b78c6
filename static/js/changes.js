// Which changes somebody has looked at, remembered in this browser until they say something else.
/* global Page */
"use strict";
(() => {
  const { $, $$ } = Page;
  const KEY = "inspector-viewed";
  const MOST = 5000;  // changes that are remembered, the last ones

  function kept() {
    try { return new Map(JSON.parse(localStorage.getItem(KEY) || "[]")); } catch { return new Map(); }
  }

  function keep(changes, isViewed) {
    const known = kept();
    for (const { dataset } of changes) {
      known.delete(dataset.review);
      if (isViewed) known.set(dataset.review, dataset.print);
    }
    try { localStorage.setItem(KEY, JSON.stringify([...known].slice(-MOST))); } catch { /* private mode */ }
  }

  function show() {
    const all = $$(".change[data-review]");
    if (!all.length) return;
    const known = kept();
    for (const one of all) {
      const isViewed = known.get(one.dataset.review) === one.dataset.print;
      one.classList.toggle("is-viewed", isViewed);
      $("input", one).checked = isViewed;
    }
    for (const button of $$("[data-view-all]")) {
      const own = [...button.closest(".change-kind").querySelectorAll(".change")];
      const left = own.filter((one) => !one.classList.contains("is-viewed")).length;
      button.textContent = left ? "All viewed" : "None viewed";
      button.dataset.viewAll = left ? "1" : "";
    }
    const count = $("#viewed-count");
    const matter = all.filter((one) => !("quiet" in one.dataset));  // nobody has to look at noise
    const viewed = matter.filter((one) => one.classList.contains("is-viewed")).length;
    if (count) count.textContent = matter.length ? `${viewed} of ${matter.length} viewed` : "";
  }

  document.addEventListener("change", (event) => {
    const change = event.target.closest?.(".change .viewed input") && event.target.closest(".change");
    if (!change) return;
    keep([change], event.target.checked);
    show();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-view-all]");
    if (!button) return;
    keep(button.closest(".change-kind").querySelectorAll(".change"), !!button.dataset.viewAll);
    show();
  });
  addEventListener("storage", show);
  for (const event of ["htmx:after:swap", "site:page"]) document.addEventListener(event, show);
  show();
})();

// The row of what is open is marked in the list.
"use strict";
const SelectedRow = (() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector) => document.querySelectorAll(selector);
  const pane = () => $("#pane");

  // The row of the exchange, or the name of the test, session or file; that too where rows are not shown.
  function find() {
    const { uid, group } = $("#view")?.dataset ?? {};
    const row = uid && document.getElementById(`x-${uid}`);
    const name = group && $(`#list .group[data-path="${CSS.escape(group)}"] > h2 > a`);
    const isThere = row && (row.checkVisibility() || row.closest("details:not([open]), [hidden]") || !pane().checkVisibility());
    return isThere ? row : name ?? row;
  }

  // Its group is told as well: a style that asked what a group holds would draw the whole list again with each step.
  function mark(line) {
    unmark();
    line.setAttribute("aria-current", "true");
    const group = line.closest(".group");
    group?.classList.add("is-open");
    if (line.matches("h2 > a, h2 + .row, h2 + .pick + .row")) $(":scope > h2", group)?.classList.add("is-current");
  }

  function unmark() {
    for (const line of $$(".row[aria-current], #list h2 > a[aria-current]")) line.removeAttribute("aria-current");
    for (const group of $$("#list .group.is-open")) group.classList.remove("is-open");
    for (const name of $$("#list h2.is-current")) name.classList.remove("is-current");
  }

  function isSeen(line) {
    const { top, bottom } = line.getBoundingClientRect();
    const box = pane().getBoundingClientRect();
    return top >= box.top && bottom <= box.bottom;
  }

  return { find, mark, unmark, isSeen };
})();

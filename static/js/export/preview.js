// Beside what a search found stands the first of it, as far as there is room: the list keeps the focus. It looks as the
// server's does, see static/js/server/preview.js.
/* global Site */
"use strict";
const Preview = (() => {
  // Shows the page of a row, or nothing where nothing is searched.
  function show(row, query) {
    const box = document.getElementById("preview");
    if (!box) return;
    box.hidden = !row;
    const isSeen = row && box.checkVisibility();  // in one pane nobody would see it
    if (isSeen) Site.preview(box, row.getAttribute("href"), query);
    else box.replaceChildren();
  }

  return { show };
})();

// The tab of a stream: its strip leads to chunks, the text follows them, and either shows where the other is.
/* global Page */
"use strict";
(() => {
  const { $, $$, detail } = Page;
  const go = (number) => { location.hash = `c${number}`; };

  document.addEventListener("click", (event) => {
    const strip = event.target.closest?.(".stream-strip svg");
    if (!strip) return;
    const { left, width } = strip.getBoundingClientRect();
    const { total } = strip.closest(".stream-strip").dataset;
    go(Math.min(Math.floor(((event.clientX - left) / width) * total), total - 1));
  });

  let lit = null;
  function light(number) {
    const piece = $(`.grown .piece[href="#c${number}"]`);
    if (piece === lit) return;
    lit?.classList.remove("lit");
    lit = piece;
    if (!piece) return;
    piece.classList.add("lit");
    const pane = piece.closest(".grown");
    const { top, bottom } = pane.getBoundingClientRect();
    const at = piece.getBoundingClientRect();
    if (at.top < top || at.bottom > bottom) pane.scrollTop += at.top - top - pane.clientHeight / 3;
  }

  // The chunk that one points at, or the first that is wholly seen.
  const numberOf = (chunk) => chunk?.id.slice(1);
  document.addEventListener("pointerover", (event) => {
    const chunk = event.target.closest?.(".chunk");
    if (chunk) light(numberOf(chunk));
  });
  let waits = false;
  detail().addEventListener("scroll", () => {
    if (waits || !$(".grown")) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      const first = $(".chunks .chunk");
      if (!first) return;
      const { left } = first.getBoundingClientRect();
      const chunk = document.elementFromPoint(left + 4, detail().getBoundingClientRect().top + 150)?.closest(".chunk");
      if (chunk) light(numberOf(chunk));
    });
  }, { passive: true });
  document.addEventListener("pointerover", (event) => {
    const piece = event.target.closest?.(".grown .piece");
    for (const other of $$(".chunk.lit")) other.classList.remove("lit");
    if (piece) document.getElementById(piece.getAttribute("href").slice(1))?.classList.add("lit");
  });
})();

// The tab of a stream: its strip leads to chunks, the text follows them, and either shows where the other is.
/* global Page */
"use strict";
(() => {
  const { $, detail } = Page;
  const go = (number) => { location.hash = `c${number}`; };

  document.addEventListener("click", (event) => {
    const strip = event.target.closest?.(".stream-strip svg");
    if (!strip) return;
    const { left, width } = strip.getBoundingClientRect();
    const { total, firsts } = strip.closest(".stream-strip").dataset;
    const at = (event.clientX - left) / width;
    go(firsts ? cameBy(firsts, at * strip.viewBox.baseVal.width) : Math.min(Math.floor(at * total), total - 1));
  });

  // Of a strip of times: the chunk that came last by a column of it.
  function cameBy(firsts, column) {
    const places = firsts.trim().split(" ").map((place) => place.split(":").map(Number));
    return (places.findLast(([begin]) => begin <= column) ?? places[0])[1];
  }

  let lit = null;
  let litNumber = "";
  function light(number) {
    if (number === litNumber && lit?.isConnected) return;
    litNumber = number;
    const piece = $(`.grown .piece[href="#c${number}"]`);
    lit?.classList.remove("lit");
    lit = piece;
    if (!piece) return;
    piece.classList.add("lit");
    const pane = piece.closest(".grown");
    const { top, bottom } = pane.getBoundingClientRect();
    const at = piece.getBoundingClientRect();
    if (at.top < top || at.bottom > bottom) pane.scrollTop += at.top - top - pane.clientHeight / 3;
  }

  // What one points at is lit on both sides: a chunk, and the words that it added.
  const numberOf = (chunk) => chunk?.id.slice(1);
  let litChunk = null;
  document.addEventListener("pointerover", ({ target }) => {
    const chunk = target.closest?.(".chunk");
    if (chunk) light(numberOf(chunk));
    const piece = target.closest?.(".grown .piece");
    litChunk?.classList.remove("lit");
    litChunk = piece ? document.getElementById(piece.getAttribute("href").slice(1)) : null;
    litChunk?.classList.add("lit");
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
})();

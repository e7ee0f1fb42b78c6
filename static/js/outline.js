// The outline beside a long conversation says where one is: the last of its places above the middle of the page,
// or at its end the last.
/* global Page */
"use strict";
(() => {
  const { $, $$, detail } = Page;
  let waits = false;

  function say() {
    waits = false;
    const outline = $(".outline");
    if (!outline?.checkVisibility()) return;
    const { top, height } = detail().getBoundingClientRect();
    const links = $$("a[data-place]", outline);
    const above = links.filter(({ dataset }) => {
      const box = document.getElementById(dataset.place)?.getBoundingClientRect();
      return box?.height && box.top < top + height / 2;
    });
    const { scrollTop, clientHeight, scrollHeight } = detail();
    const now = (scrollTop + clientHeight >= scrollHeight - 4 ? links : above).at(-1) ?? null;
    const was = $("[aria-current]", outline);
    if (was === now) return;
    was?.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "location");
    if (!now) return;
    const [at, pane] = [now.getBoundingClientRect(), outline.getBoundingClientRect()];
    if (at.top < pane.top || at.bottom > pane.bottom) outline.scrollTop += at.top - pane.top - pane.height / 2;
  }

  const soon = () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(say);
  };
  detail().addEventListener("scroll", soon, { passive: true });
  document.addEventListener("htmx:after:swap", soon);
  document.addEventListener("site:page", soon);
  soon();
})();

// The menu of "copy as": one click on a form copies it. Without this, its link leads to the page of all forms.
/* global Page */
"use strict";
(() => {
  const { $, toast } = Page;
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;  // as this page was loaded
  const menu = document.createElement("div");
  menu.id = "copy-menu";
  menu.popover = "auto";
  document.body.append(menu);
  let opener = null;

  async function open(link) {
    const address = new URL(link.href);
    address.search = "?menu=1";
    const answer = await fetch(address, { headers: { "X-Root": root } }).catch(() => null);
    if (!answer?.ok) { toast("It could not be read"); return; }
    menu.innerHTML = await answer.text();
    opener = link;
    menu.showPopover();
    const { bottom, right } = link.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.left = `${Math.max(right - menu.offsetWidth, 4)}px`;
    $("a", menu)?.focus();
  }

  // A window hears of a click before the document, where what is copied is let go no further.
  addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    if (event.target.closest("#copy-menu a")) { setTimeout(() => menu.hidePopover()); return; }
    const link = event.target.closest("#copy-as");
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open(link);
  }, true);

  addEventListener("keydown", (event) => {  // not also the way back to the list
    if (event.key !== "Escape" || !menu.matches(":popover-open")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    menu.hidePopover();
  }, true);

  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && menu.contains(document.activeElement)) opener?.focus();
  });
})();

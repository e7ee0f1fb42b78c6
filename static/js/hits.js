// Walks what a search marked on the page, or what differs on one that compares: n and N, and a line that says which of
// how many.
/* global Page */
"use strict";
(() => {
  const detail = document.getElementById("detail");
  const marks = () => [...detail.querySelectorAll("mark.hit, [data-change]")];
  let line = null;

  function show(mark) {
    for (const other of detail.querySelectorAll(".current:is(mark.hit, [data-change])")) other.classList.remove("current");
    mark.classList.add("current");
    Page.openFolds(mark);
    mark.scrollIntoView({ block: "center" });
    if (mark.hasAttribute("data-change") && mark.id) Page.hooks.keepPlace(mark.id);
    say();
  }

  // The mark to go on from: the current one, or what stands at the top of what is seen.
  function place(all) {
    const current = all.findIndex((mark) => mark.classList.contains("current"));
    if (current >= 0) return current;
    const top = detail.getBoundingClientRect().top;
    const below = all.findIndex((mark) => mark.getBoundingClientRect().top >= top);
    return below < 0 ? all.length : below - 0.5;
  }

  function step(by) {
    const all = marks();
    if (!all.length) return false;
    const at = place(all);
    const next = by > 0 ? Math.floor(at + 1) : Math.ceil(at - 1);
    show(all[(next + all.length) % all.length]);
    return true;
  }

  function say() {
    const all = marks();
    line ??= made();
    line.hidden = !all.length;
    const at = all.findIndex((mark) => mark.classList.contains("current"));
    line.querySelector("output").textContent = at < 0 ? `${all.length} ${all[0]?.matches("mark") ? "found" : "changed"}` : `${at + 1} of ${all.length}`;
  }

  function made() {
    const box = document.createElement("div");
    box.id = "hits";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "What was found on this page");
    const button = (text, title, by) => {
      const one = document.createElement("button");
      one.type = "button";
      one.textContent = text;
      one.title = title;
      one.setAttribute("aria-label", title);
      one.addEventListener("click", () => step(by));
      return one;
    };
    box.append(button("↑", "Previous (N)", -1), document.createElement("output"), button("↓", "Next (n)", 1));
    detail.after(box);
    return box;
  }

  function target() {
    try { return Page.hooks.place(); } catch { return ""; }
  }

  function land() {
    if (target() === "hit") {
      const first = document.getElementById("hit");
      if (first?.matches("mark")) show(first);
    }
    say();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest("input:not(.pick), textarea, select, [contenteditable]")) return;
    if (event.key === "n" && step(1)) event.preventDefault();
    if (event.key === "N" && step(-1)) event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target === detail) land();
    else say();
  });
  document.addEventListener("site:page", land);
  document.addEventListener("offline:marked", land);
  land();
})();

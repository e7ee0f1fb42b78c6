// The list as a tree: branches that fold, and how much of it shows. Both are kept in this browser.
/* global Page */
"use strict";
const Tree = (() => {
  const { $, $$, keys, store } = Page;
  const KEY = "inspector-folded";
  const html = document.documentElement;

  // Paths of branches that somebody folded; those after a minus are open, whatever the level is.
  const kept = {
    get: () => { try { return new Set(JSON.parse(sessionStorage.getItem(KEY) || "[]")); } catch { return new Set(); } },
    set: () => { try { sessionStorage.setItem(KEY, JSON.stringify([...folded])); } catch { /* private mode */ } },
  };
  let folded = kept.get();

  // `files` and `tests` fold below those, `lines` and `full` show exchanges; see head/theme.js for the first paint.
  const level = () => html.dataset.level ?? "lines";
  const isFound = () => !!$("#list .has-hits");  // what was found is seen
  const isBelow = (path) => !isFound() && ((level() === "files" && path.endsWith("::")) || (level() === "tests" && path.endsWith("[")));
  const isFolded = (path) => folded.has(path) || (isBelow(path) && !folded.has(`-${path}`));

  // Characters of a name, and of the dots after it, that half a line has room for.
  const HALF = 26;
  function isBrief(line) {
    const name = $(line.matches(".variant") ? ":scope > h2 .parameters" : ":scope > .label, :scope > h2 .function", line);
    return (name?.textContent.length ?? 0) + 1.6 * $$(".dots > .dot", line).length <= HALF;
  }

  // Hides what lies below a folded branch, in whichever window of the list it stands.
  function show() {
    const shut = $$("#list .tree-branch").map(({ dataset }) => dataset.path).filter(isFolded);
    for (const line of $$("#list [data-path]")) {
      const { path } = line.dataset;
      line.hidden = shut.some((one) => path !== one && path.startsWith(one));
      $(":scope > .twist", line)?.setAttribute("aria-expanded", String(!isFolded(path)));
    }
    if (level() === "tests") for (const line of $$("#list :is(.group, .level-2)")) line.classList.toggle("brief", isBrief(line));
    for (const button of $$("#levels [data-level]")) button.setAttribute("aria-pressed", String(button.dataset.level === level()));
  }

  function turn(path, shut = !isFolded(path)) {
    folded[shut ? "add" : "delete"](path);
    folded[shut ? "delete" : "add"](`-${path}`);
    kept.set();
    show();
  }

  function setLevel(name) {
    html.dataset.level = name;
    store.set("inspector-level", name);
    folded = new Set();
    kept.set();
    show();
    Page.markSelected(true);
    document.dispatchEvent(new CustomEvent("tree:level"));
  }
  const step = (by) => {
    const all = $$("#levels [data-level]").map(({ dataset }) => dataset.level);
    const next = all[all.indexOf(level()) + by];
    if (next) setLevel(next);
  };

  // The branch that the marked row lies on, or that the focus is on.
  function here() {
    const line = document.activeElement?.closest?.("#list .tree-branch") ?? $("#list .row[aria-current]")?.closest("[data-path]");
    const above = line && $$("#list .tree-branch").filter(({ dataset }) => line.dataset.path.startsWith(dataset.path));
    return above?.findLast((one) => one.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING || one === line);
  }

  document.addEventListener("click", (event) => {
    const branch = event.target.closest?.("#list .tree-branch");
    if (branch) turn(branch.dataset.path);
    const chosen = event.target.closest?.("#levels [data-level]");
    if (!chosen) return;
    chosen.closest("details").open = false;
    setLevel(chosen.dataset.level);
  });
  keys.h = () => { const branch = here(); if (branch) turn(branch.dataset.path, true); };
  keys.l = () => { const branch = here() ?? $$("#list .tree-branch").find(({ dataset }) => isFolded(dataset.path)); if (branch) turn(branch.dataset.path, false); };
  keys.H = () => step(-1);
  keys.L = () => step(1);
  for (const event of ["htmx:after:swap", "site:page", "offline:query"]) document.addEventListener(event, show);
  show();
  return { show };
})();

// The list as a tree: branches that fold, and rows of one line or with all that there is. Both are kept in this browser.
/* global Page */
"use strict";
const Tree = (() => {
  const { $, $$, keys, store } = Page;
  const KEY = "inspector-folded";
  const ALL = "*";  // every file is folded, but those that were opened since: their paths follow a minus

  const kept = {
    get: () => { try { return new Set(JSON.parse(sessionStorage.getItem(KEY) || "[]")); } catch { return new Set(); } },
    set: (paths) => { try { sessionStorage.setItem(KEY, JSON.stringify([...paths])); } catch { /* private mode */ } },
  };
  let folded = kept.get();

  const isFile = (path) => path.endsWith("::");
  const isFolded = (path) => folded.has(path) || (folded.has(ALL) && isFile(path) && !folded.has(`-${path}`));

  // Hides what lies below a folded branch, in whichever window of the list it stands.
  function show() {
    const shut = $$("#list .tree-branch").map(({ dataset }) => dataset.path).filter(isFolded);
    for (const line of $$("#list [data-path]")) {
      const { path } = line.dataset;
      line.hidden = shut.some((one) => path !== one && path.startsWith(one));
      $(":scope > .twist", line)?.setAttribute("aria-expanded", String(!isFolded(path)));
    }
    const all = $("#fold-all");
    if (all) all.textContent = folded.has(ALL) ? "Unfold" : "Fold";
    const density = $("#density");
    if (density) density.textContent = isFull() ? "Compact" : "Details";
  }

  function turn(path, shut = !isFolded(path)) {
    folded[shut ? "add" : "delete"](path);
    folded[shut ? "delete" : "add"](`-${path}`);
    kept.set(folded);
    show();
  }

  const isFull = () => document.documentElement.dataset.rows === "full";

  // The branch that the marked row lies on, or that the focus is on.
  function here() {
    const line = document.activeElement?.closest?.("#list .tree-branch") ?? $("#list .row[aria-current]")?.closest("[data-path]");
    const above = line && $$("#list .tree-branch").filter(({ dataset }) => line.dataset.path.startsWith(dataset.path));
    return above?.findLast((one) => one.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING || one === line);
  }

  document.addEventListener("click", (event) => {
    const branch = event.target.closest?.("#list .tree-branch");
    if (branch) turn(branch.dataset.path);
    if (event.target.closest?.("#fold-all")) {
      folded = new Set(folded.has(ALL) ? [] : [ALL]);
      kept.set(folded);
      show();
    }
    if (event.target.closest?.("#density")) {
      document.documentElement.dataset.rows = isFull() ? "compact" : "full";
      store.set("inspector-rows", document.documentElement.dataset.rows);
      show();
      Page.markSelected(true);
    }
  });
  keys.h = () => { const branch = here(); if (branch) turn(branch.dataset.path, true); };
  keys.l = () => { const branch = here() ?? $$("#list .tree-branch").find(({ dataset }) => isFolded(dataset.path)); if (branch) turn(branch.dataset.path, false); };
  for (const event of ["htmx:after:swap", "site:page", "offline:query"]) document.addEventListener(event, show);
  show();
  return { show };
})();

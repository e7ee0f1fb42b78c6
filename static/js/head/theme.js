// Runs before the page is drawn, so that the chosen theme never flashes.
"use strict";
(() => {
  const html = document.documentElement;
  html.classList.add("js");
  if (window.name === "preview" && window !== parent) html.classList.add("is-preview");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("inspector-theme"); } catch { return null; } };
  const apply = () => { html.dataset.theme = chosen() ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", apply);
  apply();
  try {
    html.dataset.level = localStorage.getItem("inspector-level") ?? "lines";
    const width = localStorage.getItem("inspector-list-width");
    if (width) html.style.setProperty("--list", width);
  } catch { /* no storage: the default width */ }
})();

// Pages of an export: files beside each other, from any static host or none. Data comes as scripts, since a page that
// was opened from a folder may fetch nothing.
/* global Page */
"use strict";
const Site = (() => {
  const root = document.documentElement.dataset.root;
  const wanted = new Map();

  // The data of a name: `search/<name>.js` calls `Site.take` with it. Loaded once, when it is first wanted.
  function data(name) {
    if (!wanted.has(name)) {
      const one = {};
      one.promise = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }));
      wanted.set(name, one);
      const script = document.createElement("script");
      script.src = `${root}search/${name}.js`;
      script.addEventListener("error", () => one.reject(new Error(`${name} cannot be loaded`)));
      document.head.append(script);
    }
    return wanted.get(name).promise;
  }
  const take = (name, value) => wanted.get(name)?.resolve(value);

  const href = (file) => root + file;
  const query = () => new URLSearchParams(location.search).get("q") ?? "";
  const search = (text) => location.assign(href(text ? `index.html?q=${encodeURIComponent(text)}` : "index.html"));

  // The address says what the list on this page searches; with `isNew` in an entry of its own in the history.
  function keep(text, isNew) {
    const url = new URL(location.href);
    if (text) url.searchParams.set("q", text);
    else url.searchParams.delete("q");
    history[isNew ? "pushState" : "replaceState"](history.state, "", url);
  }

  // Shows another page within this one. A page that was opened from a folder may read no other, so it stands in a frame;
  // each in a new one, since those that change are entries of the history.
  function preview(box, address) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { name: "preview", title: "The first of what was found", src: address });
    box.replaceChildren(frame);
  }
  if (document.documentElement.matches(".is-preview")) {  // what is followed there leads on from the page around it
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]:not([href^='#'])");
      if (link) link.target = "_top";
    }, true);
  }

  // Whether this page is the list's own, where searches are answered.
  const isHome = () => document.getElementById("list")?.dataset.home !== undefined;

  // A link names the page that something long opens on; the place may stand on another page of it.
  Page.hooks.missing = (id) => {
    const from = Page.pageOf(id);
    const here = location.pathname.split("/").at(-1);
    if (from !== null && !here.includes(",")) location.replace(here.replace(/\.html$/, `,from=${from}.html#${id}`));
  };
  Page.openTarget();
  Page.markSelected(true);
  addEventListener("hashchange", Page.openTarget);

  return { data, href, isHome, keep, preview, query, search, take };
})();

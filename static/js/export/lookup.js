// Leads to what somebody has in hand: a recorder's hash or its beginning, a path or the end of one, a test's id or the
// tail of one, an exchange's id. As /h/, /p/ and /t/ of a server.
/* global Page, SearchIndex, Site, View */
"use strict";
(() => {
  const { el } = View;
  const SHORTEST = 4;
  const MOST = 200;

  // What a text may mean: [{title, href}], those of the first kind that has any.
  Site.lookup = async (text) => {
    const sought = text.trim();
    if (!sought) return [];
    await SearchIndex.ready();
    const [, letter, rest] = /^([ehpst])\/(.+)$/s.exec(sought) ?? [];  // an address says what it is
    const ways = [...[ofId, ofTest, ofPath, ofHash].map((find) => [find, sought]), ...(letter ? [[BY_LETTER[letter], rest]] : [])];
    for (const [find, one] of ways) {
      const found = find(one);
      if (found.length) return found.slice(0, MOST);
    }
    return [];
  };

  const exchange = (at) => {
    const { names, groupOf, groups, uids } = SearchIndex.index();
    const [kind, name] = groups[groupOf[at]];
    const path = names.path.names[names.path.of[at]];
    return { title: kind === "test" ? `${path} · ${name}` : path, href: Site.href(`e/${uids[at]}.html`) };
  };
  const exchanges = (isIt) => {
    const { ranks, uids } = SearchIndex.index();
    return [...uids.keys()].filter(isIt).sort((a, b) => ranks[a] - ranks[b]).map(exchange);
  };
  const byPath = (isIt) => {
    const { names } = SearchIndex.index();
    const those = names.path.names.map(isIt);
    return exchanges((at) => those[names.path.of[at]]);
  };

  const ofId = (id) => exchanges((at) => SearchIndex.index().uids[at] === id.toLowerCase());

  function ofTest(id) {
    const named = SearchIndex.index().groups.filter(([kind]) => kind === "test" || kind === "session");
    const ways = [(name) => name === id, (name) => name.endsWith(id) && /[/:]/.test(name.at(-id.length - 1)), (name) => id.length >= SHORTEST && name.includes(id)];
    for (const isIt of ways) {
      const found = named.filter(([, name]) => isIt(name));
      if (found.length) return found.map(([, title, , file]) => ({ title, href: Site.href(file) }));
    }
    return [];
  }

  function ofPath(path) {
    const exact = byPath((one) => one === path);
    const ending = exact.length ? exact : byPath((one) => one.endsWith(`/${path}`));
    return ending.length ? ending : byPath((one) => one.startsWith(`${path.replace(/\/+$/, "")}/`) && !one.slice(path.replace(/\/+$/, "").length + 1).includes("/"));
  }

  function ofHash(prefix) {
    if (prefix.length < SHORTEST) return [];
    const lower = prefix.toLowerCase();
    return byPath((path) => {
      const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
      const dot = name.lastIndexOf(".");
      const stem = dot > 0 ? name.slice(0, dot) : name;
      return stem.startsWith(lower) || stem.startsWith(`models-${lower}`);
    });
  }

  const BY_LETTER = { e: ofId, h: ofHash, p: ofPath, s: ofTest, t: ofTest };

  // ------------------------------------------------------------ find.html#<anything>

  async function answer() {
    const box = document.getElementById("found");
    const wanted = box && sought();
    if (!wanted) return;
    box.replaceChildren(el("p", { role: "status" }, el("span", { className: "spinner", "aria-hidden": "true" }), " Looking for ", el("code", {}, View.visible(wanted)), " …"));
    try {
      const found = await Site.lookup(wanted);
      if (found.length === 1) location.replace(found[0].href);
      else box.replaceChildren(...said(wanted, found));
    } catch (error) {
      console.error(error);
      box.replaceChildren(el("p", {}, "The index of these pages could not be loaded: this browser, or whoever hosts them, does not allow it."));
    }
  }

  function said(wanted, found) {
    if (!found.length) return [el("p", {}, "Nothing here goes by ", el("code", {}, View.visible(wanted)), ".")];
    return [
      el("p", {}, `${View.counted(found.length, "page")} may be meant by `, el("code", {}, View.visible(wanted)), ":"),
      el("ul", { className: "ids" }, found.map(({ title, href }) => el("li", {}, el("a", { href }, View.visible(title))))),
    ];
  }

  function sought() {
    try { return Page.hooks.place().trim(); } catch { return ""; }
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "find") return;
    event.preventDefault();
    const text = event.target.elements.what.value.trim();
    if (text) location.hash = Site.href(`find.html#${encodeURIComponent(text)}`).replace(/^[^#]*#/, "");
  });
  addEventListener("hashchange", answer);
  document.addEventListener("site:page", answer);
  answer();
})();

// What the dialog of keys and the query language shows, on a server: a part of the help page.
/* global Page */
"use strict";
(() => {
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;  // as this page was loaded

  Page.hooks.quickHelp = async () => {
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "X-Root": root };
    const answer = await fetch(`${root}help`, { headers });
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quick");
  };
})();

// Keys and the query language over whatever page is open: what the help page has of them, in a dialog.
/* global Page */
"use strict";
(() => {
  const { $, $$, hooks, keys } = Page;
  const help = $("#to-help");
  let dialog = null;

  function button(name, label, title) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: `tool ${name}`, textContent: label, title });
    made.setAttribute("aria-label", title);
    return made;
  }

  function around(quick) {
    const made = document.createElement("dialog");
    const head = document.createElement("header");
    const title = document.createElement("h1");
    const manual = document.createElement("a");
    const close = button("close", "×", "Close (Esc)");
    made.id = "quick-help";
    made.tabIndex = -1;
    made.setAttribute("aria-labelledby", "quick-help-title");
    Object.assign(title, { id: "quick-help-title", textContent: "Keys and search" });
    Object.assign(manual, { href: help.href, textContent: "The manual" });
    for (const named of [quick, ...$$("[id]", quick)]) named.removeAttribute("id");  // the page below may be the help itself
    head.append(title, manual, close);
    made.append(head, quick);
    made.addEventListener("click", (event) => {
      if (event.target === made || event.target.closest(".close, a[href]")) made.close();
    });
    document.body.append(made);
    return made;
  }

  async function open() {
    try {
      dialog ??= around(await hooks.quickHelp());
    } catch {
      help.click();
      return;
    }
    if (dialog.open) return;
    dialog.showModal();
    dialog.focus();
    dialog.scrollTop = 0;
  }

  keys["?"] = open;
})();

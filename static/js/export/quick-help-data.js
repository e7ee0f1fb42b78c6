// What the dialog of keys and the query language shows, in an export: data beside that of the search.
/* global Page, Site, View */
"use strict";
(() => {
  Page.hooks.quickHelp = async () => {
    const quick = View.parsed(await Site.data("help"));
    for (const link of Page.$$("a[href]", quick)) link.setAttribute("href", Site.href(link.getAttribute("href")));
    return quick;
  };
})();

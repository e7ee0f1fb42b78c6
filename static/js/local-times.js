// Moments in the zone of the reader, with its name; what a page says is UTC.
"use strict";
(() => {
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  });
  function translate() {
    for (const time of document.querySelectorAll("time[data-local]")) {
      const when = new Date(time.dateTime);
      if (Number.isNaN(when.getTime())) continue;
      time.title = `${when.toISOString()} (UTC)`;
      time.textContent = format.format(when);
    }
  }
  // `3 min ago`; what lies further back keeps its date.
  const UNITS = [[60, "s"], [3600, "min"], [86_400, "h"], [14 * 86_400, "d"]];
  const LENGTHS = { s: 1, min: 60, h: 3600, d: 86_400 };
  function tellAges() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const when = new Date(time.dateTime);
      if (Number.isNaN(when.getTime())) continue;
      const seconds = Math.max((Date.now() - when) / 1000, 0);
      const unit = UNITS.find(([most]) => seconds < most)?.[1];
      time.title = format.format(when);
      if (unit) time.textContent = seconds < 10 ? "just now" : `${Math.floor(seconds / LENGTHS[unit])} ${unit} ago`;
    }
  }
  setInterval(tellAges, 60_000);
  document.addEventListener("htmx:after:swap", tellAges);
  document.addEventListener("site:page", tellAges);
  tellAges();

  document.addEventListener("htmx:after:swap", translate);
  document.addEventListener("site:page", translate);
  translate();
})();

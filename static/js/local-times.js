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
  document.addEventListener("htmx:after:swap", translate);
  document.addEventListener("site:page", translate);
  translate();
})();

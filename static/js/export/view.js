// Pieces of a page that a search in the browser builds as the server's templates do.
/* global Site */
"use strict";
const View = (() => {
  // An element with properties (`data` and attributes with a dash included) and children; what is no node is text.
  function el(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "data") Object.assign(made.dataset, value);
      else if (name in made && !name.includes("-")) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== false && child !== ""));
    return made;
  }

  // HTML of our own templates.
  function parsed(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  // Text with its control characters written out. See inspector/output/escape.py.
  const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const visible = (text) => text.replaceAll("\r\n", "\n").replace(UNSEEN, writtenOut);
  function writtenOut(letter) {
    const code = letter.charCodeAt(0);
    const digits = code.toString(16);
    return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `<U+${digits.toUpperCase().padStart(4, "0")}>`;
  }

  const figure = (number) => number.toLocaleString("en");
  const counted = (number, noun) => `${figure(number)} ${noun}${number === 1 ? "" : "s"}`;

  // Durations and sizes in the words of inspector/output/plural.py, which rounds halves to what is even.
  const whole = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));
  const tenths = (value) => (value % 1 === 0.25 ? value - 0.01 : value).toFixed(1);

  function duration(milliseconds) {
    if (milliseconds < 1000) return `${milliseconds} ms`;
    if (milliseconds < 59_950) return `${tenths(milliseconds / 1000)} s`;
    const seconds = whole(milliseconds / 1000);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ""}`;
    return `${figure(Math.floor(minutes / 60))} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  }

  function size(bytes) {
    let value = bytes;
    for (const unit of ["B", "kB", "MB"]) {
      if (value < 1000) return `${unit === "B" || value >= 100 ? whole(value) : tenths(value)} ${unit}`;
      value /= 1000;
    }
    return `${tenths(value)} GB`;
  }

  // A link to the list with another query.
  const home = (query) => Site.href(query ? `index.html?q=${encodeURIComponent(query)}` : "index.html");
  const toQuery = (query, properties, ...children) => el("a", { href: home(query), ...properties, data: { query } }, ...children);

  // A long name that may be broken between its words.
  const SEAM = /(?<=\/)(?!\/)|(?<=[\p{L}\p{N}]_)(?=[\p{L}\p{N}])|(?<=::)|(?<=[a-z0-9])(?=\.[A-Za-z])/gu;
  const breakable = (name) => visible(name).split(SEAM).flatMap((piece, at) => (at ? [el("wbr"), piece] : [piece]));

  const hidden = (text) => el("span", { className: "hidden" }, text);
  const forEyes = (text) => el("span", { "aria-hidden": "true" }, text);

  return { breakable, counted, duration, el, figure, forEyes, hidden, parsed, size, toQuery, visible };
})();

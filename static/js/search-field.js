// The search field, on a server and in an export: it finds while somebody types, offers what may be meant, and says what
// is wrong once that is no longer half a query.
/* global combobox */
"use strict";
// `shown` is the query of the list on the page, `search` puts another one there, `submit` takes what Enter says,
// `offers` gives options, `queryOf` the query of a link that only changes the list, null for every other.
const searchField = ({ shown, search, submit, offers, queryOf }) => {
  const $ = (selector) => document.querySelector(selector);
  const field = $("#q");
  const form = field.form;
  const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  let typed, telling, slow;
  let isNew = true;  // the next query gets an entry of its own in the history, those that it grows into do not

  const found = document.createElement("p");
  found.className = "hidden";
  found.setAttribute("role", "status");
  form.append(found);

  // A search begins: nothing that waited for another one happens any more.
  function begin() {
    clearTimeout(typed);
    clearTimeout(telling);
    busy(true);
  }

  function busy(is, whenSlow = () => {}) {
    clearTimeout(slow);
    form.classList.remove("busy");
    if (is) slow = setTimeout(() => { form.classList.add("busy"); whenSlow(); }, 120);
  }

  // What is wrong is said when the typing rests and nothing is offered that would complete it.
  function tell(nodes, isFinal) {
    const query = field.value;
    const say = () => { if (field.value === query && (isFinal || !offered.isOpen())) $("#wrong").replaceChildren(...nodes); };
    telling = setTimeout(say, isFinal ? 0 : 900);
  }

  function takeNew() {
    const was = isNew;
    isNew = false;
    return was;
  }

  // What was found is what one wants to see, and not what would narrow it.
  function makeRoom(query) {
    const facets = $("#narrowing");
    if (facets) facets.open = !query;
  }

  field.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      const query = field.value.trim();
      if (query === shown()) return;
      makeRoom(query);
      search(query);
    }, 180);
    offered.suggest();
  });
  field.addEventListener("blur", () => { isNew = true; });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    offered.close();
    clearTimeout(typed);
    makeRoom(field.value.trim());
    submit(field.value.trim());
  });

  $(".search .clear").addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    field.value = "";
    offered.close();
    search("", { isFinal: true });
    field.focus();
  });

  // Chips, filters and orders are links to the list; where the list is open already, it just changes.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const query = link && isPlain(event) ? queryOf(link) : null;
    if (query === null) return;
    event.preventDefault();
    field.value = query;
    link.closest("#order")?.removeAttribute("open");
    isNew = true;
    search(query, { isFinal: true, url: new URL(link.href) });
  });

  const offered = combobox(field, { offers, search });
  return { begin, busy, field, say: (text) => { found.textContent = text; }, takeNew, tell };
};

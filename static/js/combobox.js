// A search field that offers what may be meant: a combobox with a list box. Nothing in it is chosen until somebody goes
// there; Enter searches for what is typed.
"use strict";
// `offers` gives options (`<li role="option">` with the whole query in `data-query`, or in `data-href` where it leads) for what stands before the caret.
const combobox = (field, { offers, search }) => {
  const box = document.createElement("ul");
  box.id = "suggestions";
  box.hidden = true;
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Suggestions");
  field.after(box);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": box.id,
  })) field.setAttribute(name, value);

  let asked;
  const active = () => box.querySelector("[aria-selected=true]");

  // What stands behind the caret stays as it is; within a word nothing is offered.
  function parts() {
    const at = field.selectionStart ?? field.value.length;
    return [field.value.slice(0, at), field.value.slice(at)];
  }

  function suggest(isWanted = false) {
    clearTimeout(asked);
    const [before, after] = parts();
    if (/^[^\s)]/.test(after) || (!isWanted && !/\S$/.test(before))) return close();
    asked = setTimeout(async () => {
      const mine = asked;
      const options = await offers(before).catch(() => []);  // offline, or the index is not there: the search says so
      if (mine !== asked || document.activeElement !== field) return;
      const isNamed = options.some(({ dataset }) => dataset.href);  // what leads to a test needs no clause beside it
      box.replaceChildren(...options.filter(({ dataset }) => !(isNamed && /(?:^|\s)test:\S/.test(dataset.query ?? ""))));
      open(options.length > 0);
    }, 90);
  }

  function open(is) {
    box.hidden = !is;
    field.setAttribute("aria-expanded", String(is));
    if (is) return;
    box.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(asked);
    asked = null;
    open(false);
  }

  function step(by) {
    const all = [...box.children];
    const at = all.indexOf(active());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];  // past either end nothing is chosen
    active()?.setAttribute("aria-selected", "false");
    field.removeAttribute("aria-activedescendant");
    if (!next) return;
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", next.id);
  }

  function take({ dataset: { query, href } }) {
    if (href) { location.assign(href); return; }
    field.value = query + parts()[1].trimStart();
    field.setSelectionRange(query.length, query.length);
    close();
    if (query.endsWith(":")) suggest(true);
    else search(field.value.trim());
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const isOpen = !box.hidden;
    const act = {
      ArrowDown: () => (isOpen ? step(1) : suggest(true)),
      ArrowUp: isOpen && (() => step(-1)),
      Enter: active() && (() => take(active())),
      Tab: active() && (() => take(active())),
      Escape: isOpen ? close : () => field.blur(),  // what is typed stays: a browser would clear it
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  for (const event of ["click", "focus"]) field.addEventListener(event, () => { if (box.hidden && !field.value) suggest(true); });
  field.addEventListener("blur", close);
  box.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
  box.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) take(chosen);
  });

  return { close, isOpen: () => !box.hidden, suggest };
};

// What may be an id, a hash, a path, a test or a link, and lead straight to its page.
combobox.isHandle = (text) =>
  !/^-?\(*[A-Za-z_]+:(?![:/])/.test(text)
  && (/^(?=.*\d)[0-9a-f]{8,64}$/.test(text) || /^\S*(?:\/\S*|\.[a-z]\w{1,5})$/.test(text) || text.includes("::"));

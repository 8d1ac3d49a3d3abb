// Building elements: text goes in as text, never as markup.
// el("p.lead", { lang: "fr" }, "Oui.") is <p class="lead" lang="fr">Oui.</p>; attributes may be left out.
const el = (tag, ...children) => {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  const attributes = Object.getPrototypeOf(children[0] ?? "") === Object.prototype ? children.shift() : {};
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
};

const press = (name, act, ...children) => el("button", { type: "button", class: name, onclick: act }, ...children);

// A drawing of one path in a 24 by 24 square; said by the words beside it.
const icon = (name) => {
  const make = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = make("svg");
  const line = make("path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", ICONS[name]);
  svg.append(line);
  return svg;
};

const ICONS = {
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h14M12 6l6 6-6 6",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  thumb: "M4 11h4v9H4zM8 11l4-8c2 0 3 1 2.5 3L14 9h6l-2 9c-.2 1-1 2-2 2H8",
  copy: "M9 9h11v11H9zM6 15H4V4h11v2",
  print: "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
  mail: "M3 6h18v12H3zM3 7l9 6 9-6",
};

// "{count} left" and {count: 3} make "3 left".
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Old libraries give arrays and texts a toJSON of their own, which JSON.stringify would follow.
const written = (value) => {
  const owners = [Object, Array, String, Number].map((type) => type.prototype).filter((owner) => owner.toJSON);
  const theirs = owners.map((owner) => owner.toJSON);
  for (const owner of owners) delete owner.toJSON;
  try {
    return JSON.stringify(value);
  } finally {
    owners.forEach((owner, index) => (owner.toJSON = theirs[index]));
  }
};

// Storage that a browser may refuse: then nothing is kept.
const kept = (area) => ({
  get(key) {
    try {
      return JSON.parse(window[area].getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value == null || value === "") window[area].removeItem(key);
      else window[area].setItem(key, written(value));
    } catch {
      // full or forbidden
    }
  },
});

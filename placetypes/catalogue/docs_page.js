"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const make = (tag, cls, ...inside) => {
  const element = document.createElement(tag);
  element.className = cls;
  element.append(...inside);
  return element;
};

/* ── the graph: zoom, drag, what a table is made from and what is made from it ── */
function zoom(view, scale) {
  const svg = view.firstElementChild, box = svg.viewBox.baseVal, before = svg.width.baseVal.value / box.width;
  const now = Math.min(2.5, Math.max(0.2, scale * before || fitted(view)));
  const {scrollLeft: x, scrollTop: y, clientWidth: w, clientHeight: h} = view;
  svg.setAttribute("width", box.width * now);
  svg.setAttribute("height", box.height * now);
  view.scrollTo((x + w / 2) * now / before - w / 2, (y + h / 2) * now / before - h / 2);
}
function fitted(view) {
  const box = view.firstElementChild.viewBox.baseVal;
  return Math.min(view.clientWidth / box.width, view.clientHeight / box.height, 1);
}
function reach(edges, start, from, to) {
  const reached = new Set([start]);
  for (const key of reached) {  /* grows while it is walked */
    for (const edge of edges) if (edge.dataset[from] === key) reached.add(edge.dataset[to]);
  }
  return reached;
}
function choose(key, only) {
  for (const svg of all(".view > svg")) {
    const nodes = all(".node", svg), edges = all(".edge", svg);
    const chosen = nodes.find((node) => node.dataset.key === key);
    const above = [...reach(edges, key, "to", "from")].filter((k) => !only || only.has(k));
    const sets = {up: new Set(above), down: only ? new Set() : reach(edges, key, "from", "to")};
    svg.classList.toggle("chosen", Boolean(chosen));
    for (const [way, set] of Object.entries(sets)) {
      for (const node of nodes) node.classList.toggle(way, set.has(node.dataset.key));
      for (const edge of edges) edge.classList.toggle(way, set.has(edge.dataset.from) && set.has(edge.dataset.to));
    }
    for (const node of nodes) node.classList.toggle("chosen", node === chosen);
    if (chosen) show(svg.parentElement, chosen);
  }
  for (const item of all("nav li")) {
    item.classList.toggle("chosen", Boolean(key) && item.firstElementChild.hash === "#" + key);
  }
}
function show(view, node) {
  const place = node.getBoundingClientRect(), frame = view.getBoundingClientRect();
  view.scrollBy(place.left + place.width / 2 - frame.left - frame.width / 2, place.top + place.height / 2 - frame.top - frame.height / 2);
}
function measure() {
  const pane = all(".pane").find((p) => getComputedStyle(p).position === "sticky");
  document.documentElement.style.setProperty("--pane", (pane ? pane.offsetHeight : 0) + "px");
}
for (const view of all(".view")) {
  zoom(view, Math.max(fitted(view), 0.75));
  view.scrollTo(0, (view.scrollHeight - view.clientHeight) / 2);
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(view, event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, {passive: false});
  let moved = 0;
  view.addEventListener("pointerdown", () => { moved = 0; });
  view.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons !== 1) return;
    moved += Math.abs(event.movementX) + Math.abs(event.movementY);
    view.scrollBy(-event.movementX, -event.movementY);
  });
  view.addEventListener("click", (event) => moved > 5 && event.preventDefault(), true);
  view.addEventListener("dragstart", (event) => event.preventDefault());
  new ResizeObserver(measure).observe(view.closest(".pane"));
}
for (const button of all("[data-zoom]")) {
  button.addEventListener("click", () => zoom(button.closest(".pane").querySelector(".view"), Number(button.dataset.zoom)));
}
addEventListener("resize", measure);

/* ── where a column comes from ── */
function sourceLabel(number) {
  const [label, place] = data.lineage[number], element = make(place ? "a" : "span", "", label);
  if (place) element.href = "#" + place;
  return element;
}
const listed = (numbers) => numbers.flatMap((number, place) => [place ? ", " : "", sourceLabel(number)]);
const roleWord = (role) => make("span", "role", data.roles[role] + " ");
function addSources(list, number, seen, ends) {
  const ending = new Map();  /* by role: what comes from nothing else shares a line */
  for (const [role, upper] of data.lineage[number][3]) {
    const [, , kind, uppers] = data.lineage[upper], again = seen.has(upper);
    if (["file", "parameter", "unknown"].includes(kind)) ends.set(upper, kind);
    seen.add(upper);
    if (!uppers.length) {
      ending.set(role, [...(ending.get(role) || []), upper]);
      continue;
    }
    const item = make("li", "", roleWord(role), sourceLabel(upper)), inner = make("ul", "");
    if (kind === "python") item.append(make("span", "role", ", made by a Python step"));
    if (again) item.append(make("span", "role", " (see above)"));
    else addSources(inner, upper, seen, ends);
    if (inner.children.length) item.append(inner);
    list.append(item);
  }
  for (const [role, numbers] of ending) list.append(make("li", "", roleWord(role), ...listed(numbers)));
}
function toggleLineage(button) {
  const row = button.closest("tr"), open = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!open));
  if (open) {
    row.nextElementSibling.remove();
    return null;
  }
  const number = data.places[button.dataset.column], seen = new Set([number]);
  const tree = make("ul", "tree"), ends = new Map(), cell = make("td", "");
  addSources(tree, number, seen, ends);
  cell.colSpan = 3;
  for (const [kind, title] of [["file", "In the end, from the files:"], ["parameter", "and with the parameters:"], ["unknown", "Not known:"]]) {
    const numbers = [...ends.keys()].filter((n) => ends.get(n) === kind);
    if (numbers.length) cell.append(make("p", "ends links", make("b", "", title), ...listed(numbers)));
  }
  cell.append(tree.children.length ? tree : make("p", "soft", "It comes from no other column: the SQL writes it."));
  row.after(make("tr", "lineage", cell));
  return new Set([...seen].map((n) => data.lineage[n][1].split(".").slice(0, 2).join(".")));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.column");
  if (button) choose(button.closest(".model").id, toggleLineage(button));
});

/* ── the search ── */
const search = document.getElementById("search"), found = document.getElementById("found");
const entries = all("nav li.entry").map((item) => {
  const section = document.getElementById(item.firstElementChild.hash.slice(1));
  const columns = all("table.columns tbody tr", section).map((row) => {
    const name = row.querySelector("button.column").textContent;
    return {key: row.id, name, text: (name + " " + row.cells[1].textContent).toLowerCase()};
  });
  const text = (section.id + " " + section.querySelector(".grain").textContent).toLowerCase();
  return {item, key: section.id, text, columns};
});
function seek() {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry) => words.every((word) => entry.text.includes(word));
  const matches = new Set();
  let columns = 0;
  all("nav li.column").forEach((item) => item.remove());
  choose("");
  for (const entry of entries) {
    const fitting = words.length ? entry.columns.filter(fits) : [];
    entry.item.hidden = !fits(entry) && !fitting.length;
    if (entry.item.hidden) continue;
    columns += fitting.length;
    matches.add(entry.key);
    entry.item.after(...fitting.map((column) => {
      const link = make("a", "", column.name);
      link.href = "#" + column.key;
      return make("li", "column", link);
    }));
  }
  for (const svg of all(".view > svg")) svg.classList.toggle("sought", words.length > 0);
  for (const node of all(".view .node")) node.classList.toggle("match", matches.has(node.dataset.key));
  document.querySelector("nav").classList.toggle("searching", words.length > 0);
  found.textContent = words.length ? `${matches.size} tables, ${columns} columns` : "";
}
search.addEventListener("input", seek);
document.addEventListener("keydown", (event) => {
  const links = all("nav li:not([hidden]) > a"), place = links.indexOf(document.activeElement);
  const typing = document.activeElement === search;
  if (event.key === "/" && !typing) {
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    search.value = "";
    seek();
    document.activeElement.blur();
  } else if (event.key === "ArrowDown" && (typing || place >= 0)) links[Math.min(place + 1, links.length - 1)].focus();
  else if (event.key === "ArrowUp" && place >= 0) (links[place - 1] || search).focus();
  else if (event.key === "Enter" && typing && search.value.trim()) links[0]?.click();
  else return;
  event.preventDefault();
});

/* ── following links ── */
function follow() {
  const key = decodeURIComponent(location.hash.slice(1));
  const target = key && document.getElementById(key);
  if (!target) return choose("");
  const model = target.closest(".model");
  const button = target.matches("tr") && target.querySelector("button.column[aria-expanded=false]");
  choose(model ? model.id : key, button ? toggleLineage(button) : null);
  target.scrollIntoView();
}
addEventListener("hashchange", follow);
measure();
follow();

"use strict";
// ---- Elements, numbers, tables -------------------------------------------------------
// Whatever a user wrote (names, codes, cells) comes in as text nodes and attributes,
// never as HTML: nothing on this page is set through innerHTML.

const SVG = "http://www.w3.org/2000/svg";
const NONE = 65535; // "no value" in 16 bits
const MOST_ROWS = 300; // of a table on the page; the CSV holds all
const themeListeners = []; // what must be drawn anew when light turns to dark

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

const el = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);

const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, name), attributes, children);

const by = (id) => document.getElementById(id);

/** Say something to people who listen instead of look. */
function say(text) {
  by("spoken").textContent = text;
}

/** Write a number with as many digits as help; a dash where there is none. */
function number(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const decimals = digits ?? (Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return value.toLocaleString("en-GB", {
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: decimals,
  });
}

const heading = (column) => column.replaceAll("_", " ");
const cell = (value) => (typeof value === "number" ? number(value) : value === null ? "" : String(value));

/** Return the rows of an embedded table as objects keyed by column. */
function records(table) {
  return table.rows.map((row) => Object.fromEntries(row.map((value, i) => [table.columns[i], value])));
}

// What is wider than its place, or taller than a table's box, scrolls and says so.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) signOverflow(target.closest(".scroll"));
});

function signOverflow(box) {
  const right = box.scrollWidth > box.clientWidth + 1;
  const down = box.scrollHeight > box.clientHeight + 1;
  box.classList.toggle("wide", right);
  if (right || down) box.setAttribute("tabindex", 0);
  else box.removeAttribute("tabindex");
  box.nextSibling.textContent = [right ? "Scroll sideways for the rest →" : "", down ? "Scroll down for the rest ↓" : ""].filter(Boolean).join("  ");
}

/** A box that lets wide things scroll; of the kind `rows` it is of limited height. */
function scrolled(drawn, label, kind = "") {
  const box = el("div", { class: `scroll ${kind}`, role: "group", "aria-label": label }, drawn);
  for (const node of [box, ...box.children]) boxes.observe(node);
  return el("div", { class: "scroller" }, box, el("p", { class: "more faint" }));
}

function dataTable(table, caption) {
  const numeric = table.columns.map((_, i) => table.rows.some((row) => typeof row[i] === "number"));
  const row = (cells, tag) =>
    el("tr", {}, cells.map((value, i) => el(tag, { class: numeric[i] ? "number" : null, scope: tag === "th" ? "col" : null }, tag === "th" ? heading(value) : cell(value))));
  const shown = table.rows.slice(0, MOST_ROWS);
  return el("div", {},
    scrolled(el("table", {},
      el("caption", { class: "spoken" }, caption),
      el("thead", {}, row(table.columns, "th")),
      el("tbody", {}, shown.map((cells) => row(cells, "td")))), caption, "rows"),
    table.rows.length > MOST_ROWS
      ? el("p", { class: "faint" }, `The first ${MOST_ROWS} of ${number(table.rows.length)} rows; the CSV holds all.`)
      : null);
}

function toCsv(table) {
  const quoted = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [table.columns, ...table.rows].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
}

const download = (name, text) => downloadBlob(name, new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));

function downloadBlob(name, blob) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The table behind a chart: opened and downloaded on demand. `table` may be a function. */
function tableBehind(table, title, file) {
  const read = () => (typeof table === "function" ? table() : table);
  const details = el("details", { class: "behind" },
    el("summary", {}, "Table", el("span", { class: "spoken" }, ` behind ${title}`)),
    el("button", { type: "button", onclick: () => download(`${file}.csv`, toCsv(read())) }, "Download CSV"));
  let drawn = null;
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    drawn?.remove();
    drawn = dataTable(read(), title);
    details.append(drawn);
  });
  return details;
}

let reading = {}; // how to read a chart, by its table

/** What a chart tells and what it doesn't, with its source; folded. */
function howToRead(table) {
  const said = reading[table];
  return said ? el("details", { class: "folded how" }, el("summary", {}, "How to read this"), el("p", {}, said.text), el("p", { class: "faint" }, `Source: ${said.source}.`)) : null;
}

/** A chart with its title, what it shows in words, and the table behind it. */
function chart(title, words, drawing, table, file, kind = "", read = file) {
  return el("figure", { class: `chart ${kind}` },
    el("figcaption", {}, el("h3", {}, title), words ? el("p", { class: "faint" }, words) : null, howToRead(read)),
    drawing ? scrolled(el("div", { class: "drawing" }, drawing), title) : null,
    table ? tableBehind(table, title, file) : null);
}

function select(label, options, onchange, value) {
  const group = (entries) => entries.map((entry) =>
    entry.group
      ? el("optgroup", { label: entry.group }, group(entry.options))
      : el("option", { value: entry.value, selected: entry.value === value }, entry.text));
  const control = el("select", { onchange: () => onchange(control.value) }, group(options));
  return el("label", { class: "control" }, el("span", {}, label), control);
}

function checkbox(label, checked, onchange) {
  const control = el("input", { type: "checkbox", onchange: () => onchange(control.checked) });
  control.checked = checked;
  return el("label", { class: "check" }, control, label);
}

const swatch = (colour) => el("span", { class: "swatch", style: { background: colour }, "aria-hidden": "true" });

/** A ramp's colours with what they stand for, at even places from its start to its end. */
function rampKey(steps, labels) {
  return el("div", { class: "ramp-key" },
    el("div", { class: "ramp", style: { background: `linear-gradient(to right, ${steps.join(", ")})` }, role: "img", "aria-label": `Colours from ${labels[0]} to ${labels.at(-1)}` }),
    el("div", { class: "ramp-labels" }, labels.map((label) => el("span", {}, label))));
}

/** Show a hint beside the pointer. */
function showHint(lines, event) {
  const hint = by("hint");
  hint.replaceChildren(...lines.map((line, i) => el(i ? "div" : "strong", {}, line)));
  hint.hidden = false;
  const { width, height } = hint.getBoundingClientRect();
  hint.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
  hint.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18}px`;
}

function hideHint() {
  by("hint").hidden = true;
}

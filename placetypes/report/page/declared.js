// ---- Sections that report/sections.yml declares: charts of a table's columns ---------------

/** The sections of which a table is there, in the form of JobPart's own. */
function declaredSections(job) {
  return Object.entries(job.page.sections).map(([id, { title: name, charts }]) => {
    const there = charts.filter(({ table }) => job.has(table));
    return [name, () => there.map((entry) => declaredChart(job, entry)), id, there.length];
  });
}

function declaredChart(job, entry) {
  const { table: name, kind, title: text, words } = entry;
  const table = job.tables[name];
  const rows = records(table);
  if (kind === "sentences") return el("figure", { class: "chart whole" }, el("figcaption", {}, el("h3", {}, text)), el("ul", { class: "sentences" }, rows.map((row) => el("li", {}, row.text))));
  if (kind === "table") return chart(text, words, dataTable(table, text), table, name, "whole");
  if (kind === "lines") return chart(text, words, el("div", { class: "scores" }, Object.entries(entry.y).map(([column, said]) => errorLine(rows, entry.x, column, said, job.chosen))), table, name, "whole");
  const bars = rows.map((row) => ({
    text: job.colours[row[entry.label]] ? job.nameOf(row[entry.label]) : capital(heading(String(row[entry.label]))),
    value: row[entry.value],
    colour: job.colours[row[entry.label]],
    line: rows[0][entry.line] === undefined ? entry.line : row[entry.line],
  })).filter((row) => row.value !== null);
  return chart(text, words, barChart(bars, `${text}.`, { digits: bars.some((row) => Math.abs(row.value) < 1) ? 2 : 1 }), table, name);
}

/** A small line of a column by x, with one standard error around each value. */
function errorLine(rows, x, column, { text, error }, chosen) {
  return scoreChart(rows.map((row) => ({ ...row, k: row[x] })), column, text, null, chosen, error);
}

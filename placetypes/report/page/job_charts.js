// ---- The charts of a job's sections, all but its maps ------------------------------------

/** Each cluster's size, clusters within others below them, and their portraits. */
function clusterCharts(job) {
  const rows = job.clusters;
  const has = (column) => job.tables.cluster_summary.columns.includes(column);
  const share = (value) => (value === null ? "–" : `${number(value, 1)} %`);
  const columns = [
    ["Areas", "areas", number],
    ["Share of areas", "share_of_areas", share],
    ["Residents", "population", (value) => (value === null ? "unknown" : number(value, 0))],
    ["Share of residents", "share_of_population", share],
    [`Mean ${job.target}`, "target_mean", (value) => number(value, 1)],
  ].filter(([, column]) => has(column));
  const kept = ["cluster", "name", ...columns.map(([, column]) => column), "areas_without_target"].filter((column) => column === "name" || has(column));
  const [, second] = job.levels;
  const valueOf = (row, column) => (column === "name" ? job.names.get(row.cluster)?.name ?? "" : row[column]);
  const table = { columns: kept, rows: rows.map((row) => kept.map((column) => valueOf(row, column))) };
  const drawn = el("table", { class: "clusters" },
    el("thead", {}, el("tr", {}, ["Cluster", ...columns.map(([text]) => text)].map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", { class: second ? (row.parent === null ? "outer" : "inner") : null },
      el("th", { scope: "row" }, swatch(job.colours[row.cluster]), job.nameOf(row.cluster)),
      columns.map(([, column, text]) => el("td", { class: "number" }, text(row[column])))))));
  const counts = joined(job.levels.map(({ name }) => `${rows.filter((row) => row.level === name).length} ${plural(name)}`)) || `${rows.length} clusters`;
  const largest = (parent) => rows.filter((row) => row.parent === parent).reduce((a, b) => (b.areas > a.areas ? b : a)).cluster;
  const top = largest(null);
  const words = second ? `${counts}. ${job.nameOf(top)} has the most areas; ${job.nameOf(largest(top))} is its largest ${heading(second.name)}.` : `${counts}; ${job.nameOf(top)} has the most areas.`;
  return [
    chart(has("population") ? "Areas and residents" : "Areas", words, drawn, table, job.said.files.clusters ?? "clusters", second ? "whole" : ""),
  ];
}

/** Index scores of one level, or of all. */
function profileCharts(job) {
  const holder = el("div");
  const scored = new Set(job.rows("index_scores").map((row) => row.level));
  const levels = job.levels.map(({ name }) => name).filter((name) => scored.has(name));
  const columns = [...levels.map((name) => [[name], capital(plural(name))]), ...(levels.length > 1 ? [[levels, capital(joined(levels.map(plural)))]] : [])];
  // A wide window has room for all levels at once.
  let [shown, measure] = [(innerWidth > 1700 ? columns.at(-1) : columns[0])[0], "index_score"];
  const draw = () => holder.replaceChildren(heatmap(job, shown, measure));
  draw();
  return [
    el("div", { class: "controls" },
      select("Columns", columns.map(([names, text]) => ({ value: names.join(" "), text })), (value) => { shown = value.split(" "); draw(); }, shown.join(" ")),
      select("Score", [{ value: "index_score", text: "Index of the published percentages" }, { value: "index_score_scaled", text: "Index of the scaled values" }], (value) => { measure = value; draw(); }, measure),
      rampKey(job.page.scheme.index, ["0", "50", "100", "150", "≥ 200"])),
    holder,
  ];
}

function heatmap(job, levels, measure) {
  const place = job.tables.index_scores.columns.indexOf("level");
  const plain = (row) => row.filter((_, i) => i !== place);
  const own = levels.flatMap((level) => job.tables.index_scores.rows.filter((row) => row[place] === level));
  const table = { columns: plain(job.tables.index_scores.columns), rows: own.map(plain) };
  const scores = new Map(records(table).map((row) => [`${row.variable} ${row.cluster}`, row]));
  const found = new Set(records(table).map((row) => row.cluster));
  const ordered = job.clusters.filter((row) => levels.includes(row.level) && found.has(row.cluster));
  const clusters = ordered.length ? ordered.map((row) => row.cluster) : [...found];
  const parted = ordered.some((row) => row.parent !== null);
  const starts = (i) => parted && (i === 0 || ordered[i].root !== ordered[i - 1].root);
  // A band that chance could have moved: two errors do not part the score from 80 or 120.
  const unclear = (row) => measure === "index_score" && row.is_clear === false;
  const marked = [...scores.values()].some(unclear);
  let domain = null;
  const body = job.variables.flatMap((variable) => {
    const cells = clusters.map((cluster, i) => {
      const row = scores.get(`${variable.variable} ${cluster}`);
      const score = row?.[measure] ?? null;
      const colour = score === null ? null : indexColour(job.page.scheme.index, score);
      return el("td", {
        class: starts(i) ? "number start" : "number",
        style: colour ? { background: colour, color: inkOn(colour) } : {},
        title: row ? `${job.nameOf(cluster)}, ${variable.variable_name}: mean ${number(row.cluster_mean)}, region ${number(row.overall_mean)}${row.standard_error == null ? "" : `; index ± ${number(row.standard_error)} (one standard error)`}` : null,
      }, score !== null && unclear(row) ? `${number(score, 0)}*` : number(score, 0));
    });
    const head = variable.domain === domain ? [] : [el("tr", { class: "domain" }, el("th", { colspan: clusters.length + 1, scope: "colgroup" }, variable.domain ?? "Other"))];
    domain = variable.domain;
    return [...head, el("tr", {}, el("th", { scope: "row", title: variable.variable }, variable.variable_name), cells)];
  });
  const drawn = el("table", { class: "heatmap" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Variable"), clusters.map((cluster, i) => el("th", { scope: "col", class: starts(i) ? "number start" : "number", title: job.nameOf(cluster) }, swatch(job.colours[cluster]), el("div", { class: "head-name" }, job.nameOf(cluster)))))),
    el("tbody", {}, body));
  return chart("Index scores", `100 is the region's mean of all classified areas; 200 is twice as much.${marked ? " A score with an asterisk isn't clear of 80 or 120 by two standard errors." : ""}${parted ? ` A thick line parts the ${plural(job.levels[0].name)}.` : ""}`, drawn, table, "index_scores", "whole");
}

/** The clustergram of all areas, and those within each cluster that is split further. */
function clustergramCharts(job) {
  const { tables } = job;
  const pick = (name, parent) => ({ columns: tables[name].columns, rows: tables[name].rows.filter((row) => row[0] === parent) });
  const within = job.levels.filter(({ name }) => job.has(`${name}_clustergrams`, `${name}_clustergram_flows`, `${name}_clustergram_scores`));
  const words = "Each dot is a cluster, its size the number of areas; bands show where the areas go when k grows.";
  return [
    clustergramFigure("All areas", words, tables.clustergram, tables.clustergram_flows, tables.clustergram_scores, job.chosen, job.said.files.clustergram ?? "clustergram"),
    ...within.flatMap((level) => job.clusters.filter((row) => row.level === level.parent).map(({ cluster }) => {
      const size = job.clusters.filter((row) => row.level === level.name && row.parent === cluster).length;
      const own = ["clustergrams", "clustergram_flows", "clustergram_scores"].map((name) => pick(`${level.name}_${name}`, cluster));
      return clustergramFigure(`Within ${heading(level.parent)} ${job.nameOf(cluster)}`, "", ...own, size, `clustergram_${cluster}`);
    })),
  ];
}

function variableCharts(job) {
  const variance = el("div");
  const draw = (column) => {
    const rows = job.variables.map((row) => ({ text: row.variable_name, value: row[column] ?? 0 })).sort((a, b) => b.value - a.value);
    variance.replaceChildren(chart("Variance", "A variable that varies little parts few areas from others.", barChart(rows, "Variance of each variable, the largest first.", { digits: column === "variance" ? undefined : 3 }), job.tables.variables, "variables"));
  };
  draw("scaled_variance");
  const bars = new Map();
  for (const row of job.rows("histograms")) {
    const key = `${row.variable} ${row.stage}`;
    if (!bars.has(key)) bars.set(key, []);
    bars.get(key).push(row);
  }
  const others = job.rows("file_histograms");
  const small = job.variables.map((row) => el("div", { class: "pair" },
    el("h4", {}, row.variable_name, row.left_out_because ? el("span", { class: "faint" }, ` (not clustered: ${row.left_out_because})`) : null),
    el("div", {}, ["published", "scaled"].map((stage) => histogram(bars.get(`${row.variable} ${stage}`) ?? [], `${row.variable_name}, ${stage}: per cent of the areas by value.`, stage === "published" ? others.filter((bar) => bar.variable === row.variable) : [])))));
  return [
    el("div", { class: "controls" }, select("Variance of", [{ value: "scaled_variance", text: "the scaled values, which cluster" }, { value: "variance", text: "the published values" }], draw, "scaled_variance")),
    variance,
    chart("Before and after the transform", `Left: the percentages as published. Right: as they are transformed and scaled to cluster. Per cent of the areas in each bar${others.length ? "; the line is all areas of the file" : ""}.`, el("div", { class: "pairs" }, small), job.tables.histograms, "variable_histograms", "whole"),
  ];
}

function correlationCharts(job) {
  const place = new Map(job.variables.map((row, i) => [row.variable, i]));
  const count = job.variables.length;
  const values = new Array(count * count).fill(null);
  for (const { variable, partner, correlation } of job.rows("correlations")) {
    const [a, b] = [place.get(variable), place.get(partner)];
    values[a * count + b] = values[b * count + a] = correlation;
  }
  const pairs = job.tables.high_correlations;
  const matrix = matrixChart(job.variables.map((row) => row.variable_name), (a, b) => values[a * count + b], job.page.scheme.diverging, "Matrix of Pearson's correlations between all variables; the table holds every pair.");
  return [
    chart("Correlations of the scaled values", "Purple: the more of one, the less of the other; orange: the more, the more. Point at a cell for its r.", [rampKey(job.page.scheme.diverging, ["−1", "−0.5", "0", "0.5", "1"]), matrix], job.tables.correlations, "correlations", "whole"),
    ...(pairs ? [chart(`Pairs above |r| = ${job.parameter("correlation_threshold") ?? "the threshold"}`, pairs.rows.length ? "Two variables that say nearly the same count twice in the clusters." : "No pair of variables is that strongly correlated.",
      pairs.rows.length ? dataTable(pairs, "Pairs of variables above the threshold") : null, pairs, "high_correlations", "whole")] : []),
  ];
}

/** The exports of a job without a map, as tables. */
function exportedTables(job) {
  return job.data.exports.map(({ file, rows, table }) => {
    const part = rows > table.rows.length ? ` The first ${number(table.rows.length)} are on this page.` : "";
    return chart(file, `${number(rows)} rows: ${job.name}/${file}.${part}`, dataTable(table, file), table, file.replace(/\.\w+$/, ""), "whole");
  });
}

// ---- Charts of what is counted by class: records against a base, places by their classes ----

/** Levels of a table's rows as choices of a select, the coarsest first. */
function levelChoices(rows) {
  const names = new Map(rows.map((row) => [row.level, row.level_name]));
  return [...names].sort(([a], [b]) => a - b).map(([value, name]) => ({ value: String(value), text: capital(heading(name)) }));
}

/** What depends on a level of the rows, drawn anew when another one is chosen. */
function byLevelOf(rows, draw, more = []) {
  const choices = levelChoices(rows);
  const holder = el("div", { class: "holder" });
  let level = choices[0].value;
  const redraw = () => holder.replaceChildren(...draw(Number(level)).filter(Boolean));
  redraw();
  const levels = choices.length > 1 ? [select("Level", choices, (value) => { level = value; redraw(); }, level)] : [];
  const controls = [...levels, ...more.map((make) => make(redraw))];
  return [controls.length ? el("div", { class: "controls" }, controls) : null, holder].filter(Boolean);
}

const OTHERS = "all others";
const classText = (row) => (row.class === null ? OTHERS : row.class_name ? `${row.class} · ${row.class_name}` : row.class);
const labelWidth = (texts) => Math.min(250, 24 + 6.4 * Math.max(...texts.map((text) => text.length)));
const tableOf = (table, kept) => ({ columns: table.columns, rows: table.rows.filter((row, i) => kept(records(table)[i])) });

/** Records by class: index with its interval, gains, and where each class stands in a plan. */
function recordCharts(job) {
  const rows = job.rows("shown_profile");
  const most = job.parameter("smallest_count");
  return byLevelOf(rows, (level) => {
    const own = rows.filter((row) => row.level === level);
    const hidden = own.find((row) => row.class === null);
    const table = tableOf(job.tables.shown_profile, (row) => row.level === level);
    const gini = job.rows("gains_gini").find((row) => row.level === level)?.gini;
    const total = own.reduce((sum, row) => sum + row.records, 0);
    return [
      el("p", { class: "faint" }, `${number(total, 0)} records. ${hidden ? `${number(hidden.classes)} classes are shown as “${OTHERS}”: they hold fewer than ${number(most)} records each, or would give away such a count.` : `Each class shown holds ${number(most)} records or more.`}`),
      chart("Index", "Share of the records against share of the base; 100 is as many as the base lets expect. Lines are 95 % intervals.", indexChart(job, own), table, "records_by_class"),
      el("div", { class: "twin" }, chart("Gains", `How many of the records lie in the classes of the highest index, and how much of the base${gini === undefined ? "." : `. Gini ${number(gini, 2)}.`}`, gainsChart(own), gainsTable(own), "gains"),
        chart("Game plan", "Large classes of a high index are the core; small ones a niche. Dotted lines are the thresholds.", planChart(job, own), table, "game_plan")),
    ];
  });
}

function indexChart(job, rows) {
  const shown = rows.filter((row) => row.index_score !== null).sort((a, b) => b.index_score - a.index_score);
  const label = labelWidth(shown.map(classText));
  const [width, step, top] = [430 + label, 21, 10];
  const bottom = top + shown.length * step;
  const node = frame(width, bottom + 40, "Index of each class with its interval.");
  const ends = shown.flatMap((row) => [row.index_score, row.index_high ?? row.index_score]);
  const highest = Math.max(110, Math.min(Math.max(...ends), 3 * Math.max(...shown.map((row) => row.index_score))));
  const x = linear(0, highest, label, width - 46);
  for (const value of ticks(0, highest)) node.append(svg("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: bottom }), svg("text", { class: "tick", x: x(value), y: bottom + 14, "text-anchor": "middle" }, number(value)));
  shown.forEach((row, i) => {
    const middle = top + i * step + step / 2;
    const [start, end] = [x(100), x(Math.min(row.index_score, highest))].sort((a, b) => a - b);
    const interval = row.index_low === null ? "" : ` (${number(row.index_low, 0)} to ${number(row.index_high, 0)})`;
    const words = `${classText(row)}: index ${number(row.index_score, 0)}${interval}; ${number(row.records, 0)} records, ${number(row.share, 1)} % for ${number(row.base_share, 1)} % of the base`;
    node.append(
      svg("text", { class: "tick", x: label - 8, y: middle + 4, "text-anchor": "end" }, cut(classText(row), 38), title(classText(row))),
      svg("rect", { class: "bar", x: start, y: middle - 7, width: Math.max(1, end - start), height: 14, style: { fill: indexColour(job.page.scheme.index, row.index_score), stroke: "var(--line)" } }, title(words)));
    if (row.index_low !== null) node.append(svg("line", { class: "whisker", x1: x(row.index_low), x2: x(Math.min(row.index_high, highest)), y1: middle, y2: middle }));
    const after = x(Math.min(Math.max(row.index_score, row.index_high ?? 0, 100), highest)) + 5;
    node.append(svg("text", { class: "tick", x: after, y: middle + 4 }, number(row.index_score, 0)));
  });
  node.append(svg("line", { class: "axis", x1: x(100), x2: x(100), y1: top, y2: bottom }),
    svg("text", { class: "name", x: (label + width - 46) / 2, y: bottom + 32, "text-anchor": "middle" }, "Index"));
  return node;
}

/** Classes by index with what those up to each gather. */
function gainsOf(rows) {
  let [share, base] = [0, 0];
  return rows.filter((row) => row.index_score !== null).sort((a, b) => b.index_score - a.index_score).map((row) => ({
    ...row, cumulative_base_share: (base += row.base_share), cumulative_share: (share += row.share),
  }));
}

function gainsTable(rows) {
  const columns = ["class", "index_score", "share", "base_share", "cumulative_share", "cumulative_base_share"];
  return { columns, rows: gainsOf(rows).map((row) => columns.map((column) => (column === "class" ? classText(row) : row[column]))) };
}

function gainsChart(rows) {
  const [width, height, left, top, right, bottom] = [440, 400, 46, 26, 424, 356];
  const node = frame(width, height, "Gains: cumulative share of the records against that of the base.");
  const [x, y] = [linear(0, 100, left, right), linear(0, 100, bottom, top)];
  const steps = [0, 20, 40, 60, 80, 100];
  axes(node, { x, y, xTicks: steps, yTicks: steps, box: [left, top, right, bottom], xTitle: "Share of the base, %", yTitle: "Share of the records, %" });
  node.append(svg("line", { class: "axis", x1: x(0), y1: y(0), x2: x(100), y2: y(100), "stroke-dasharray": "4 4" }));
  const points = gainsOf(rows);
  node.append(svg("polyline", { class: "line", points: [[0, 0], ...points.map((row) => [row.cumulative_base_share, row.cumulative_share])].map(([a, b]) => `${x(a)},${y(b)}`).join(" ") }));
  points.forEach((row, i) => node.append(
    svg("circle", { class: "dot", cx: x(row.cumulative_base_share), cy: y(row.cumulative_share), r: 4 },
      title(`up to ${classText(row)}: ${number(row.cumulative_share, 1)} % of the records in ${number(row.cumulative_base_share, 1)} % of the base`)),
    points.length <= 12 && row.class !== null ? svg("text", { class: "tick", x: x(row.cumulative_base_share) - 7, y: y(row.cumulative_share) - 6, "text-anchor": "end" }, row.class) : ""));
  return node;
}

function planChart(job, rows) {
  const shown = rows.filter((row) => row.class !== null && row.index_score !== null);
  const [width, height, left, top, right, bottom] = [520, 400, 46, 26, 504, 356];
  const node = frame(width, height, "Classes by their share of the records and their index.");
  if (!shown.length) return node;
  const [high, low, large] = ["high_index", "low_index", "large_share"].map((name) => job.parameter(name));
  const widest = 1.1 * Math.max(large * 1.5, ...shown.map((row) => row.share));
  const highest = 1.1 * Math.max(high, ...shown.map((row) => row.index_score));
  const [x, y] = [linear(0, widest, left, right), linear(0, highest, bottom, top)];
  axes(node, { x, y, xTicks: ticks(0, widest), yTicks: ticks(0, highest), box: [left, top, right, bottom], xTitle: "Share of the records, %", yTitle: "Index" });
  const dotted = (x1, y1, x2, y2) => svg("line", { class: "axis", x1, y1, x2, y2, "stroke-dasharray": "2 4" });
  node.append(dotted(left, y(high), right, y(high)), dotted(x(large), y(low), right, y(low)), dotted(x(large), top, x(large), bottom));
  const corner = (at, up, anchor, text) => svg("text", { class: "name", x: at, y: up, "text-anchor": anchor, "font-style": "italic" }, text);
  node.append(corner(right - 4, top + 10, "end", "core"), corner(left + 6, top + 10, "start", "niche"), corner(right - 4, y(low) - 6, "end", "developing"), corner(left + 6, bottom - 8, "start", "the rest"));
  for (const row of shown)
    node.append(
      svg("circle", { class: "dot", cx: x(row.share), cy: y(row.index_score), r: 5 }, title(`${classText(row)}: ${row.plan}; ${number(row.share, 1)} % of the records, index ${number(row.index_score, 0)}`)),
      svg("text", { class: "tick", x: x(row.share) + 7, y: y(row.index_score) + 4 }, row.class));
  return node;
}

/** What the plan says of each class in each district. */
function districtPlans(job) {
  const rows = job.rows("district_plans");
  const classes = [...new Set(rows.map((row) => row.class))].sort();
  const places = [...new Set(rows.map((row) => row.place))].sort();
  const plans = new Map(rows.map((row) => [`${row.place} ${row.class}`, row.plan]));
  const marks = { core: "core", niche: "niche", developing: "developing", "the rest": "rest", "too few": "–" };
  const drawn = el("table", {},
    el("thead", {}, el("tr", {}, ["District", ...classes].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, places.map((place) => el("tr", {}, el("th", { scope: "row" }, place), classes.map((one) => {
      const plan = plans.get(`${place} ${one}`);
      return el("td", { style: plan === "core" ? { fontWeight: 600 } : {} }, marks[plan] ?? "");
    })))));
  return [chart("Plan by district", `What the thresholds make of each class in each district; – where it holds fewer than ${number(job.parameter("smallest_count"))} records.`,
    scrolled(drawn, "Plan by district"), job.tables.district_plans, "plan_by_district", "whole")];
}

/** Wider places by the class that most of their residents live in. */
function placeCharts(job) {
  const rows = job.rows("place_dominance");
  const kinds = [...new Set(rows.map((row) => row.kind))];
  let kind = kinds[0];
  const ofKind = (redraw) => select("Places", kinds.map((value) => ({ value, text: value })), (value) => { kind = value; redraw(); }, kind);
  return byLevelOf(rows, (level) => {
    const kept = (row) => row.kind === kind && row.level === level;
    const own = rows.filter(kept);
    const places = own.reduce((sum, row) => sum + row.places, 0);
    const mixed = places - own.reduce((sum, row) => sum + row.majority_places, 0);
    const bars = own.map((row) => ({ text: row.dominant_class, value: row.places, words: `${row.dominant_class}: dominant in ${number(row.places)} places, in ${number(row.majority_places)} of them with more than half of the residents; mean share ${number(row.mean_share, 1)} %` }));
    const shares = job.rows("place_shares").filter(kept);
    const spread = job.rows("class_segregation").filter(kept);
    const joins = job.rows("class_joins").filter((row) => row.level === level);
    const words = (name) => `${name} of each class`;
    const axis = { digits: 2 };
    return [el("div", { class: "twin" }, [
      chart("Dominant class", `In ${number(mixed)} of ${number(places)} places (${number((100 * mixed) / (places || 1), 0)} %) fewer than half of the residents live in the dominant class.`,
        barChart(bars, "Places by their dominant class.", { digits: 0, axisTitle: "Places" }), tableOf(job.tables.place_dominance, kept), "dominant_classes"),
      chart("How dominant", "Places by the share of residents who live in the dominant class, %.", histogram(shares.map((row) => ({ ...row, areas: row.places })), "Places by the share of the dominant class."), tableOf(job.tables.place_shares, kept), "dominant_shares"),
      spread.length ? chart("Dissimilarity", "Share of a class that would have to move to be spread over the places as the others are.", barChart(spread.map((row) => ({ text: row.class, value: row.dissimilarity })), words("Dissimilarity"), axis), tableOf(job.tables.class_segregation, kept), "segregation") : null,
      spread.length ? chart("Isolation", "Share of the own class in the place of its average resident.", barChart(spread.map((row) => ({ text: row.class, value: row.isolation })), words("Isolation"), axis)) : null,
      joins.length ? chart("Moran's I", "How areas of a class lie together: 0 as by chance, 1 all in one.", barChart(joins.map((row) => ({ text: row.class, value: row.morans_i, words: `${row.class}: Moran's I ${number(row.morans_i, 2)}, z ${number(row.z, 1)}` })), words("Moran's I"), axis), tableOf(job.tables.class_joins, (row) => row.level === level), "autocorrelation") : null,
    ])];
  }, kinds.length > 1 ? [ofKind] : []);
}

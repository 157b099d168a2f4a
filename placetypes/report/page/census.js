// ---- The census part ---------------------------------------------------------------------

class Census {
  constructor(page) {
    this.page = page;
    this.data = page.census;
    this.tables = this.data.tables;
    this.layer = new Layer(this.data.layer);
    this.variables = records(this.tables.variables);
    this.variable = new Map(this.variables.map((row) => [row.variable, row]));
    this.names = new Map(records(this.tables.names).map((row) => [row.cluster, row]));
    this.outside = new Set(this.data.outside);
    this.chosen = this.tables.cluster_summary.rows.length;
  }

  nameOf(cluster) {
    const name = this.names.get(cluster)?.name;
    return name ? `${cluster} · ${name}` : cluster;
  }

  draw() {
    const sections = [
      ["Map", () => this.explorer().node, "map"],
      ["Clusters", () => this.clusters(), "clusters"],
      ["Profiles", () => this.profiles(), "profiles"],
      ["Clustergrams", () => this.clustergrams(), "clustergrams"],
      ["Variables", () => this.variableCharts(), "variables"],
      ["Correlations", () => this.correlations(), "correlations"],
    ];
    return drawSections("census", sections);
  }

  // -- Map
  explorer() {
    const domains = new Map();
    for (const row of this.variables) {
      const domain = row.domain ?? "Other";
      if (!domains.has(domain)) domains.set(domain, []);
      domains.get(domain).push({ value: row.variable, text: row.variable_name });
    }
    return new Explorer({
      layer: this.layer,
      name: "the census areas",
      choices: [
        { group: "Clusters", options: [{ value: "*supergroup", text: "Supergroup" }, { value: "*subgroup", text: "Subgroup" }] },
        { group: "Fit and people", options: [{ value: "*fit", text: "Fit to the supergroup" }, { value: "*population", text: "Usual residents" }] },
        ...[...domains].map(([group, options]) => ({ group, options })),
      ],
      asChoices: (choice) => choice.startsWith("*") ? [] : [
        { value: "value", text: "value of the area" },
        { value: "area", text: "index of the area" },
        { value: "supergroup", text: "index of its supergroup" },
        { value: "subgroup", text: "index of its subgroup" },
      ],
      colouringOf: (choice, as) => this.colouring(choice, as),
      describe: (unit, colouring) => this.hint(unit, colouring),
      details: (unit) => this.details(unit),
      labels: [...placeLabels(this.layer, this.page.places), ...nameLabels(this.layer, "district_name")],
    });
  }

  colouring(choice, as) {
    const { layer } = this;
    const { sequential, bands } = this.page.scheme;
    if (choice === "*supergroup") return categoryColouring(layer, "supergroup", "Supergroup", this.data.colours, (label) => this.nameOf(label));
    if (choice === "*subgroup") return categoryColouring(layer, "subgroup", "Subgroup", this.data.colours, (label) => this.nameOf(label));
    if (choice === "*fit") return quantileColouring(layer, "Fit (0 is on the border to the next supergroup)", layer.numbers("fit"), sequential);
    if (choice === "*population") return quantileColouring(layer, "Usual residents", layer.numbers("population"), sequential);
    const { variable_name: name, mean } = this.variable.get(choice);
    if (as === "value") return quantileColouring(layer, name, layer.numbers(choice), sequential);
    if (as === "area") return bandColouring(layer, `${name}: index of the area`, layer.numbers(choice).map((value) => (100 * value) / (mean || NaN)), bands);
    const scores = new Map(records(this.tables[as === "supergroup" ? "index_scores" : "subgroup_index_scores"]).filter((row) => row.variable === choice).map((row) => [row.cluster, row.index_score ?? NaN]));
    const { labels, values } = layer.categories(as);
    return bandColouring(layer, `${name}: index of the ${as}`, Float64Array.from(values, (place) => scores.get(labels[place]) ?? NaN), bands);
  }

  hint(unit, colouring) {
    const { layer } = this;
    const supergroup = layer.category("supergroup", unit);
    const fit = layer.numbers("fit")[unit];
    return [
      layer.codes[unit],
      layer.category("district_name", unit) ?? "outside the districts",
      this.nameOf(supergroup),
      this.nameOf(layer.category("subgroup", unit)),
      `Fit ${number(fit, 2)}`,
      ...(["Supergroup", "Subgroup"].includes(colouring.title) ? [] : [`${colouring.title}: ${colouring.textAt(unit)}`]),
    ];
  }

  details(unit) {
    const { layer } = this;
    const [supergroup, subgroup] = [layer.category("supergroup", unit), layer.category("subgroup", unit)];
    const fit = layer.numbers("fit")[unit];
    const within = layer.data.areas_within ? layer.cached("within", () => numbersOf(layer.data.areas_within))[unit] : null;
    const next = layer.category("next_supergroup", unit);
    const words = Number.isNaN(fit) ? "" : fit < 0.05 ? "close to the border" : fit < 0.2 ? "fits moderately" : "fits well";
    const badge = (cluster, kind) => el("div", { class: "badge" }, swatch(this.data.colours[cluster]), el("span", {}, `${kind} `, el("strong", {}, this.nameOf(cluster))));
    const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
    return [
      el("h3", {}, layer.codes[unit]),
      el("p", { class: "faint" }, [layer.category("district_name", unit) ?? "outside the districts", within ? `${number(within)} areas` : null, this.outside.has(unit) && !within ? "touches the region from outside" : null].filter(Boolean).join(" · ")),
      badge(supergroup, within ? "Mostly supergroup" : "Supergroup"),
      badge(subgroup, within ? "Mostly subgroup" : "Subgroup"),
      el("dl", {},
        fact("Fit", `${number(fit, 2)} (${words}${next ? `; next nearest: ${this.nameOf(next)}` : ""})`),
        fact("Usual residents", Number.isNaN(layer.numbers("population")[unit]) ? "unknown" : number(layer.numbers("population")[unit], 0))),
      this.foldedPortrait(supergroup, true),
      this.foldedPortrait(subgroup, false),
      ...this.extremes(unit),
    ];
  }

  portrait(cluster) {
    const row = this.names.get(cluster);
    if (!row?.portrait) return null;
    return el("div", { class: "portrait" }, el("h4", {}, this.nameOf(cluster)), el("p", {}, row.portrait), row.status && row.status !== "approved" ? el("p", { class: "faint" }, `Status: ${heading(row.status)}`) : null);
  }

  foldedPortrait(cluster, open) {
    const portrait = this.portrait(cluster);
    if (!portrait) return null;
    portrait.querySelector("h4").remove();
    return el("details", { class: "folded", open }, el("summary", {}, `Portrait of ${this.nameOf(cluster)}`), portrait);
  }

  /** Ten variables most over and ten most under the region's mean. */
  extremes(unit) {
    const scored = this.variables
      .filter((row) => row.mean > 0)
      .map((row) => ({ ...row, value: this.layer.numbers(row.variable)[unit] }))
      .filter((row) => !Number.isNaN(row.value))
      .map((row) => ({ ...row, index: (100 * row.value) / row.mean }));
    const over = scored.filter((row) => row.index > 100).sort((a, b) => b.index - a.index).slice(0, 10);
    // Of equal scores (many are 0) the variable that is commonest elsewhere says most.
    const under = scored.filter((row) => row.index < 100).sort((a, b) => a.index - b.index || b.mean - a.mean).slice(0, 10);
    return [["Ten most over-represented", over], ["Ten most under-represented", under]].map(([caption, rows]) =>
      el("table", { class: "extremes" },
        el("caption", {}, caption),
        el("thead", {}, el("tr", {}, ["Variable", "Here", "Region", "Index"].map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
        el("tbody", {}, rows.map((row) => {
          const colour = Object.values(this.page.scheme.bands)[bandOf(row.index)];
          return el("tr", {}, el("th", { scope: "row" }, row.variable_name), el("td", { class: "number" }, number(row.value)), el("td", { class: "number" }, number(row.mean)),
            el("td", { class: "number", style: { background: colour, color: inkOn(colour) } }, number(row.index, 0)));
        }))));
  }

  // -- Clusters
  clusters() {
    const groups = records(this.tables.subgroup_summary);
    const rows = records(this.tables.cluster_summary).flatMap((row) => [
      { ...row, cluster: row.supergroup, level: "supergroup" },
      ...groups.filter((group) => group.supergroup === row.supergroup).map((group) => ({ ...group, cluster: group.subgroup, level: "subgroup" })),
    ]);
    const columns = ["cluster", "name", "areas", "share_of_areas", "population", "share_of_population"];
    const table = { columns, rows: rows.map((row) => [row.cluster, this.names.get(row.cluster)?.name ?? "", row.areas, row.share_of_areas, row.population, row.share_of_population]) };
    const heads = ["Cluster", "Areas", "Share of areas", "Residents", "Share of residents"];
    const drawn = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Clusters" }, el("table", { class: "clusters" },
      el("thead", {}, el("tr", {}, heads.map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", { class: row.level },
        el("th", { scope: "row" }, swatch(this.data.colours[row.cluster]), this.nameOf(row.cluster)),
        el("td", { class: "number" }, number(row.areas)),
        el("td", { class: "number" }, `${number(row.share_of_areas, 1)} %`),
        el("td", { class: "number" }, row.population === null ? "unknown" : number(row.population, 0)),
        el("td", { class: "number" }, row.share_of_population === null ? "–" : `${number(row.share_of_population, 1)} %`))))));
    const portraits = records(this.tables.names).filter((row) => row.portrait);
    return [
      chart("Areas and residents", `${this.chosen} supergroups and ${groups.length} subgroups. A has the most areas; A1 is the largest subgroup of A.`, drawn, table, "clusters", "whole"),
      portraits.length
        ? el("div", { class: "portraits" }, portraits.map((row) => el("article", { class: row.level === "subgroup" ? "minor" : null }, swatch(this.data.colours[row.cluster]), this.portrait(row.cluster))))
        : el("p", { class: "faint" }, "The clusters bear letters only: no names have been written yet."),
    ];
  }

  // -- Profiles
  profiles() {
    const holder = el("div");
    const both = { supergroups: ["index_scores"], subgroups: ["subgroup_index_scores"], both: ["index_scores", "subgroup_index_scores"] };
    let [level, measure] = ["supergroups", "index_score"];
    const draw = () => holder.replaceChildren(this.heatmap(both[level], measure));
    draw();
    const bands = Object.entries(this.page.scheme.bands);
    return [
      el("div", { class: "controls" },
        select("Columns", [["supergroups", "Supergroups"], ["subgroups", "Subgroups"], ["both", "Supergroups and subgroups"]].map(([value, text]) => ({ value, text })), (value) => { level = value; draw(); }, level),
        select("Score", [{ value: "index_score", text: "Index of the published percentages" }, { value: "index_score_scaled", text: "Index of the scaled values" }], (value) => { measure = value; draw(); }, measure),
        el("span", { class: "key" }, bands.map(([band, colour]) => el("span", {}, swatch(colour), band.replace("-", "–").replace(">=", "≥ ").replace("<", "< "))))),
      holder,
    ];
  }

  heatmap(names, measure) {
    const rows = names.flatMap((name) => records(this.tables[name]));
    const supergroups = this.tables.cluster_summary.rows.map((row) => row[0]);
    const letter = (cluster) => cluster.replace(/\d+$/, "");
    const rank = (cluster) => supergroups.indexOf(letter(cluster)) * 1000 + Number(cluster.slice(letter(cluster).length) || 0);
    const clusters = [...new Set(rows.map((row) => row.cluster))].sort((a, b) => rank(a) - rank(b));
    const scores = new Map(rows.map((row) => [`${row.variable} ${row.cluster}`, row]));
    const withSubgroups = clusters.length > supergroups.length;
    const starts = (cluster, i) => withSubgroups && (i === 0 || letter(cluster) !== letter(clusters[i - 1]));
    const colours = Object.values(this.page.scheme.bands);
    let domain = null;
    const body = this.variables.flatMap((variable) => {
      const cells = clusters.map((cluster, i) => {
        const row = scores.get(`${variable.variable} ${cluster}`);
        const score = row?.[measure] ?? null;
        const colour = score === null ? null : colours[bandOf(score)];
        return el("td", {
          class: starts(cluster, i) ? "number start" : "number",
          style: colour ? { background: colour, color: inkOn(colour) } : {},
          title: row ? `${this.nameOf(cluster)}, ${variable.variable_name}: mean ${number(row.cluster_mean)}, region ${number(row.overall_mean)}` : null,
        }, number(score, 0));
      });
      const head = variable.domain === domain ? [] : [el("tr", { class: "domain" }, el("th", { colspan: clusters.length + 1, scope: "colgroup" }, variable.domain ?? "Other"))];
      domain = variable.domain;
      return [...head, el("tr", {}, el("th", { scope: "row", title: variable.variable }, variable.variable_name), cells)];
    });
    const table = { columns: names.map((name) => this.tables[name].columns)[0], rows: names.flatMap((name) => this.tables[name].rows) };
    const drawn = el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": "Index scores" }, el("table", { class: "heatmap" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Variable"), clusters.map((cluster, i) => el("th", { scope: "col", class: starts(cluster, i) ? "number start" : "number", title: this.nameOf(cluster) }, swatch(this.data.colours[cluster]), el("div", { class: "head-name" }, this.nameOf(cluster)))))),
      el("tbody", {}, body)));
    return chart("Index scores", `100 is the region's mean of all classified areas; 200 is twice as much.${withSubgroups ? " A thick line parts the supergroups." : ""}`, drawn, table, "index_scores", "whole");
  }

  // -- Clustergrams
  clustergrams() {
    const pick = (name, supergroup) => ({ columns: this.tables[name].columns, rows: this.tables[name].rows.filter((row) => row[0] === supergroup) });
    const sizes = new Map();
    for (const row of records(this.tables.subgroup_summary)) sizes.set(row.supergroup, (sizes.get(row.supergroup) ?? 0) + 1);
    const words = "Each dot is a cluster, its size the number of areas; bands show where the areas go when k grows.";
    return [
      clustergramFigure("All areas", words, this.tables.clustergram, this.tables.clustergram_flows, this.tables.clustergram_scores, this.chosen, "clustergram"),
      ...[...sizes].map(([supergroup, size]) => clustergramFigure(`Within supergroup ${this.nameOf(supergroup)}`, "", pick("subgroup_clustergrams", supergroup), pick("subgroup_clustergram_flows", supergroup), pick("subgroup_clustergram_scores", supergroup), size, `clustergram_${supergroup}`)),
    ];
  }

  // -- Variables
  variableCharts() {
    const variance = el("div");
    const draw = (column) => {
      const rows = this.variables.map((row) => ({ text: row.variable_name, value: row[column] ?? 0 })).sort((a, b) => b.value - a.value);
      variance.replaceChildren(chart("Variance", "A variable that varies little parts few areas from others.", barChart(rows, "Variance of each variable, the largest first.", { digits: column === "variance" ? undefined : 3 }), this.tables.variables, "variables"));
    };
    draw("scaled_variance");
    const bars = new Map();
    for (const row of records(this.tables.histograms)) {
      const key = `${row.variable} ${row.stage}`;
      if (!bars.has(key)) bars.set(key, []);
      bars.get(key).push(row);
    }
    const small = this.variables.map((row) => el("div", { class: "pair" },
      el("h4", {}, row.variable_name, row.left_out_because ? el("span", { class: "faint" }, ` (not clustered: ${row.left_out_because})`) : null),
      el("div", {}, ["published", "scaled"].map((stage) => histogram(bars.get(`${row.variable} ${stage}`) ?? [], `${row.variable_name}, ${stage}: number of areas by value.`)))));
    return [
      el("div", { class: "controls" }, select("Variance of", [{ value: "scaled_variance", text: "the scaled values, which cluster" }, { value: "variance", text: "the published values" }], draw, "scaled_variance")),
      variance,
      chart("Before and after the transform", "Left: the percentages as published. Right: arcsinh, then scaled to 0–1 over the region.", el("div", { class: "pairs" }, small), this.tables.histograms, "variable_histograms", "whole"),
    ];
  }

  // -- Correlations
  correlations() {
    const place = new Map(this.variables.map((row, i) => [row.variable, i]));
    const count = this.variables.length;
    const values = new Array(count * count).fill(null);
    for (const [variable, partner, r] of this.tables.correlations.rows) {
      const [a, b] = [place.get(variable), place.get(partner)];
      values[a * count + b] = values[b * count + a] = r;
    }
    const pairs = this.tables.high_correlations;
    const threshold = this.page.run.parameters?.rows.find((row) => row[0] === "census.correlation_threshold")?.[1];
    return [
      chart("Correlations of the scaled values", "Purple: the more of one, the less of the other; orange: the more, the more. Point at a cell for its r.",
        matrixChart(this.variables.map((row) => row.variable_name), (a, b) => values[a * count + b], this.page.scheme.diverging, "Matrix of Pearson's correlations between all variables; the table holds every pair."),
        this.tables.correlations, "correlations", "whole"),
      chart(`Pairs above |r| = ${threshold ?? "the threshold"}`, pairs.rows.length ? "Two variables that say nearly the same count twice in the clusters." : "No pair of variables is that strongly correlated.",
        pairs.rows.length ? dataTable(pairs, "Pairs of variables above the threshold") : null, pairs, "high_correlations", "whole"),
    ];
  }
}

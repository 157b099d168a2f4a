// ---- The embeddings part -----------------------------------------------------------------

const SCHEMES = { quantile: "Quantiles", equal_interval: "Equal intervals", natural_breaks: "Natural breaks" };
const FEATURE_SETS = { socioeconomic: "Predictors alone", embeddings: "Embeddings alone", both: "Both together" };
const VALIDATIONS = { single_split: "single split", blocked: "unseen blocks" };
const MEASURES = { accuracy: "Accuracy", label_error: "Label error", macro_f1: "Macro F1", quadratic_weighted_kappa: "Quadratic weighted kappa" };

class Embeddings {
  constructor(page) {
    this.page = page;
    this.data = page.embeddings;
    this.tables = this.data.tables;
    this.layer = new Layer(this.data.layer);
    this.areaNames = this.data.area_names;
    this.colours = this.data.colours;
    this.breaks = records(this.tables.class_breaks);
    this.names = new Map(records(this.tables.names).map((row) => [row.cluster, row]));
    this.mapped = [...new Set(this.breaks.map((row) => row.variable))];
    // The target first, the rest as they come.
    this.mapped.sort((a, b) => (b === this.data.target) - (a === this.data.target));
    this.chosen = this.tables.cluster_summary.rows.length;
  }

  nameOf(cluster) {
    const name = this.names.get(cluster)?.name;
    return name ? `${cluster} · ${name}` : cluster;
  }

  areaName(unit) {
    return this.areaNames?.[unit] ?? "";
  }

  draw() {
    const has = (name) => this.tables[name].rows.length > 0;
    return drawSections("embeddings", [
      ["Map", () => this.explorer().node, "map"],
      ["Clusters", () => this.clusters(), "clusters"],
      ...(has("representative_areas") && this.areaNames ? [["Representative areas", () => this.representative(), "representative"]] : []),
      ...(this.mapped.length ? [["Two maps", () => this.twoMaps(), "two-maps"]] : []),
      ...(has("forest_scores") ? [["Forests", () => this.forests(), "forests"]] : []),
      ...(has("clustergram") ? [["Clustergram", () => this.clustergram(), "clustergram"]] : []),
    ]);
  }

  classes(variable, scheme) {
    const rows = this.breaks.filter((row) => row.variable === variable && row.scheme === scheme);
    const units = this.layer.cached(`k ${variable} ${scheme}`, () => {
      const held = this.data.classes[variable]?.[scheme];
      return held ? Uint16Array.from(bytesOf(held), (place) => (place ? place - 1 : NONE)) : null;
    });
    const values = this.layer.numbers(variable);
    const name = `${variable}, ${SCHEMES[scheme].toLowerCase()}`;
    const colours = pickColours(this.page.scheme.sequential, rows.length);
    return units
      ? classColouring(this.layer, name, units, rows.map((row) => row.label), colours, (unit) => number(values[unit]))
      : quantileColouring(this.layer, name, values, this.page.scheme.sequential);
  }

  explorer() {
    return new Explorer({
      layer: this.layer,
      name: "the embedding areas",
      choices: [
        { group: "Clusters", options: [{ value: "*cluster", text: "Cluster" }] },
        { group: "Variables", options: this.mapped.map((variable) => ({ value: variable, text: variable })) },
      ],
      asChoices: (choice) => (choice.startsWith("*") ? [] : Object.entries(SCHEMES).map(([value, text]) => ({ value, text }))),
      colouringOf: (choice, as) => choice === "*cluster"
        ? categoryColouring(this.layer, "cluster", "Cluster", this.colours, (label) => this.nameOf(label))
        : this.classes(choice, as),
      describe: (unit, colouring) => this.hint(unit, colouring),
      details: (unit) => this.details(unit),
      labels: placeLabels(this.layer, this.page.places),
      searchText: this.areaNames ? (i) => this.areaNames[i] : null,
    });
  }

  hint(unit, colouring) {
    return [
      this.areaName(unit) || this.layer.codes[unit],
      this.layer.codes[unit],
      `Cluster ${this.nameOf(this.layer.category("cluster", unit))}`,
      ...(colouring && colouring.title !== "Cluster" ? [`${colouring.title}: ${colouring.textAt(unit)}`] : []),
    ];
  }

  details(unit) {
    const { layer } = this;
    const cluster = layer.category("cluster", unit);
    const values = Object.keys(layer.data.numbers).filter((name) => this.mapped.includes(name));
    return [
      el("h3", {}, this.areaName(unit) || layer.codes[unit]),
      el("p", { class: "faint" }, layer.codes[unit]),
      el("div", { class: "badge" }, swatch(this.colours[cluster]), el("span", {}, "Cluster ", el("strong", {}, this.nameOf(cluster)))),
      this.names.get(cluster)?.portrait ? el("div", { class: "portrait" }, el("p", {}, this.names.get(cluster).portrait)) : null,
      el("dl", {}, values.map((name) => [el("dt", {}, name), el("dd", {}, number(layer.numbers(name)[unit]))])),
      this.similar(unit),
    ];
  }

  similar(unit) {
    if (!this.data.similar) return null;
    const { count } = this.data.similar;
    const others = this.layer.cached("similar", () => numbersOf(this.data.similar.units));
    const distances = this.layer.cached("distances", () => numbersOf(this.data.similar.distances));
    const rows = Array.from({ length: count }, (_, rank) => [others[unit * count + rank], distances[unit * count + rank]]).filter(([other]) => other < this.layer.count);
    return el("table", { class: "extremes" },
      el("caption", {}, "Most similar areas by their embeddings"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Area"), el("th", { scope: "col" }, "Cluster"), el("th", { scope: "col", class: "number" }, "Distance"))),
      el("tbody", {}, rows.map(([other, distance]) => {
        const cluster = this.layer.category("cluster", other);
        return el("tr", {},
          el("th", { scope: "row" }, el("button", { type: "button", class: "linklike", onclick: () => this.layer.select(other) }, this.areaName(other) || this.layer.codes[other])),
          el("td", {}, swatch(this.colours[cluster]), cluster),
          el("td", { class: "number" }, number(distance)));
      })));
  }

  clusters() {
    const rows = records(this.tables.cluster_summary);
    const drawn = el("table", { class: "clusters" },
      el("thead", {}, el("tr", {}, ["Cluster", "Areas", "Share of areas", `Mean ${this.data.target}`].map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, el("th", { scope: "row" }, swatch(this.colours[row.cluster]), this.nameOf(row.cluster)), el("td", { class: "number" }, number(row.areas)), el("td", { class: "number" }, `${number(row.share_of_areas, 1)} %`), el("td", { class: "number" }, number(row.target_mean, 1))))));
    const portraits = records(this.tables.names).filter((row) => row.portrait);
    return [
      chart("Areas", `${rows.length} clusters; A has the most areas.`, drawn, this.tables.cluster_summary, "embedding_clusters"),
      portraits.length ? el("div", { class: "portraits" }, portraits.map((row) => el("article", {}, swatch(this.colours[row.cluster]), el("div", {}, el("h4", {}, this.nameOf(row.cluster)), el("p", {}, row.portrait))))) : null,
    ].filter(Boolean);
  }

  /** The areas nearest to their cluster's mean, over the faint rest. */
  representative() {
    const rows = records(this.tables.representative_areas);
    const unitOf = new Map(rows.map((row) => [row.area, this.layer.unitOfCode(row.area)]));
    const colouring = categoryColouring(this.layer, "cluster", "Cluster", this.colours, (label) => this.nameOf(label));
    const map = new AreaMap(this.layer, `Map of the representative areas. ${KEYS}`);
    map.describe = (unit) => this.hint(unit, colouring);
    map.marks = rows.map((row) => ({ unit: unitOf.get(row.area), text: `${row.cluster}${row.rank}`, colour: this.colours[row.cluster] }));
    map.colour(colouring, new Set(), new Set(unitOf.values()));
    const groups = [...new Set(rows.map((row) => row.cluster))].map((cluster) => ({
      name: this.nameOf(cluster),
      colour: this.colours[cluster],
      points: rows.filter((row) => row.cluster === cluster).map((row) => [row.rank, row.distance, `${row.cluster}${row.rank} ${row.area_name ?? row.area}: ${number(row.distance)}`]),
    }));
    return [
      el("p", { class: "faint" }, "The areas nearest to the mean of their cluster: the letter is the cluster, the number the rank. All other areas are faint."),
      el("div", { class: "twin uneven" }, map.node,
        chart("Distance to the cluster's mean", "The lower and flatter, the more typical.", lineChart(groups, "Distance of the representative areas to their cluster's mean by rank.", "Rank", "Distance in embedding space"), this.tables.representative_areas, "representative_areas")),
    ];
  }

  /** Two variables side by side; both maps move together. */
  twoMaps() {
    const camera = new Camera();
    const side = (variable, place) => {
      let scheme = "quantile";
      const map = new AreaMap(this.layer, `${place} map. ${KEYS}`, camera);
      map.node.classList.add("twin-map");
      map.showLabels = false;
      const legend = el("div", { class: "legend" });
      const draw = () => {
        const colouring = this.classes(variable, scheme);
        map.describe = (unit) => [this.areaName(unit) || this.layer.codes[unit], `${variable}: ${number(this.layer.numbers(variable)[unit])}`];
        map.colour(colouring);
        legend.replaceChildren(...colouring.labels.map((label, i) => el("span", {}, swatch(colouring.colours[i]), label)));
      };
      draw();
      return el("div", {},
        el("div", { class: "controls" },
          select(`${place} map`, this.mapped.map((value) => ({ value, text: value })), (value) => { variable = value; draw(); }, variable),
          select("classes by", Object.entries(SCHEMES).map(([value, text]) => ({ value, text })), (value) => { scheme = value; draw(); }, scheme)),
        map.node, legend);
    };
    return [
      el("p", { class: "faint" }, "Both maps move and enlarge together; an area picked in one is picked in the other."),
      el("div", { class: "twin" }, side(this.mapped[0], "Left"), side(this.mapped[1] ?? this.mapped[0], "Right")),
      tableBehind(this.tables.class_breaks, "the classes of both maps", "class_breaks"),
    ];
  }

  forests() {
    const rows = records(this.tables.forest_scores);
    const [light, dark] = ["#92c5e6", "#1f6f9f"];
    const scores = Object.entries(MEASURES).map(([measure, text]) => {
      const groups = Object.entries(FEATURE_SETS).map(([set, words]) => ({
        text: words,
        points: Object.entries(VALIDATIONS).flatMap(([validation, kind]) => rows.filter((row) => row.feature_set === set && row.validation === validation).map((row) => ({ value: row[measure], spread: row[`${measure}_spread`], colour: validation === "blocked" ? dark : light, text: kind }))),
      }));
      return el("div", {}, el("h4", {}, text, el("span", { class: "faint" }, measure === "label_error" ? " (lower is better)" : " (higher is better)")), dotChart(groups, `${text} of the three feature sets under both validations.`, text));
    });
    return [
      chart(`How well ${this.data.target} is predicted`, "Whiskers are one standard deviation over the folds of unseen blocks.", el("div", { class: "matrices" }, scores), this.tables.forest_scores, "forest_scores", "whole"),
      chart("Confusion", "Per cent of the areas of each actual class (rows) by predicted class (columns).", el("div", { class: "matrices" }, this.confusions()), this.tables.forest_confusion, "forest_confusion", "whole"),
      chart("Most important features", "The fifteen whose shuffling costs the single split's forest most accuracy; whiskers are over the shuffles.", el("div", { class: "matrices" }, this.importances()), this.tables.forest_importances, "forest_importances", "whole"),
    ];
  }

  confusions() {
    const all = records(this.tables.forest_confusion);
    return Object.entries(VALIDATIONS).flatMap(([validation, kind]) => Object.entries(FEATURE_SETS).map(([set, words]) => {
      const rows = all.filter((row) => row.feature_set === set && row.validation === validation);
      const classes = [...new Set(rows.map((row) => row.actual))].sort((a, b) => a - b);
      const share = new Map(rows.map((row) => [`${row.actual} ${row.predicted}`, row]));
      return el("table", { class: "confusion" },
        el("caption", {}, `${words}, ${kind}`),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "actual"), classes.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, classes.map((actual) => el("tr", {}, el("th", { scope: "row" }, actual), classes.map((predicted) => {
          const row = share.get(`${actual} ${predicted}`);
          const value = row?.share_of_actual ?? null;
          const colour = value ? rampColour(this.page.scheme.sequential, value / 80) : null;
          return el("td", { style: colour ? { background: colour, color: inkOn(colour) } : {}, title: row ? `${number(row.areas)} areas` : null }, value ? number(value, 0) : "");
        })))));
    }));
  }

  importances() {
    const all = records(this.tables.forest_importances);
    return Object.entries(FEATURE_SETS).map(([set, words]) => {
      const rows = all.filter((row) => row.feature_set === set).sort((a, b) => a.permutation_rank - b.permutation_rank).slice(0, 15);
      return el("div", {}, el("h4", {}, words), barChart(rows.map((row) => ({ text: row.feature, value: row.permutation, spread: row.permutation_spread, words: `${row.feature}: ${number(row.permutation)} ± ${number(row.permutation_spread)}; impurity ${number(row.impurity)}` })), `Permutation importance, ${words.toLowerCase()}.`, { width: 480, label: 235, axisTitle: "Fall in accuracy" }));
    });
  }

  clustergram() {
    return clustergramFigure("All areas", "Each dot is a cluster, its size the number of areas; bands show where the areas go when k grows.", this.tables.clustergram, this.tables.clustergram_flows, this.tables.clustergram_scores, this.chosen, "embedding_clustergram");
  }
}

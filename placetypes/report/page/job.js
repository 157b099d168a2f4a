// ---- A job's part: sections in a fixed order, each drawn when its tables are there -------

const SCHEMES = { quantile: "Quantiles", equal_interval: "Equal intervals", natural_breaks: "Natural breaks" };

const MOST_ALIKE = 100; // and most unlike, of an area

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const plural = (level) => `${heading(level)}s`;
const joined = (words) => words.join(", ").replace(/, ([^,]*)$/, " and $1");

class JobPart {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.data = page.jobs[name];
    this.said = this.data.page; // what job.yml says of the page
    this.tables = this.data.tables;
    this.levels = this.data.levels;
    this.colours = this.data.colours;
    this.areaNames = null;
    this.layer = this.data.layer ? new Layer(this.data.layer, this.data.credits) : null;
    this.names = new Map(this.rows("names").map((row) => [row.cluster, row]));
    this.beside = (this.data.beside ?? []).map((classes) => this.besides(classes));
    this.categories = Object.keys(this.said.categories ?? {}).filter((name) => this.data.layer?.categories[name]);
    this.target = this.parameter("target") ?? "target";
    this.clusters = this.nested();
    this.chosen = this.clusters.filter((row) => row.level === this.levels[0]?.name).length;
    const scored = new Map(this.rows("index_scores").map((row) => [row.variable, row]));
    this.variables = this.has("variables") ? this.rows("variables") : [...scored.values()];
    this.variable = new Map(this.variables.map((row) => [row.variable, row]));
    this.breaks = this.rows("class_breaks");
    this.numbers = new Map(Object.values(this.said.numbers ?? {}).flatMap(Object.entries).filter(([column]) => this.data.layer?.numbers[column]));
    const valued = Object.keys(this.data.layer?.numbers ?? {}).filter((column) => !this.numbers.has(column));
    this.mapped = this.breaks.length ? [...new Set(this.breaks.map((row) => row.variable))] : valued;
    // The target first, the rest as they come.
    this.mapped.sort((a, b) => (b === this.target) - (a === this.target));
  }

  /** How another job's classification, which covers the same ground, is shown. */
  besides({ job, labels, block: place }) {
    const { title, levels, colours, tables } = this.page.jobs[job];
    const names = new Map(records(tables.names).map((row) => [row.cluster, row.name]));
    return {
      choice: `*beside ${job}`, name: title, title: `${title}, ${heading(levels[0].name)}`, colours: labels.map((label) => colours[label]),
      texts: labels.map((label) => [label, names.get(label)].filter(Boolean).join(" · ")),
      open: () => this.layer.read(`*beside ${job}`, place, (classes) => Uint16Array.from(classes, (at) => at ?? NONE)),
    };
  }

  /** Open what is shown of single areas. */
  async open() {
    if (!this.layer) return this;
    await this.layer.open();
    await this.layer.ready(["fit"]);
    if (this.data.area_names !== undefined) this.areaNames = await block(this.data.area_names);
    this.outside = new Set(this.data.outside);
    return this;
  }

  /** Open what a colouring reads. */
  async ready(choice, as) {
    const other = this.beside.find((found) => found.choice === choice);
    if (other) return other.open();
    const column = choice.replace(/^\*/, "");
    await this.layer.ready([column]);
    const place = this.data.classes?.[column]?.[as];
    if (place !== undefined) await this.layer.read(`k ${column} ${as}`, place, (values) => Uint16Array.from(values, (value) => (value ? value - 1 : NONE)));
  }

  async readyForDetails() {
    await this.layer.ready(Object.keys(this.layer.data.numbers));
    const { positions } = this.data;
    if (positions?.block != null) this.positions = await this.layer.read("positions", positions.block, (steps) => Int16Array.from(steps));
    for (const other of this.beside) await other.open();
  }

  has(...names) {
    return names.every((name) => this.tables[name]?.rows.length);
  }

  rows(name) {
    return this.tables[name] ? records(this.tables[name]) : [];
  }

  parameter(name) {
    const row = this.page.run.parameters?.rows.find((found) => found[0] === `${this.name}.${name}`);
    return row ? JSON.parse(row[1]) : null;
  }

  nameOf(cluster) {
    const name = this.names.get(cluster)?.name;
    return name ? `${cluster} · ${name}` : cluster ?? "none";
  }

  areaName(unit) {
    return this.areaNames?.[unit] ?? "";
  }

  /** Show a cluster's profile in its section, and go there. */
  showProfile(cluster) {
    this.profiled = cluster;
    this.drawProfile?.();
    landings.get(`${this.name}-cluster-profiles`)?.();
  }

  /** What the page is called: the region's name, what the whole file covers, or the job's own title. */
  title() {
    const asked = this.said.named_by && this.parameter(this.said.named_by);
    return (asked === "all" ? joined(this.data.whole) : (this.rows("region")[0]?.region ?? asked)) || this.data.title;
  }

  /** The clusters of all levels, each followed by those within it. */
  nested() {
    const rows = this.rows("cluster_summary").map((row) => ({ level: this.levels[0]?.name, parent: null, ...row }));
    const within = (parent, root) => rows.filter((row) => row.parent === parent).flatMap((row) => [{ ...row, root: root ?? row.cluster }, ...within(row.cluster, root ?? row.cluster)]);
    return within(null, null);
  }

  /** What the run's summary warns of. */
  warnings() {
    return this.rows("summary").filter((row) => row.topic === "warning").map((row) => el("p", { class: "warning", role: "note" }, `Warning: ${row.text}.`));
  }

  sections() {
    const within = this.levels.some((level) => this.has(`${level.name}_clustergrams`));
    const grams = within ? "Clustergrams" : "Clustergram";
    return [
      ["Map", () => (this.explorer = new Explorer(this)).node, "map", this.layer && this.choices().length],
      ["Summary", () => dataTable(this.tables.summary, "Summary"), "summary", !this.layer && this.has("summary")],
      ["Clusters", () => clusterCharts(this), "clusters", this.has("cluster_summary")],
      ["Cluster profiles", () => clusterProfiles(this), "cluster-profiles", this.has("profile_variables") || this.has("names") && this.levels.length],
      ["Index scores", () => profileCharts(this), "index-scores", this.has("index_scores")],
      ["Representative areas", () => this.representative(), "representative", this.layer && this.has("representative_areas")],
      ["Two maps", () => this.twoMaps(), "two-maps", this.layer && this.choices().flatMap(({ options }) => options).length > 1],
      ["Forests", () => forestCharts(this), "forests", this.has("forest_scores", "forest_importances")],
      [grams, () => clustergramCharts(this), grams.toLowerCase(), this.has("clustergram", "clustergram_flows", "clustergram_scores")],
      ["Variables", () => variableCharts(this), "variables", this.has("variables", "histograms")],
      ["Correlations", () => correlationCharts(this), "correlations", this.has("variables", "correlations")],
      ["Records by class", () => recordCharts(this), "records-by-class", this.has("shown_profile")],
      ["Districts", () => districtPlans(this), "districts", this.has("district_plans")],
      ["Classes of places", () => placeCharts(this), "classes-of-places", this.has("place_dominance", "place_shares")],
      ...declaredSections(this),
      ["Tables", () => exportedTables(this), "tables", this.data.exports?.length],
    ].filter((section) => section[3]);
  }

  // -- Map
  choices() {
    const domains = new Map();
    for (const { variable, variable_name, domain } of this.variables.filter((row) => this.layer.data.numbers[row.variable])) {
      const group = domain ?? "Other";
      if (!domains.has(group)) domains.set(group, []);
      domains.get(group).push({ value: variable, text: variable_name });
    }
    if (!domains.size) domains.set("Variables", this.mapped.map((value) => ({ value, text: value })));
    return [
      { group: "Clusters", options: [...this.levels.map(({ name }) => name), ...this.categories].map((name) => ({ value: `*${name}`, text: this.titleOf(name) })) },
      { group: "Other classifications", options: this.beside.map(({ choice, title }) => ({ value: choice, text: title })) },
      ...Object.entries(this.said.numbers ?? {}).map(([group, columns]) => ({ group, options: Object.entries(columns).filter(([column]) => this.numbers.has(column)).map(([column, { text }]) => ({ value: `*${column}`, text })) })),
      ...[...domains].map(([group, options]) => ({ group, options })),
    ].filter(({ options }) => options.length);
  }

  asChoices(choice) {
    if (choice.startsWith("*")) return [];
    if (this.breaks.length) return Object.entries(SCHEMES).map(([value, text]) => ({ value, text }));
    if (!this.variable.has(choice)) return [];
    const scored = new Set(this.rows("index_scores").map((row) => row.level));
    return [
      { value: "value", text: "value of the area" },
      { value: "area", text: "index of the area" },
      ...this.levels.filter(({ name }) => scored.has(name)).map(({ name }) => ({ value: name, text: `index of its ${heading(name)}` })),
    ];
  }

  colouring(choice, as) {
    const { layer } = this;
    const { index } = this.page.scheme;
    const other = this.beside.find((found) => found.choice === choice);
    if (other) return classColouring(layer, other.title, layer.held.get(choice), other.texts, other.colours);
    if (choice.startsWith("*")) {
      const column = choice.slice(1);
      const number = this.numbers.get(column);
      return number ? quantileColouring(layer, number.title ?? number.text, layer.numbers(column), this.steps(column)) : this.byLevel(column);
    }
    if (this.breaks.length) return this.classes(choice, as);
    const { variable_name: name, mean } = this.variable.get(choice) ?? { variable_name: choice };
    if (!as || as === "value") return quantileColouring(layer, name, layer.numbers(choice), this.steps(choice));
    if (as === "area") return indexColouring(layer, `${name}: index of the area`, layer.numbers(choice).map((value) => (100 * value) / (mean || NaN)), index);
    const scores = new Map(this.rows("index_scores").filter((row) => row.level === as && row.variable === choice).map((row) => [row.cluster, row.index_score ?? NaN]));
    const { labels, values } = layer.categories(as);
    return indexColouring(layer, `${name}: index of the ${heading(as)}`, Float64Array.from(values, (place) => scores.get(labels[place]) ?? NaN), index);
  }

  /** Tell whether a colouring takes a ramp: neither clusters nor index scores do. */
  isRamped(choice, as) {
    return choice.startsWith("*") ? this.numbers.has(choice.slice(1)) : this.breaks.length > 0 || !as || as === "value";
  }

  /** The ramp of a column of numbers, such as YlGnBu_r: as chosen in the page, by the job, by parameter. */
  rampOf(column) {
    return this.ramp ?? this.data.ramps?.[column] ?? this.page.scheme.ramp;
  }

  steps(column) {
    const name = this.rampOf(column);
    const steps = this.page.scheme.ramps[name.replace(/_r$/, "")];
    return name.endsWith("_r") ? [...steps].reverse() : steps;
  }

  titleOf(level) {
    return capital(this.said.categories?.[level] ?? heading(level));
  }

  byLevel(level) {
    return { ...categoryColouring(this.layer, level, this.titleOf(level), this.colours, (label) => this.nameOf(label)), isLevel: !this.categories.includes(level) };
  }

  classes(variable, scheme) {
    const rows = this.breaks.filter((row) => row.variable === variable && row.scheme === scheme);
    const units = this.layer.held.get(`k ${variable} ${scheme}`);
    const values = this.layer.numbers(variable);
    const name = `${variable}, ${SCHEMES[scheme].toLowerCase()}`;
    const colours = pickColours(this.steps(variable), rows.length);
    return units
      ? classColouring(this.layer, name, units, rows.map((row) => row.label), colours, (unit) => number(values[unit]))
      : quantileColouring(this.layer, name, values, this.steps(variable));
  }

  placeAt(unit) {
    const { place } = this.said;
    return place ? [this.layer.category(place.column, unit) ?? place.otherwise] : [];
  }

  hint(unit, colouring) {
    const { layer, levels } = this;
    return [
      this.areaName(unit) || layer.codes[unit],
      ...(this.areaNames ? [layer.codes[unit]] : []),
      ...this.placeAt(unit),
      ...(this.outside.has(unit) ? ["touches the region from outside"] : []),
      ...levels.map((level) => `${levels.length > 1 ? "" : `${capital(heading(level.name))} `}${this.nameOf(layer.category(level.name, unit))}`),
      ...(this.numbers.has("fit") ? [`Fit ${number(layer.numbers("fit")[unit], 2)}`] : []),
      ...(!colouring || colouring.isLevel ? [] : [`${colouring.title}: ${colouring.textAt(unit)}`]),
    ];
  }

  // -- Details of a picked area
  details(unit) {
    const { layer, levels } = this;
    const clusters = levels.map((level) => layer.category(level.name, unit));
    return [
      el("h3", {}, this.areaName(unit) || layer.codes[unit]),
      el("p", { class: "faint" }, [
        this.areaNames ? layer.codes[unit] : null,
        ...this.placeAt(unit),
        this.outside.has(unit) ? "touches the region from outside" : null,
        layer.has(unit) ? null : "has no boundary, so it is on no map",
      ].filter(Boolean).join(" · ")),
      ...levels.map((level, i) => el("div", { class: "badge" }, swatch(this.colours[clusters[i]]), el("span", {}, `${capital(heading(level.name))} `, el("strong", {}, this.nameOf(clusters[i])), this.has("profile_variables") && clusters[i] ? el("a", { class: "to-profile", href: `#${this.name}-profile-${clusters[i]}` }, "profile") : null))),
      this.numbers.size ? el("dl", {}, [...this.numbers].map(([column, said]) => this.fact(column, said, unit))) : null,
      ...clusters.map((cluster, i) => (levels.length > 1 ? this.foldedPortrait(cluster, i === 0) : this.portrait(cluster))),
      ...(this.has("variables") ? this.extremes(unit) : [this.values(unit)]),
      ...this.similar(unit),
    ];
  }

  fact(column, { text, share }, unit) {
    const value = this.layer.numbers(column)[unit];
    const told = share ? `${number(100 * value, 0)} %` : number(value, 0);
    if (column !== "fit") return [el("dt", {}, text), el("dd", {}, Number.isNaN(value) ? "unknown" : told)];
    const [level] = this.levels;
    const next = this.layer.data.categories[`next_${level?.name}`] ? this.layer.category(`next_${level.name}`, unit) : null;
    const words = Number.isNaN(value) ? "" : value < 0.05 ? "close to the border" : value < 0.2 ? "fits moderately" : "fits well";
    return [el("dt", {}, "Fit"), el("dd", {}, `${number(value, 2)} (${words}${next ? `; next nearest: ${this.nameOf(next)}` : ""})`)];
  }

  values(unit) {
    const names = Object.keys(this.layer.data.numbers).filter((name) => this.mapped.includes(name));
    return names.length ? el("dl", {}, names.map((name) => [el("dt", {}, name), el("dd", {}, number(this.layer.numbers(name)[unit]))])) : null;
  }

  /** A cluster's portrait, of several levels folded and with its status. */
  portrait(cluster, name = null) {
    const row = this.names.get(cluster);
    if (!row?.portrait) return null;
    const unsettled = this.levels.length > 1 && row.status && row.status !== "approved";
    return el("div", { class: "portrait" }, name && el("h4", {}, name), el("p", {}, row.portrait), unsettled ? el("p", { class: "faint" }, `Status: ${heading(row.status)}`) : null);
  }

  foldedPortrait(cluster, open) {
    const portrait = this.portrait(cluster);
    return portrait && el("details", { class: "folded", open }, el("summary", {}, `Portrait of ${this.nameOf(cluster)}`), portrait);
  }

  /** Ten variables most over and ten most under the region's mean. */
  extremes(unit) {
    const scored = this.variables
      .filter((row) => row.mean > 0 && this.layer.data.numbers[row.variable])
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
          const colour = indexColour(this.page.scheme.index, row.index);
          return el("tr", {}, el("th", { scope: "row" }, row.variable_name), el("td", { class: "number" }, number(row.value)), el("td", { class: "number" }, number(row.mean)),
            el("td", { class: "number", style: { background: colour, color: inkOn(colour) } }, number(row.index, 0)));
        }))));
  }

  /** Every other area and its distance in the space of the clusters, the nearest first. */
  distances(unit) {
    const { dimensions, step } = this.data.positions;
    const far = (other) => {
      let sum = 0;
      for (let i = unit * dimensions, j = other * dimensions, end = i + dimensions; i < end; i++, j++) sum += (this.positions[i] - this.positions[j]) ** 2;
      return step * Math.sqrt(sum);
    };
    const known = (other) => this.positions[other * dimensions] >= 0;
    if (!known(unit)) return [];
    const found = [];
    for (let other = 0; other < this.layer.count; other++) if (other !== unit && known(other)) found.push([other, far(other)]);
    return found.sort(([a, x], [b, y]) => x - y || (this.layer.codes[a] < this.layer.codes[b] ? -1 : 1));
  }

  /** The areas most like one and most unlike it. */
  similar(unit) {
    if (!this.data.positions) return [];
    if (!this.positions) return [el("p", { class: "faint" }, `So many areas are compared by a command: python pipeline.py similar ${this.layer.codes[unit]}`)];
    const rows = this.distances(unit);
    const count = Math.min(MOST_ALIKE, rows.length);
    return count ? [[`${count} areas most like it ${this.said.similar}`, rows.slice(0, count)], [`${count} areas most unlike it`, rows.slice(-count).reverse()]].map(([caption, shown], i) =>
      el("details", { class: "folded", open: i === 0 }, el("summary", {}, caption), scrolled(this.alike(shown), caption, "rows"))) : [];
  }

  alike(rows) {
    const [level] = this.levels;
    const badge = (colour, text) => el("div", {}, swatch(colour), text);
    const others = this.beside.map(({ choice, name, colours, texts }) => {
      const classes = this.layer.held.get(choice);
      return (unit) => (classes[unit] === NONE ? null : badge(colours[classes[unit]], `${name}: ${texts[classes[unit]]}`));
    });
    return el("table", { class: "extremes" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Area"), el("th", { scope: "col", class: "number" }, "Distance"))),
      el("tbody", {}, rows.map(([other, distance]) => {
        const cluster = level && this.layer.category(level.name, other);
        return el("tr", {},
          el("th", { scope: "row" },
            el("button", { type: "button", class: "linklike", onclick: () => this.layer.select(other) }, this.areaName(other) || this.layer.codes[other]),
            level ? badge(this.colours[cluster], this.nameOf(cluster)) : null, others.map((of) => of(other))),
          el("td", { class: "number" }, number(distance)));
      })));
  }

  /** The areas nearest to their cluster's mean, over the faint rest. */
  representative() {
    const rows = this.rows("representative_areas");
    const unitOf = new Map(rows.map((row) => [row.area, this.layer.unitOfCode(row.area)]));
    const colouring = this.byLevel(this.levels[0].name);
    const map = new AreaMap(this.layer, `Map of the representative areas. ${KEYS}`);
    map.describe = (unit) => this.hint(unit, colouring);
    map.mark(rows.map((row) => ({ unit: unitOf.get(row.area), text: `${row.cluster}${row.rank}`, colour: this.colours[row.cluster] })));
    map.colour(colouring, new Set(), new Set(unitOf.values()));
    const groups = [...new Set(rows.map((row) => row.cluster))].map((cluster) => ({
      name: this.nameOf(cluster),
      colour: this.colours[cluster],
      points: rows.filter((row) => row.cluster === cluster).map((row) => [row.rank, row.distance, `${row.cluster}${row.rank} ${row.area_name ?? row.area}: ${number(row.distance)}`]),
    }));
    return [
      el("p", { class: "faint" }, "The areas nearest to the mean of their cluster: the letter is the cluster, the number the rank. All other areas are faint."),
      el("div", { class: "twin uneven" }, map.node,
        chart("Distance to the cluster's mean", "The lower and flatter, the more typical.", lineChart(groups, "Distance of the representative areas to their cluster's mean by rank.", "Rank", this.said.distance ?? "Distance"), this.tables.representative_areas, "representative_areas")),
      creditLine(this.layer),
    ];
  }

  /** Any two colourings side by side; both maps move together. */
  twoMaps() {
    const view = lookAt(this.layer.bounds);
    const choices = this.choices();
    const known = choices.flatMap(({ options }) => options.map(({ value }) => value));
    const side = (choice, place) => {
      let as = null;
      const map = new AreaMap(this.layer, `${place} map. ${KEYS}`, view);
      map.node.classList.add("twin-map");
      const [legend, asHolder] = [el("div", { class: "legend" }), el("span")];
      const draw = async () => {
        const kinds = this.asChoices(choice);
        as = (kinds.find(({ value }) => value === as) ?? kinds[0])?.value ?? null;
        asHolder.replaceChildren(...(kinds.length ? [select("as", kinds, (value) => { as = value; draw(); }, as)] : []));
        const asked = [choice, as];
        await this.ready(...asked);
        if (asked[0] !== choice || asked[1] !== as) return;
        const colouring = this.colouring(choice, as);
        map.describe = (unit) => this.hint(unit, colouring);
        map.colour(colouring);
        const missing = colouring.units.reduce((sum, at) => sum + (at === NONE), 0);
        legend.replaceChildren(
          ...colouring.labels.map((label, i) => el("span", {}, swatch(colouring.colours[i]), label)),
          ...(missing ? [el("span", { class: "faint" }, `${number(missing)} without a value`)] : []));
      };
      draw();
      return el("div", {},
        el("div", { class: "controls" }, select(`${place} map`, choices, (value) => { choice = value; draw(); }, choice), asHolder),
        map.node, legend);
    };
    // Two classifications where there are two, else a target and a predictor.
    const [one, other] = this.categories.map((name) => `*${name}`);
    const [left, right] = other ? [one, other] : this.beside.length ? [known[0], this.beside[0].choice] : this.breaks.length ? this.mapped : [known[0], this.mapped[0] ?? known[1]];
    return [
      el("p", { class: "faint" }, "Both maps move and enlarge together; an area picked in one is picked in the other."),
      el("div", { class: "twin" }, side(left, "Left"), side(right ?? left, "Right")),
      creditLine(this.layer),
      ...(this.breaks.length ? [tableBehind(this.tables.class_breaks, "the classes of both maps", "class_breaks")] : []),
    ];
  }
}

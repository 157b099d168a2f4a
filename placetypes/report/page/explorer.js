// ---- The explorer: map, likeness, legend, search and details, all of one layer -----------

const KEYS = "Arrow keys move, plus and minus enlarge and reduce, 0 shows all. Enter picks the area in the middle; Shift with an arrow goes on to the next area; Escape lets go.";

class Explorer {
  constructor(job) {
    const { layer, said } = job;
    Object.assign(this, { job, layer, name: said.areas, choices: job.choices(), hidden: new Set() });
    this.labels = [...placesWithin(layer, job.page.places), ...(said.place ? nameLabels(layer, said.place.column) : [])];
    this.map = new AreaMap(layer, `Map of ${this.name}. ${KEYS}`);
    this.cloud = layer.data.points && new PointCloud(layer, `Map of likeness (UMAP) of ${this.name}: areas that are alike lie close together. ${KEYS}`);
    this.map.label(this.labels);
    const { lines, points } = job.page.context;
    if (layer.isGeographic) this.map.setContext(job.page.context);
    const [hasLines, hasNames] = [layer.isGeographic && lines.length > 0, this.labels.length + (layer.isGeographic ? points.length : 0) > 0];
    this.finder = new Finder(job, this.map);
    this.views = [this.map, this.cloud].filter(Boolean);
    for (const view of this.views) view.describe = (unit) => job.hint(unit, this.colouring);
    this.legend = el("div", { class: "legend", role: "group", "aria-label": "Legend; press an entry to hide or show it" });
    this.panel = el("div", { class: "details", tabindex: -1, "aria-label": "Details of the picked area", role: "region" });
    // On a phone this is a sheet over the map, which a tap on an area opens.
    this.sheet = el("div", { class: "panel sheet" },
      el("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => this.layer.select(-1) }, "×"),
      this.panel);
    this.choiceHolder = el("span");
    this.asHolder = el("span");
    this.rampHolder = el("span");
    this.choice = this.choices[0].value ?? this.choices[0].options[0].value;
    this.as = null;
    layer.listen((what) => {
      if (what !== "select") return;
      this.showDetails();
      this.writeLink();
    });
    this.node = el("section", { class: "explorer", "aria-label": `Maps of ${this.name}` },
      el("div", { class: "controls" },
        this.choiceHolder,
        this.asHolder,
        this.rampHolder,
        this.finder.node,
        layer.isGeographic
          ? select("Basemap", Object.entries(BASEMAPS).map(([value, { text }]) => ({ value, text })), (value) => this.map.setBasemap(value), "none")
          : null,
        hasNames ? checkbox("Place names", true, (on) => this.map.nameLayer.setVisible(on)) : null,
        hasLines ? checkbox("Lines", true, (on) => this.map.contextLayer.setVisible(on)) : null),
      this.legend,
      el("div", { class: "panels" },
        el("div", { class: "panel map-panel" }, this.map.node, creditLine(layer)),
        this.cloud ? el("div", { class: "panel cloud-panel" }, el("h3", {}, "Likeness (UMAP)"), howToRead("classification"), this.cloud.node) : null,
        this.sheet));
    this.choose(this.choice);
    this.showDetails();
  }

  async choose(choice, as = null) {
    this.choice = choice;
    this.choiceHolder.replaceChildren(select("Colour by", this.choices, (value) => this.choose(value).then(() => this.writeLink()), choice));
    const kinds = this.job.asChoices(choice);
    this.as = as ?? (kinds.some((kind) => kind.value === this.as) ? this.as : kinds[0]?.value ?? null);
    this.asHolder.replaceChildren(...(kinds.length ? [select("as", kinds, (value) => this.choose(this.choice, value).then(() => this.writeLink()), this.as)] : []));
    await this.job.ready(choice, this.as);
    if (this.choice !== choice) return;
    this.hidden.clear();
    this.rampHolder.replaceChildren(...this.rampControls());
    this.colouring = this.job.colouring(choice, this.as);
    this.recolour();
  }

  /** Choose the ramp of numbers, and which end is dark. */
  rampControls() {
    const { job, choice } = this;
    if (!job.isRamped(choice, this.as)) return [];
    const name = job.rampOf(choice.replace("*", ""));
    const plain = name.replace(/_r$/, "");
    const set = (ramp, reversed) => {
      job.ramp = `${ramp}${reversed ? "_r" : ""}`;
      this.choose(choice, this.as);
    };
    return [
      select("Colours", Object.keys(job.page.scheme.ramps).map((value) => ({ value, text: value })), (ramp) => set(ramp, name !== plain), plain),
      checkbox("reversed", name !== plain, (on) => set(plain, on)),
    ];
  }

  recolour() {
    for (const view of this.views) view.colour(this.colouring, this.hidden);
    this.drawLegend();
  }

  drawLegend() {
    const { labels, colours, units, clusters, title: name } = this.colouring;
    const counts = new Uint32Array(labels.length);
    for (const place of units) if (place !== NONE) counts[place]++;
    const within = counts.slice();
    for (const unit of this.job.outside) if (units[unit] !== NONE) within[units[unit]]--;
    const missing = units.length - counts.reduce((sum, count) => sum + count, 0);
    this.legend.replaceChildren(
      el("strong", {}, name),
      ...labels.map((label, place) =>
        el("span", { class: "legend-entry" }, el("button", {
          type: "button",
          "aria-pressed": String(!this.hidden.has(place)),
          title: `${label}: ${number(counts[place])} areas${inside(counts[place], within[place])}. Press to hide or show; double-click to see only this.`,
          onclick: () => this.toggle(place),
          ondblclick: () => this.showOnly(place),
        }, swatch(colours[place]), label, el("span", { class: "faint" }, number(counts[place]))),
        clusters && this.job.has("profile_variables") ? el("a", { class: "to-profile", href: `#${this.job.name}-profile-${clusters[place]}`, "aria-label": `Profile of ${label}`, title: `Profile of ${label}` }, "›") : null)),
      ...(missing ? [el("span", { class: "faint" }, `${number(missing)} without a value`)] : []),
      ...(this.hidden.size ? [el("button", { type: "button", class: "plain", onclick: () => { this.hidden.clear(); this.recolour(); } }, "Show all")] : []));
  }

  toggle(place) {
    if (!this.hidden.delete(place)) this.hidden.add(place);
    this.recolour();
    this.legend.querySelectorAll("button")[place]?.focus();
  }

  showOnly(place) {
    this.hidden = new Set(this.colouring.labels.map((_, i) => i).filter((i) => i !== place));
    this.recolour();
  }

  /** Put what is picked and how it is coloured into the page's address. */
  writeLink() {
    const { layer, job, choice, as } = this;
    const said = { ...(layer.selected >= 0 ? { area: layer.codes[layer.selected] } : {}), by: choice.replace(/^\*/, ""), ...(as ? { as } : {}), ...(Object.keys(job.page.jobs).length > 1 ? { part: job.name } : {}) };
    history.replaceState(null, "", `#${new URLSearchParams(said)}`);
  }

  /** Show what an address says; what is unknown is said beside Find. */
  async followLink(said) {
    const [by, area] = [said.get("by"), said.get("area")];
    const known = this.choices.flatMap(({ options }) => options.map(({ value }) => value));
    const choice = [`*${by}`, by].find((value) => known.includes(value));
    if (choice) await this.choose(choice, this.job.asChoices(choice).some(({ value }) => value === said.get("as")) ? said.get("as") : null);
    else if (by) this.finder.tell(`There is no ${by} to colour by in this result.`);
    if (!area) return;
    const unit = this.layer.unitOfCode(area);
    if (unit >= 0) this.finder.goTo(unit);
    else this.finder.tell(this.finder.unknown(area));
  }

  async showDetails() {
    const unit = this.layer.selected;
    this.sheet.classList.toggle("open", unit >= 0);
    // The sheet lies over the lower half of a phone: the map goes to the upper one.
    if (unit >= 0 && getComputedStyle(this.sheet).position === "fixed") this.map.node.scrollIntoView({ block: "start" });
    if (unit < 0) {
      this.panel.replaceChildren(el("h3", {}, "Pick an area"), el("p", {}, "Click an area on the map or a point beside it, search for a code, or use the keyboard:"), el("p", { class: "faint" }, KEYS));
      return;
    }
    await this.job.readyForDetails();
    if (this.layer.selected !== unit) return;
    this.panel.replaceChildren(...this.job.details(unit).filter(Boolean));
    this.panel.scrollTop = 0;
    say(this.job.hint(unit, this.colouring).join(", "));
  }
}

/** What the sources' licences ask to stand below a map. */
const creditLine = (layer) => el("p", { class: "credits" }, layer.credits.join(" "));

/** A label in the middle of the units that bear a name, but for those at the very edge. */
function nameLabels(layer, category) {
  const { labels, values } = layer.categories(category);
  const sums = labels.map(() => [0, 0, 0]);
  values.forEach((place, unit) => {
    if (place === NONE || !layer.has(unit)) return;
    const [x, y] = layer.middle(unit);
    sums[place][0] += x;
    sums[place][1] += y;
    sums[place][2]++;
  });
  return labels.map((name, i) => ({ name, x: sums[i][0] / sums[i][2], y: sums[i][1] / sums[i][2], isRegion: true, share: sums[i][2] / layer.count })).filter((label) => label.share > 0.01);
}

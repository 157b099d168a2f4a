// ---- Find: an area, a district or a place, and look there -------------------------------

const MOST_FOUND = 12;
const POSTCODE = /^[a-z]{1,2}\d[a-z\d]?\d[a-z]{1,2}$/; // from its last letters but one
const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

class Finder {
  constructor(job, map) {
    Object.assign(this, { job, layer: job.layer, map });
    this.places = placesWithin(job.layer, job.page.places);
    this.districts = job.said.place ? job.layer.categories(job.said.place.column).labels : [];
    const what = ["area code", ...(job.areaNames ? ["name"] : []), ...(this.districts.length ? ["district"] : []), ...(this.places.length ? ["place"] : []), ...(job.data.postcodes != null ? ["postcode"] : [])];
    this.what = what;
    this.results = el("ul", { class: "results", hidden: true });
    const asked = capital(joined(what).replace(" and ", " or "));
    this.input = el("input", {
      type: "search",
      placeholder: asked,
      size: asked.length,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => (this.shown = this.show()),
      onkeydown: (event) => {
        if (event.key === "Enter") Promise.resolve(this.shown).then(() => this.results.querySelector("button")?.click());
        else if (event.key === "Escape") this.results.hidden = true;
        else if (event.key === "ArrowDown") this.results.querySelector("button")?.focus();
        else return;
        event.preventDefault();
      },
    });
    this.node = el("div", { class: "search" }, el("label", { class: "control" }, el("span", {}, "Find"), this.input), this.results);
  }

  async show() {
    const typed = this.input.value;
    const postcodes = await this.postcodes(plain(typed));
    if (this.input.value !== typed) return;
    const found = typed.trim() ? [...this.named(plain(typed)), ...postcodes].slice(0, MOST_FOUND) : [];
    this.results.hidden = !typed.trim();
    this.results.replaceChildren(...(found.length ? found.map((entry) => this.entry(entry)) : [el("li", { class: "faint" }, this.unknown(typed.trim()))]));
    if (typed.trim() && !found.length) say(this.unknown(typed.trim()));
  }

  entry({ text, kind, go }) {
    return el("li", {}, el("button", { type: "button", onclick: () => {
      this.results.hidden = true;
      this.input.value = text;
      go();
    } }, text, el("span", { class: "faint" }, ` ${kind}`)));
  }

  unknown(text) {
    return `“${text}” is no ${joined(this.what).replace(" and ", " or ")} of this result.`;
  }

  /** Say something where one looks. */
  tell(words) {
    this.results.replaceChildren(el("li", { class: "faint" }, words));
    this.results.hidden = false;
    say(words);
  }

  /** What bears a name that begins with a text, then what has it elsewhere. */
  named(text) {
    const { layer, job } = this;
    const [first, later] = [[], []];
    const look = (name, entry) => {
      const at = plain(name).indexOf(text);
      if (at >= 0) (at ? later : first).push(entry());
    };
    this.places.forEach((place) => look(place.name, () => ({ text: place.name, kind: "place", go: () => this.map.lookFrom([place.x, place.y]) })));
    this.districts.forEach((name, number) => look(name, () => ({ text: name, kind: "district", go: () => this.goToDistrict(number) })));
    for (let unit = 0; unit < layer.count && first.length < MOST_FOUND; unit++) {
      const named = job.areaName(unit);
      if (named && plain(named).includes(text)) look(named, () => this.area(unit));
      else look(layer.codes[unit], () => this.area(unit));
      later.length = Math.min(later.length, MOST_FOUND);
    }
    return [...first, ...later];
  }

  /** Postcodes that begin with a text; they are opened when one may have been typed. */
  async postcodes(text) {
    const { layer, job } = this;
    if (job.data.postcodes == null || !POSTCODE.test(text)) return [];
    const { postcodes, areas } = await layer.read("postcodes", job.data.postcodes, (content) => content);
    const found = [];
    for (let i = 0; i < postcodes.length && found.length < MOST_FOUND; i++) if (postcodes[i].startsWith(text.toUpperCase())) found.push(i);
    return found.map((i) => ({ text: `${postcodes[i].slice(0, -3)} ${postcodes[i].slice(-3)}`, kind: `postcode · ${layer.codes[areas[i]]}`, go: () => this.goTo(areas[i]) }));
  }

  area(unit) {
    const { layer, job } = this;
    const kind = [job.areaName(unit), layer.has(unit) ? "area" : "area without a boundary, on no map"].filter(Boolean).join(" · ");
    return { text: layer.codes[unit], kind, go: () => this.goTo(unit) };
  }

  goTo(unit) {
    this.layer.select(unit);
    if (this.layer.has(unit)) return this.map.lookAtArea(unit);
    return this.tell(`${this.layer.codes[unit]} has no boundary, so it is on no map; what is known of it stands beside the map.`);
  }

  goToDistrict(number) {
    const { values } = this.layer.categories(this.job.said.place.column);
    const box = ol.extent.createEmpty();
    values.forEach((place, unit) => place === number && this.layer.has(unit) && ol.extent.extend(box, [...this.layer.middle(unit), ...this.layer.middle(unit)]));
    if (!ol.extent.isEmpty(box)) this.map.fit(box, { duration: 300 });
  }
}

/** The reference points that lie on a layer's map. */
const placesWithin = (layer, places) => (layer.isGeographic ? places.filter(({ x, y }) => meets(layer.bounds, [x, y, x, y])) : []);

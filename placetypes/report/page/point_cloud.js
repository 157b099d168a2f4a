// ---- The map of likeness (UMAP) --------------------------------------------------------

const REACH = 10; // pixels within which a point is picked

class PointCloud extends MapView {
  constructor(layer, label) {
    const range = (values) => values.reduce(([low, high], value) => [value < low ? value : low, value > high ? value : high], [Infinity, -Infinity]);
    const [[west, east], [south, north]] = [layer.points.x, layer.points.y].map(range);
    super(label, [west, south, east, north], false);
    this.layer = layer;
    this.node.classList.add("cloud");
    this.picks = { hovered: new ol.Feature(), selected: new ol.Feature() };
    this.marked.addFeatures(Object.values(this.picks));
    for (const [kind, width, colour] of [["hovered", 1.2, "--ink"], ["selected", 2.4, "--pick"]])
      this.picks[kind].set("draw", (resolution) => [[2.5, "--label-edge"], [0, colour]].map(([more, tint]) => new ol.style.Style({ image: new ol.style.Circle({ radius: this.radius(resolution) + 4, stroke: new ol.style.Stroke({ color: css(tint), width: width + more }) }) })));
    layer.listen((what, from) => {
      if (what === "select" && from !== this && this.has(layer.selected)) this.reveal(this.place(layer.selected));
      for (const kind of ["selected", "hovered"]) this.picks[kind].setGeometry(this.has(layer[kind]) ? new ol.geom.Point(this.place(layer[kind])) : undefined);
    });
  }

  place(unit) {
    return [this.layer.points.x[unit], this.layer.points.y[unit]];
  }

  has(unit) {
    return unit >= 0 && !Number.isNaN(this.layer.points.x[unit]);
  }

  colour(colouring, hidden = new Set()) {
    Object.assign(this, { colouring, hidden });
    this.redraw();
  }

  /** A point's radius in pixels: it grows as one looks closer. */
  radius(resolution) {
    const { count, bounds } = this.layer.count > 1 ? { count: this.layer.count, bounds: this.bounds } : { count: 1, bounds: [0, 0, 1, 1] };
    const all = Math.max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 500;
    const start = count > 100_000 ? 0.5 : count > 8_000 ? 1.2 : count > 1_500 ? 1.9 : 2.8;
    return Math.min(7, start * Math.sqrt(Math.max(1, all / resolution)));
  }

  async draw(context, [west, south, east, north], resolution) {
    if (!this.colouring) return;
    const radius = this.radius(resolution * this.ratio) * this.ratio;
    const edge = (radius + 1) * resolution;
    const groups = new Map([[-1, []]]); // what is hidden lies below
    this.layer.points.x.forEach((x, unit) => {
      const y = this.layer.points.y[unit];
      if (!(x > west - edge && x < east + edge && y > south - edge && y < north + edge)) return;
      const place = this.colouring.units[unit];
      const key = place === NONE || this.hidden.has(place) ? -1 : place;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push((x - west) / resolution, (north - y) / resolution);
    });
    for (const [place, spots] of groups) {
      const colour = place < 0 ? css("--faint-area") : this.colouring.colours[place];
      context.fillStyle = colour;
      // A darker edge keeps pale colours visible on a pale ground.
      context.strokeStyle = place < 0 ? colour : mixColours(colour, "#000000", 0.3);
      context.lineWidth = 0.35 * this.ratio;
      context.beginPath();
      for (let i = 0; i < spots.length; i += 2) {
        if (radius < 1.5) context.rect(spots[i] - radius, spots[i + 1] - radius, 2 * radius, 2 * radius);
        else {
          context.moveTo(spots[i] + radius, spots[i + 1]);
          context.arc(spots[i], spots[i + 1], radius, 0, 7);
        }
      }
      context.fill();
      if (radius >= 1.5) context.stroke();
    }
  }

  /** The nearest point within reach, -1 without one. */
  pick([east, north]) {
    let [best, least] = [-1, (REACH * this.view.getResolution()) ** 2];
    this.layer.points.x.forEach((x, unit) => {
      const distance = (x - east) ** 2 + (this.layer.points.y[unit] - north) ** 2;
      if (distance < least) [best, least] = [unit, distance];
    });
    return best;
  }

  hovered(unit, event) {
    this.layer.hover(unit);
    if (unit >= 0 && event) showHint(this.describe(unit), event);
    else hideHint();
  }

  picked(unit) {
    this.layer.select(unit, this);
  }

  neighbour(right, up) {
    const { layer } = this;
    if (!this.has(layer.selected)) return this.picked(this.pick(this.view.getCenter()));
    const next = nearestIn(right, up, this.place(layer.selected), layer.count, (unit) => this.place(unit));
    if (next >= 0) layer.select(next);
  }

  describe(unit) {
    return [this.layer.codes[unit], this.colouring.textAt(unit)];
  }
}

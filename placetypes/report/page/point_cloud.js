// ---- The map of likeness (UMAP) --------------------------------------------------------

class PointCloud extends CanvasView {
  constructor(layer, label) {
    const { x, y } = layer.points;
    const range = (values) => values.reduce(([low, high], value) => (value < low ? [value, high] : value > high ? [low, value] : [low, high]), [Infinity, -Infinity]);
    const [west, east] = range(x);
    const [south, north] = range(y);
    super(label, [west, south, east, north]);
    this.layer = layer;
    this.node.classList.add("cloud");
    this.cell = Math.max(east - west, north - south) / 100 || 1;
    this.cells = new Map();
    x.forEach((value, point) => {
      const key = this.keyOf(value, y[point]);
      if (this.cells.has(key)) this.cells.get(key).push(point);
      else this.cells.set(key, [point]);
    });
    layer.listen((what, from) => {
      if (what === "select" && from !== this && this.width)
        for (const point of layer.pointsOf(layer.selected).slice(0, 1)) this.reveal(x[point], y[point]);
      this.repaintOverlay();
    });
  }

  keyOf(x, y) {
    return Math.floor((x - this.bounds[0]) / this.cell) * 4096 + Math.floor((y - this.bounds[1]) / this.cell);
  }

  colour(colouring, hidden = new Set()) {
    Object.assign(this, { colouring, hidden });
    this.redraw();
  }

  get radius() {
    const all = Math.min(this.width / (this.bounds[2] - this.bounds[0] || 1), this.height / (this.bounds[3] - this.bounds[1] || 1));
    const count = this.layer.points.x.length;
    const start = count > 8000 ? 1.2 : count > 1500 ? 1.9 : 2.8;
    return Math.min(7, start * Math.sqrt(Math.max(1, this.camera.scale / all)));
  }

  drawBase(context) {
    if (!this.colouring) return;
    const { x, y } = this.layer.points;
    const { radius } = this;
    const groups = new Map([[-1, []]]); // what is hidden lies below
    x.forEach((value, point) => {
      const [px, py] = this.toScreen(value, y[point]);
      if (!(px > -9 && py > -9 && px < this.width + 9 && py < this.height + 9)) return;
      const place = this.colouring.points[point];
      const key = place === NONE || this.hidden.has(place) ? -1 : place;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(px, py);
    });
    for (const [place, spots] of groups) {
      const colour = place < 0 ? css("--faint-area") : this.colouring.colours[place];
      context.fillStyle = colour;
      // A darker edge keeps pale colours visible on a pale ground.
      context.strokeStyle = place < 0 ? colour : mixColours(colour, "#000000", 0.3);
      context.lineWidth = 0.35;
      context.beginPath();
      for (let i = 0; i < spots.length; i += 2) {
        context.moveTo(spots[i] + radius, spots[i + 1]);
        context.arc(spots[i], spots[i + 1], radius, 0, 7);
      }
      context.fill();
      context.stroke();
    }
  }

  drawOverlay(context) {
    const { x, y } = this.layer.points;
    const ring = (unit, colour, size) => {
      if (unit < 0) return;
      for (const point of this.layer.pointsOf(unit)) {
        const [px, py] = this.toScreen(x[point], y[point]);
        for (const [width, stroke] of [[size + 2.5, css("--label-edge")], [size, colour]]) {
          context.beginPath();
          context.arc(px, py, this.radius + 4, 0, 7);
          context.lineWidth = width;
          context.strokeStyle = stroke;
          context.stroke();
        }
      }
    };
    ring(this.layer.hovered, css("--ink"), 1.2);
    ring(this.layer.selected, css("--pick"), 2.4);
  }

  /** Return the nearest point within ten pixels, -1 without one. */
  pickPoint(px, py) {
    const { x, y } = this.layer.points;
    const reach = 10;
    const [west, north] = this.toMap(px - reach, py - reach);
    const [east, south] = this.toMap(px + reach, py + reach);
    let [best, least] = [-1, reach ** 2];
    const steps = (low, high) => Math.min(100, Math.ceil((high - low) / this.cell));
    for (let i = 0; i <= steps(west, east); i++)
      for (let j = 0; j <= steps(south, north); j++) {
        const key = this.keyOf(Math.min(east, west + i * this.cell), Math.min(north, south + j * this.cell));
        for (const point of this.cells.get(key) ?? []) {
          const [sx, sy] = this.toScreen(x[point], y[point]);
          const distance = (sx - px) ** 2 + (sy - py) ** 2;
          if (distance < least) [best, least] = [point, distance];
        }
      }
    return best;
  }

  pick(px, py) {
    const point = this.pickPoint(px, py);
    const unit = point < 0 ? -1 : this.layer.points.units[point];
    return unit < this.layer.count ? unit : -1;
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
    const from = layer.pointsOf(layer.selected)[0];
    if (from === undefined) return this.picked(this.pick(this.width / 2, this.height / 2));
    const { x, y, units } = layer.points;
    const next = nearestIn(right, up, [x[from], y[from]], x.keys(), (point) => [x[point], y[point]]);
    if (next >= 0) layer.select(units[next]);
  }

  describe(unit) {
    return [this.layer.codes[unit], this.colouring.textAt(unit)];
  }
}

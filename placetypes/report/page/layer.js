// ---- Embedded data: the other side of report/encoding.py and report/shapes.py ----------

/** Undo base64 and gzip. */
async function inflated(text) {
  const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

const opened = async (id) => JSON.parse(await inflated(by(id).textContent));
const block = (place) => opened(`block-${place}`);

/** The outlines of areas that stand together, in map units. */
class Block {
  constructor({ rings, points, steps }, first, grid) {
    this.first = first;
    this.count = rings.length;
    this.ringStarts = new Uint32Array(points.length + 1);
    points.forEach((size, ring) => (this.ringStarts[ring + 1] = this.ringStarts[ring] + size));
    this.areaStarts = new Uint32Array(rings.length + 1);
    rings.forEach((size, area) => (this.areaStarts[area + 1] = this.areaStarts[area] + size));
    this.xs = new Float64Array(steps.length / 2);
    this.ys = new Float64Array(steps.length / 2);
    for (let i = 0, x = 0, y = 0; i < this.xs.length; i++) {
      this.xs[i] = grid.west + (x += steps[2 * i]) * grid.step;
      this.ys[i] = grid.south + (y += steps[2 * i + 1]) * grid.step;
    }
    this.boxes = new Float64Array(4 * this.count); // west, south, east, north
    for (let area = 0; area < this.count; area++) {
      const [from, to] = [area, area + 1].map((at) => this.ringStarts[this.areaStarts[at]]);
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = from; i < to; i++) {
        box[0] = Math.min(box[0], this.xs[i]);
        box[1] = Math.min(box[1], this.ys[i]);
        box[2] = Math.max(box[2], this.xs[i]);
        box[3] = Math.max(box[3], this.ys[i]);
      }
      this.boxes.set(box, 4 * area);
    }
  }

  /** Call with each area (its place in the block) whose box meets another box. */
  each([west, south, east, north], act) {
    const { boxes } = this;
    for (let area = 0, at = 0; area < this.count; area++, at += 4)
      if (boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= north && boxes[at + 3] >= south) act(area);
  }

  /** Add an area's rings to a path in a tile's pixels. */
  trace(path, area, west, north, scale) {
    const { xs, ys, ringStarts } = this;
    for (let ring = this.areaStarts[area]; ring < this.areaStarts[area + 1]; ring++) {
      const start = ringStarts[ring];
      path.moveTo((xs[start] - west) * scale, (north - ys[start]) * scale);
      for (let i = start + 1; i < ringStarts[ring + 1]; i++) path.lineTo((xs[i] - west) * scale, (north - ys[i]) * scale);
      path.closePath();
    }
  }

  rings(area) {
    const found = [];
    for (let ring = this.areaStarts[area]; ring < this.areaStarts[area + 1]; ring++) {
      const points = [];
      for (let i = this.ringStarts[ring]; i < this.ringStarts[ring + 1]; i++) points.push([this.xs[i], this.ys[i]]);
      found.push([...points, points[0]]);
    }
    return found;
  }

  /** Tell whether a point lies within an area: a ray crosses it oddly often. */
  holds(area, x, y) {
    const { xs, ys, ringStarts } = this;
    let inside = false;
    for (let ring = this.areaStarts[area]; ring < this.areaStarts[area + 1]; ring++)
      for (let i = ringStarts[ring], j = ringStarts[ring + 1] - 1; i < ringStarts[ring + 1]; j = i++)
        if (ys[i] > y !== ys[j] > y && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
    return inside;
  }
}

/** All outlines in one degree of detail, opened block by block. */
class Detail {
  constructor({ tolerance, step, blocks }, [west, south]) {
    Object.assign(this, { tolerance, grid: { west, south, step } });
    this.blocks = blocks.map(([place, first, count, ...box]) => ({ place, first, count, box, block: null, opening: null }));
  }

  open(entry) {
    entry.opening ??= block(entry.place).then((content) => (entry.block = new Block(content, entry.first, this.grid)));
    return entry.opening;
  }

  /** The blocks that meet a box, opened. */
  within(box) {
    return Promise.all(this.blocks.filter((entry) => meets(entry.box, box)).map((entry) => this.open(entry)));
  }

  /** The area at a place, of those opened so far; -1 without one. */
  find(x, y) {
    for (const { box, block: found } of this.blocks) {
      if (!found || !meets(box, [x, y, x, y])) continue;
      let unit = -1;
      found.each([x, y, x, y], (area) => found.holds(area, x, y) && (unit = found.first + area));
      if (unit >= 0) return unit;
    }
    return -1;
  }

  entryOf(unit) {
    return this.blocks.find(({ first, count }) => unit >= first && unit < first + count);
  }
}

const meets = (one, other) => one[0] <= other[2] && one[2] >= other[0] && one[1] <= other[3] && one[3] >= other[1];

/** What maps draw, what is known of each area, and what is picked. Units are places of areas. */
class Layer {
  constructor(data, credits) {
    Object.assign(this, { data, credits, count: data.count, bounds: data.outlines.bounds, isGeographic: data.outlines.is_geographic });
    this.details = data.outlines.details.map((detail) => new Detail(detail, this.bounds));
    this.mapped = this.details[0]?.blocks.reduce((sum, { count }) => sum + count, 0) ?? 0; // areas that have an outline
    this.held = new Map();
    this.listeners = [];
    this.selected = this.hovered = -1;
  }

  /** Open what every view reads. */
  async open() {
    const { codes, points, outlines } = this.data;
    const [names, x, y, steps] = await Promise.all([codes, points?.x, points?.y, outlines.middles].map((place) => (place === undefined ? null : block(place))));
    this.codes = names;
    this.points = points && { x: Float64Array.from(x, (value) => value ?? NaN), y: Float64Array.from(y, (value) => value ?? NaN) };
    this.middles = Float64Array.from(steps ?? []);
    for (let i = 2; i < this.middles.length; i++) this.middles[i] += this.middles[i - 2];
    await Promise.all(Object.keys(this.data.categories).map((name) => this.readCategory(name)));
  }

  /** Open columns of numbers; what is open already costs nothing. */
  ready(names) {
    return Promise.all(names.filter((name) => name in this.data.numbers).map((name) => this.read(`n ${name}`, this.data.numbers[name], (values) => Float64Array.from(values, (value) => value ?? NaN))));
  }

  readCategory(name) {
    return this.read(`c ${name}`, this.data.categories[name].block, (values) => Uint16Array.from(values, (value) => value ?? NONE));
  }

  /** Open a block once and keep what is made of it. */
  async read(key, place, make) {
    if (!this.held.has(key)) this.held.set(key, make(await block(place)));
    return this.held.get(key);
  }

  numbers(name) {
    return this.held.get(`n ${name}`);
  }

  categories(name) {
    return { labels: this.data.categories[name].labels, values: this.held.get(`c ${name}`) };
  }

  category(name, unit) {
    const { labels, values } = this.categories(name);
    return labels[values[unit]] ?? null;
  }

  has(unit) {
    return unit >= 0 && unit < this.mapped;
  }

  middle(unit) {
    return [this.middles[2 * unit], this.middles[2 * unit + 1]];
  }

  /** The degree of detail for a resolution, in map units for each pixel. */
  detail(resolution) {
    return resolution >= this.details[0].tolerance ? this.details[0] : this.details.at(-1);
  }

  /** An area's rings, of the finest detail. */
  async rings(unit) {
    const detail = this.details.at(-1);
    const found = await detail.open(detail.entryOf(unit));
    return found.rings(unit - found.first);
  }

  unitOfCode(code) {
    this.places ??= new Map(this.codes.map((name, unit) => [name, unit]));
    return this.places.get(code) ?? -1;
  }

  select(unit, from) {
    this.selected = unit;
    for (const listener of this.listeners) listener("select", from);
  }

  hover(unit) {
    if (unit === this.hovered) return;
    this.hovered = unit;
    for (const listener of this.listeners) listener("hover");
  }

  listen(listener) {
    this.listeners.push(listener);
  }
}

// ---- Embedded columns and outlines: the other side of report/encoding.py -------------

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function numbersOf(column) {
  const { buffer } = bytesOf(column.data);
  if (column.type === "f32") return new Float32Array(buffer);
  if (column.type === "u32") return new Uint32Array(buffer);
  const small = new Uint16Array(buffer);
  const numbers = new Float64Array(small.length);
  const decimals = column.step === 0.01 ? 100 : 0;
  for (let i = 0; i < small.length; i++) {
    const value = column.low + small[i] * column.step;
    numbers[i] = small[i] === NONE ? NaN : decimals ? Math.round(value * decimals) / decimals : value;
  }
  return numbers;
}

const categoriesOf = (column) => ({ labels: column.labels, values: new Uint16Array(bytesOf(column.data).buffer) });

/** Undo zigzag and LEB128. */
function varintsOf(text) {
  const bytes = bytesOf(text);
  const numbers = new Int32Array(bytes.length); // at most one number for each byte
  let count = 0;
  for (let i = 0; i < bytes.length; count++) {
    let value = 0;
    let factor = 1;
    let byte;
    do {
      byte = bytes[i++];
      value += (byte & 127) * factor; // not <<, which would end at 32 bits
      factor *= 128;
    } while (byte & 128);
    numbers[count] = value % 2 ? -(value + 1) / 2 : value / 2;
  }
  return numbers.subarray(0, count);
}

/** Outlines in whole steps of their grid: rings of all areas after one another. */
class Outlines {
  constructor(data, count) {
    Object.assign(this, { west: data.west, south: data.south, step: data.step, isGeographic: data.is_geographic });
    const stream = varintsOf(data.stream);
    const xs = new Int32Array(stream.length / 2);
    const ys = new Int32Array(stream.length / 2);
    const ringStarts = [];
    this.unitStarts = new Uint32Array(count + 1);
    this.boxes = new Float64Array(count * 4).fill(NaN); // west, south, east, north
    let at = 0;
    let x = 0;
    let y = 0;
    let points = 0;
    for (let unit = 0; unit < count; unit++) {
      this.unitStarts[unit] = ringStarts.length;
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let rings = stream[at++]; rings > 0; rings--) {
        ringStarts.push(points);
        for (let left = stream[at++]; left > 0; left--) {
          x += stream[at++];
          y += stream[at++];
          xs[points] = x;
          ys[points++] = y;
          if (x < west) west = x;
          if (x > east) east = x;
          if (y < south) south = y;
          if (y > north) north = y;
        }
      }
      if (west <= east) this.boxes.set([west, south, east, north], unit * 4);
    }
    this.unitStarts[count] = ringStarts.length;
    ringStarts.push(points);
    this.ringStarts = Uint32Array.from(ringStarts);
    this.xs = xs;
    this.ys = ys;
    this.bounds = [data.west, data.south, data.west + data.width, data.south + data.height];
  }

  has(unit) {
    return !Number.isNaN(this.boxes[unit * 4]);
  }

  /** The middle of an area's box, in map units. */
  middle(unit) {
    const [west, south, east, north] = this.boxes.subarray(unit * 4, unit * 4 + 4);
    return [this.west + ((west + east) / 2) * this.step, this.south + ((south + north) / 2) * this.step];
  }

  /** Add an area's rings to a path, in steps of the grid. */
  trace(path, unit) {
    const { xs, ys, ringStarts } = this;
    for (let ring = this.unitStarts[unit]; ring < this.unitStarts[unit + 1]; ring++) {
      const start = ringStarts[ring];
      path.moveTo(xs[start], ys[start]);
      for (let i = start + 1; i < ringStarts[ring + 1]; i++) path.lineTo(xs[i], ys[i]);
      path.closePath();
    }
  }

  /** Tell whether a point (in steps) lies within an area: a ray crosses it oddly often. */
  holds(unit, x, y) {
    const { xs, ys, ringStarts } = this;
    let inside = false;
    for (let ring = this.unitStarts[unit]; ring < this.unitStarts[unit + 1]; ring++) {
      for (let i = ringStarts[ring], j = ringStarts[ring + 1] - 1; i < ringStarts[ring + 1]; j = i++) {
        if (ys[i] > y !== ys[j] > y && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
      }
    }
    return inside;
  }
}

/** Boxes by cells of a grid: which areas can hold a point. */
class BoxIndex {
  constructor(outlines, count) {
    this.outlines = outlines;
    this.side = Math.max(8, Math.min(256, Math.ceil(Math.sqrt(count))));
    const [west, south, east, north] = outlines.bounds;
    this.size = Math.max(east - west, north - south) / outlines.step / this.side || 1;
    this.cells = new Map();
    for (let unit = 0; unit < count; unit++) {
      if (!outlines.has(unit)) continue;
      const [w, s, e, n] = outlines.boxes.subarray(unit * 4, unit * 4 + 4);
      for (let column = Math.floor(w / this.size); column <= Math.floor(e / this.size); column++)
        for (let row = Math.floor(s / this.size); row <= Math.floor(n / this.size); row++) {
          const key = column * 4096 + row;
          const list = this.cells.get(key);
          if (list) list.push(unit);
          else this.cells.set(key, [unit]);
        }
    }
  }

  /** Return the area at a place in map units, -1 without one. */
  find(mapX, mapY) {
    const x = (mapX - this.outlines.west) / this.outlines.step;
    const y = (mapY - this.outlines.south) / this.outlines.step;
    const list = this.cells.get(Math.floor(x / this.size) * 4096 + Math.floor(y / this.size)) ?? [];
    for (const unit of list) {
      const [w, s, e, n] = this.outlines.boxes.subarray(unit * 4, unit * 4 + 4);
      if (x >= w && x <= e && y >= s && y <= n && this.outlines.holds(unit, x, y)) return unit;
    }
    return -1;
  }
}

/** What maps draw (areas, or hexagons that stand for them) and what is known of it. */
class Layer {
  constructor(data) {
    this.data = data;
    this.codes = data.codes;
    this.count = data.codes.length;
    this.sentence = data.sentence ?? null;
    this.outlines = new Outlines(data.outlines, this.count);
    this.index = new BoxIndex(this.outlines, this.count);
    // Without a map of likeness there are no points.
    const { x, y, units } = data.points ?? {};
    this.points = x ? { x: numbersOf(x), y: numbersOf(y), units: numbersOf(units) } : { x: [], y: [], units: [] };
    // Codes that can be searched: of the areas within, where hexagons stand for them.
    this.searchCodes = data.members?.codes ?? data.codes;
    this.searchUnits = data.members ? numbersOf(data.members.units) : null;
    this.decoded = new Map();
    this.selected = -1;
    this.hovered = -1;
    this.listeners = [];
  }

  cached(key, make) {
    if (!this.decoded.has(key)) this.decoded.set(key, make());
    return this.decoded.get(key);
  }

  numbers(name) {
    return this.cached(`n ${name}`, () => numbersOf(this.data.numbers[name]));
  }

  categories(name) {
    return this.cached(`c ${name}`, () => categoriesOf(this.data.categories[name]));
  }

  pointCategories(name) {
    return this.cached(`p ${name}`, () => (this.data.points ? categoriesOf(this.data.points.categories[name]) : { values: [] }));
  }

  category(name, unit) {
    const { labels, values } = this.categories(name);
    return labels[values[unit]] ?? null;
  }

  /** The points of a drawn unit; without hexagons that is one. */
  pointsOf(unit) {
    const all = this.cached("points by unit", () => {
      const lists = new Map();
      this.points.units.forEach((owner, point) => lists.has(owner) ? lists.get(owner).push(point) : lists.set(owner, [point]));
      return lists;
    });
    return all.get(unit) ?? [];
  }

  unitOfCode(code) {
    const place = this.searchCodes.indexOf(code);
    if (place < 0) return -1;
    const unit = this.searchUnits ? this.searchUnits[place] : place;
    return unit < this.count ? unit : -1;
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

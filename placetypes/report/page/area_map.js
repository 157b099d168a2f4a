// ---- The map ---------------------------------------------------------------------------

const BASEMAPS = {
  none: { text: "No basemap" },
  positron: {
    text: "CartoDB Positron (network)",
    url: (z, x, y) => `https://${"abcd"[(x + y) % 4]}.basemaps.cartocdn.com/light_all/${z}/${x}/${y}.png`,
    credit: "© OpenStreetMap contributors © CARTO",
  },
  imagery: {
    text: "Esri World Imagery (network)",
    url: (z, x, y) => `https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/${z}/${y}/${x}`,
    credit: "Source: Esri, Vantor, Earthstar Geographics, and the GIS User Community",
  },
};
const WORLD = 2 * Math.PI * 6378137; // metres around Web Mercator's equator
const FEW_PIXELS = 14; // an area of that size on the screen gets a line around it

class AreaMap extends CanvasView {
  constructor(layer, label, camera) {
    super(label, layer.outlines.bounds, camera);
    Object.assign(this, { layer, hidden: new Set(), labels: [], showLabels: true, marks: [], basemap: "none", tiles: new Map() });
    this.node.classList.add("map");
    this.credit = el("div", { class: "credit" });
    this.node.append(this.credit);
    layer.listen((what, from) => {
      if (what === "select" && layer.selected >= 0 && from !== this && this.width && layer.outlines.has(layer.selected))
        this.reveal(...layer.outlines.middle(layer.selected));
      this.repaintOverlay();
    });
  }

  /** Colour the areas; those of hidden classes, and those not among `only`, turn faint. */
  colour(colouring, hidden = new Set(), only = null) {
    Object.assign(this, { colouring, hidden });
    this.paths = new Map();
    for (let unit = 0; unit < this.layer.count; unit++) {
      const place = colouring.units[unit];
      const shown = place !== NONE && !hidden.has(place) && (!only || only.has(unit));
      const key = shown ? place : -1;
      if (!this.paths.has(key)) this.paths.set(key, new Path2D());
      this.layer.outlines.trace(this.paths.get(key), unit);
    }
    this.redraw();
  }

  setBasemap(name) {
    this.basemap = name;
    this.failed = false;
    this.tiles.clear();
    this.credit.textContent = BASEMAPS[name].credit ?? "";
    this.redraw();
  }

  /** Let the context draw in steps of the outlines' grid. */
  enterGrid(context) {
    const { outlines } = this.layer;
    const [left, bottom] = this.toScreen(outlines.west, outlines.south);
    const scale = outlines.step * this.camera.scale;
    context.setTransform(this.ratio * scale, 0, 0, -this.ratio * scale, this.ratio * left, this.ratio * bottom);
    return scale;
  }

  drawBase(context) {
    if (!this.paths) return;
    this.drawTiles(context);
    const scale = this.enterGrid(context);
    context.globalAlpha = this.basemap === "none" ? 1 : 0.72;
    context.lineJoin = "round";
    const faint = css("--faint-area");
    for (const [place, path] of this.paths) {
      const colour = place < 0 ? faint : this.colouring.colours[place];
      context.fillStyle = context.strokeStyle = colour;
      context.fill(path);
      // A line of the area's own colour closes the seams that smoothing leaves.
      if (this.basemap === "none") {
        context.lineWidth = 0.6 / scale;
        context.stroke(path);
      }
    }
    context.globalAlpha = 1;
    if (this.typicalSize() * this.camera.scale > FEW_PIXELS) {
      context.strokeStyle = css("--area-line");
      context.lineWidth = 0.6 / scale;
      for (const path of this.paths.values()) context.stroke(path);
    }
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (this.showLabels) this.drawLabels(context);
    for (const mark of this.marks) this.drawMark(context, mark);
  }

  typicalSize() {
    this.size ??= (() => {
      const { boxes, step } = this.layer.outlines;
      const widths = [];
      for (let i = 0; i < boxes.length; i += 4) if (!Number.isNaN(boxes[i])) widths.push(boxes[i + 2] - boxes[i]);
      widths.sort((a, b) => a - b);
      return (widths[widths.length >> 1] ?? 1) * step;
    })();
    return this.size;
  }

  /** Write labels over the map, the first come first: none over another. */
  drawLabels(context) {
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.lineJoin = "round";
    const taken = [];
    for (const label of this.labels) {
      const [x, y] = this.toScreen(label.x, label.y);
      if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
      context.font = `${label.isRegion ? "600 13px" : "12px"} system-ui, sans-serif`;
      const wide = context.measureText(label.name).width;
      const start = label.isRegion ? x - wide / 2 : x + 7;
      const box = [Math.min(x, start) - 6, y - 9, start + wide + 6, y + 9];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      context.fillStyle = css("--label");
      context.strokeStyle = css("--label-edge");
      if (!label.isRegion) {
        context.beginPath();
        context.arc(x, y, 3, 0, 7);
        context.stroke();
        context.fill();
      }
      context.strokeText(label.name, start, y);
      context.fillText(label.name, start, y);
    }
  }

  drawMark(context, { unit, text, colour }) {
    if (!this.layer.outlines.has(unit)) return;
    const [x, y] = this.toScreen(...this.layer.outlines.middle(unit));
    context.fillStyle = colour;
    context.strokeStyle = "#1a1a1a";
    context.lineWidth = 1.2;
    context.beginPath();
    context.arc(x, y, 9, 0, 7);
    context.fill();
    context.stroke();
    context.fillStyle = inkOn(colour);
    context.font = "bold 10px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
    context.textAlign = "start";
  }

  drawOverlay(context) {
    const { layer } = this;
    const draw = (unit, width, colour, edge) => {
      if (unit < 0 || !layer.outlines.has(unit)) return;
      const path = new Path2D();
      layer.outlines.trace(path, unit);
      const scale = this.enterGrid(context);
      context.lineJoin = "round";
      context.lineWidth = (width + 2.5) / scale;
      context.strokeStyle = edge;
      context.stroke(path);
      context.lineWidth = width / scale;
      context.strokeStyle = colour;
      context.stroke(path);
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    };
    draw(layer.hovered, 1.2, css("--ink"), css("--label-edge"));
    draw(layer.selected, 2.4, css("--pick"), css("--label-edge"));
    if (layer.selected >= 0 && layer.outlines.has(layer.selected) && this.typicalSize() * this.camera.scale < FEW_PIXELS) {
      const [x, y] = this.toScreen(...layer.outlines.middle(layer.selected));
      for (const [width, colour] of [[5, css("--label-edge")], [2.5, css("--pick")]]) {
        context.beginPath();
        context.arc(x, y, 12, 0, 7);
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.stroke();
      }
    }
  }

  // -- Basemap tiles, only when switched on
  drawTiles(context) {
    const source = BASEMAPS[this.basemap];
    if (!source.url || !this.layer.outlines.isGeographic) return;
    const zoom = Math.max(0, Math.min(19, Math.round(Math.log2((WORLD * this.camera.scale) / 256))));
    const size = WORLD / 2 ** zoom;
    const [west, north] = this.toMap(0, 0);
    const [east, south] = this.toMap(this.width, this.height);
    const column = (x) => Math.floor((x + WORLD / 2) / size);
    const row = (y) => Math.floor((WORLD / 2 - y) / size);
    for (let x = column(west); x <= column(east); x++)
      for (let y = Math.max(0, row(north)); y <= Math.min(2 ** zoom - 1, row(south)); y++) {
        const image = this.tile(source, zoom, x, y);
        if (!image.complete || !image.naturalWidth) continue;
        const [left, top] = this.toScreen(x * size - WORLD / 2, WORLD / 2 - y * size);
        const side = size * this.camera.scale;
        context.drawImage(image, left, top, side + 0.5, side + 0.5);
      }
  }

  tile(source, zoom, x, y) {
    const key = `${zoom}/${x}/${y}`;
    if (!this.tiles.has(key)) {
      const image = new Image();
      image.onload = () => this.redraw();
      image.onerror = () => {
        if (this.failed) return;
        this.failed = true;
        this.credit.textContent = "The basemap can't be loaded: is there a network? The map is whole without it.";
      };
      image.src = source.url(zoom, ((x % 2 ** zoom) + 2 ** zoom) % 2 ** zoom, y);
      if (this.tiles.size > 400) this.tiles.clear();
      this.tiles.set(key, image);
    }
    return this.tiles.get(key);
  }

  // -- Picking
  pick(px, py) {
    return this.layer.index.find(...this.toMap(px, py));
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
    if (layer.selected < 0) return this.picked(this.pick(this.width / 2, this.height / 2));
    const all = Array.from({ length: layer.count }, (_, unit) => unit).filter((unit) => layer.outlines.has(unit));
    const next = nearestIn(right, up, layer.outlines.middle(layer.selected), all, (unit) => layer.outlines.middle(unit));
    if (next >= 0) layer.select(next);
  }

  /** Lines of the hint; the explorer says more. */
  describe(unit) {
    return [this.layer.codes[unit], this.colouring.textAt(unit)];
  }
}

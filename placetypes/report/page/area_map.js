// ---- The map ---------------------------------------------------------------------------

const BASEMAPS = {
  none: { text: "No basemap" },
  positron: {
    text: "CartoDB Positron (network)",
    url: "https://{a-d}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}.png",
    attributions: "© OpenStreetMap contributors © CARTO",
  },
  imagery: {
    text: "Esri World Imagery (network)",
    url: "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
    attributions: "Source: Esri, Vantor, Earthstar Geographics, and the GIS User Community",
  },
};
const FEW_PIXELS = 14; // an area of that size on the screen gets a line around it

/** Areas of one colour share a path; not too many, since a path takes ever longer to grow. */
class Paths {
  all = []; // [place of the colour, path]
  last = new Map();

  next(place) {
    const found = this.last.get(place);
    if (found && ++found.areas < 200) return found.path;
    const path = new Path2D();
    this.last.set(place, { path, areas: 1 });
    this.all.push([place, path]);
    return path;
  }
}

class AreaMap extends MapView {
  constructor(layer, label, view) {
    super(label, layer.bounds, layer.isGeographic, view);
    this.layer = layer;
    // Tiles wait for the first colouring: OpenLayers asks for no other while they load.
    this.coloured = new Promise((resolve) => (this.start = resolve));
    this.node.classList.add("map");
    this.trouble = el("div", { class: "trouble", role: "status" });
    this.node.append(this.trouble);
    this.names = new ol.source.Vector({ wrapX: false });
    this.nameLayer = new ol.layer.Vector({ source: this.names, className: "names", declutter: true, style: (feature) => feature.get("draw")() });
    this.map.addLayer(this.nameLayer);
    this.picks = { hovered: new ol.Feature(), selected: new ol.Feature() };
    this.marked.addFeatures(Object.values(this.picks));
    for (const [kind, width, colour] of [["hovered", 1.2, "--ink"], ["selected", 2.4, "--pick"]])
      this.picks[kind].set("draw", (resolution) => this.around(this.picks[kind], width, css(colour), resolution));
    layer.listen((what, from) => {
      if (what === "select" && layer.has(layer.selected) && from !== this) this.reveal(layer.middle(layer.selected));
      this.outline("selected", layer.selected);
      this.outline("hovered", layer.hovered);
    });
  }

  /** Colour the areas; those of hidden classes, and those not among `only`, turn faint. */
  colour(colouring, hidden = new Set(), only = null) {
    Object.assign(this, { colouring, hidden, only });
    this.start();
    this.redraw();
  }

  shown(unit) {
    const place = this.colouring.units[unit];
    return place !== NONE && !this.hidden.has(place) && (!this.only || this.only.has(unit)) ? place : -1;
  }

  async draw(context, box, resolution) {
    await this.coloured;
    if (!this.layer.details.length) return;
    const paths = new Paths();
    const [west, , , north] = box;
    const scale = 1 / resolution;
    for (const found of await this.layer.detail(resolution).within(box))
      found.each(box, (area) => {
        found.trace(paths.next(this.shown(found.first + area)), area, west, north, scale);
      });
    // Added up, neighbours fill their common pixels exactly: no seams, and where areas are
    // smaller than a pixel it gets the mean of their colours, each by its share.
    context.globalCompositeOperation = "lighter";
    for (const [place, path] of paths.all) {
      context.fillStyle = place < 0 ? css("--faint-area") : this.colouring.colours[place];
      context.fill(path);
    }
    context.globalCompositeOperation = "source-over";
    if (this.typicalSize() * scale < FEW_PIXELS * this.ratio) return;
    context.strokeStyle = css("--area-line");
    context.lineWidth = 0.6 * this.ratio;
    for (const [, path] of paths.all) context.stroke(path);
  }

  /** The side of a square as large as an area would be if all shared the map. */
  typicalSize() {
    const [west, south, east, north] = this.layer.bounds;
    return Math.sqrt(((east - west) * (north - south)) / 3 / this.layer.mapped);
  }

  /** Draw a line around an area, or a ring where it is small on the screen. */
  around(feature, width, colour, resolution) {
    const geometry = feature.getGeometry();
    const middle = ol.extent.getCenter(geometry.getExtent());
    const small = Math.max(...ol.extent.getSize(geometry.getExtent())) / resolution < FEW_PIXELS;
    const stroke = (more, tint) => new ol.style.Stroke({ color: tint, width: width + more });
    const styles = [[2.5, css("--label-edge")], [0, colour]];
    return styles.map(([more, tint]) => (small
      ? new ol.style.Style({ geometry: new ol.geom.Point(middle), image: new ol.style.Circle({ radius: 11, stroke: stroke(more, tint) }) })
      : new ol.style.Style({ stroke: stroke(more, tint) })));
  }

  async outline(kind, unit) {
    if (this.picks[kind].unit === unit) return;
    this.picks[kind].unit = unit;
    const rings = this.layer.has(unit) ? await this.layer.rings(unit) : null;
    if (this.picks[kind].unit !== unit) return;
    this.picks[kind].setGeometry(rings ? new ol.geom.MultiLineString(rings) : undefined);
  }

  /** Text beside points; none is written over another, the first come first. */
  label(names) {
    this.names.addFeatures(names.map(({ name, x, y, isRegion }) => {
      const feature = new ol.Feature(new ol.geom.Point([x, y]));
      feature.set("draw", () => {
        const [fill, edge] = [new ol.style.Fill({ color: css("--label") }), new ol.style.Stroke({ color: css("--label-edge"), width: 3 })];
        return new ol.style.Style({
          image: isRegion ? undefined : new ol.style.Circle({ radius: 3, fill, stroke: edge, declutterMode: "none" }),
          text: new ol.style.Text({ text: name, font: `${isRegion ? "600 13px" : "12px"} system-ui, sans-serif`, textAlign: isRegion ? "center" : "left", offsetX: isRegion ? 0 : 7, fill, stroke: edge }),
        });
      });
      return feature;
    }));
  }

  /** Lines and named points of a user's file, over the areas. */
  setContext({ lines, points }) {
    const source = new ol.source.Vector({ wrapX: false });
    source.addFeatures(lines.map((line) => new ol.Feature(new ol.geom.LineString(line))));
    const styled = () => new ol.style.Style({ stroke: new ol.style.Stroke({ color: css("--label"), width: 1.2 }) });
    this.contextLayer = new ol.layer.Vector({ source, className: "context", style: styled });
    this.map.getLayers().insertAt(1, this.contextLayer);
    this.label(points.map(([x, y, name]) => ({ x, y, name })));
  }

  /** Discs with a short text on areas. */
  mark(marks) {
    this.marked.addFeatures(marks.filter(({ unit }) => this.layer.has(unit)).map(({ unit, text, colour }) => {
      const feature = new ol.Feature(new ol.geom.Point(this.layer.middle(unit)));
      const style = new ol.style.Style({
        image: new ol.style.Circle({ radius: 9, fill: new ol.style.Fill({ color: colour }), stroke: new ol.style.Stroke({ color: "#1a1a1a", width: 1.2 }) }),
        text: new ol.style.Text({ text, font: "bold 10px system-ui, sans-serif", fill: new ol.style.Fill({ color: inkOn(colour) }) }),
      });
      feature.set("draw", () => style);
      return feature;
    }));
  }

  /** Show a basemap below the areas; only then is the network asked. */
  setBasemap(name) {
    if (this.basemap) this.map.removeLayer(this.basemap);
    this.basemap = null;
    this.trouble.textContent = "";
    this.layer_.setOpacity(name === "none" ? 1 : 0.72);
    if (name === "none") return;
    const { url, attributions } = BASEMAPS[name];
    const source = new ol.source.XYZ({ url, attributions, crossOrigin: "anonymous", maxZoom: 19 });
    source.once("tileloaderror", () => (this.trouble.textContent = "The basemap can't be loaded: is there a network? The map is whole without it."));
    this.basemap = new ol.layer.Tile({ source, className: "basemap" });
    this.map.getLayers().insertAt(0, this.basemap);
  }

  /** Look at an area with what is around it. */
  async lookAtArea(unit) {
    const box = ol.extent.boundingExtent((await this.layer.rings(unit)).flat());
    const side = Math.max(...ol.extent.getSize(box), this.typicalSize());
    this.fit(ol.extent.buffer(box, side), { duration: 300 });
  }

  /** Look at a place as closely as shows its areas. */
  lookFrom(center) {
    this.view.animate({ center, resolution: this.typicalSize() / 40, duration: 300 });
  }

  // -- Picking
  pick([x, y]) {
    return this.layer.details.length ? this.layer.detail(this.view.getResolution() / this.ratio).find(x, y) : -1;
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
    if (!layer.has(layer.selected)) return this.picked(this.pick(this.view.getCenter()));
    const next = nearestIn(right, up, layer.middle(layer.selected), layer.mapped, (unit) => layer.middle(unit));
    if (next >= 0) layer.select(next);
  }

  /** Lines of the hint; the explorer says more. */
  describe(unit) {
    return [this.layer.codes[unit], this.colouring.textAt(unit)];
  }
}

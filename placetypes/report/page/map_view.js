// ---- A view that can be moved, enlarged and picked from: OpenLayers, on tiles that we draw

const TILE = 512; // pixels
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isTouch = (event) => event.originalEvent.pointerType === "touch";

/** Where one looks. Views may share it. */
function lookAt(bounds) {
  const side = Math.max(...ol.extent.getSize(bounds)) || 1;
  return new ol.View({
    center: ol.extent.getCenter(bounds),
    extent: ol.extent.buffer(bounds, side / 2),
    constrainOnlyCenter: true,
    minResolution: Math.min(0.3, side / 5_000),
    maxResolution: side / 150,
    resolution: side / 600,
    enableRotation: false,
  });
}

const PADDING = [14, 14, 14, 14];
const mapViews = []; // all of the page

class MapView {
  constructor(label, bounds, isGeographic, view = lookAt(bounds)) {
    Object.assign(this, { bounds, view, hidden: new Set() });
    this.node = el("div", { class: "view", tabindex: 0, role: "application", "aria-label": label, "aria-describedby": "keys" });
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.source = this.tiles();
    this.layer_ = new ol.layer.Tile({ source: this.source, className: "base", preload: 0 });
    this.marked = new ol.source.Vector({ wrapX: false });
    const overlay = new ol.layer.Vector({ source: this.marked, className: "overlay", updateWhileAnimating: true, updateWhileInteracting: true, style: (feature, resolution) => feature.get("draw")(resolution) });
    const button = (text, title, act) => el("button", { type: "button", title, "aria-label": title, onclick: act }, text);
    this.map = new ol.Map({
      target: this.node,
      view,
      pixelRatio: this.ratio,
      layers: [this.layer_, overlay],
      controls: [
        new ol.control.Zoom({ zoomInTipLabel: "Enlarge", zoomOutTipLabel: "Reduce" }),
        new ol.control.Control({ element: el("div", { class: "ol-control all" }, button("⤢", "Show all", () => this.fit()), button("⤓", "Download the picture as PNG", () => this.download())) }),
        new ol.control.Attribution({ collapsible: false }),
        ...(isGeographic ? [new ol.control.ScaleLine()] : []),
      ],
      // One finger scrolls the page, two move the map; a mouse needs no second hand.
      interactions: ol.interaction.defaults.defaults({ dragPan: false, altShiftDragRotate: false, pinchRotate: false }).extend([
        new ol.interaction.DragPan({ kinetic: new ol.Kinetic(-0.005, 0.05, 100), condition(event) { return !isTouch(event) || this.getPointerCount() === 2; } }),
      ]),
    });
    this.map.once("change:size", () => view.get("fitted") || this.fit());
    this.map.on("rendercomplete", () => (this.node.dataset.drawn = performance.now().toFixed(0)));
    this.map.on("movestart", () => (this.node.dataset.moves = "yes"));
    this.map.on("moveend", () => {
      delete this.node.dataset.moves;
      this.node.dataset.looksAt = [...view.getCenter(), view.getResolution()].join(" ");
    });
    this.map.on("pointermove", (event) => event.dragging || isTouch(event) ? hideHint() : this.hovered(this.pick(event.coordinate), event.originalEvent));
    this.map.on("click", (event) => this.picked(this.pick(event.coordinate)));
    this.node.addEventListener("pointerleave", () => this.hovered(-1));
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.fingers();
    themeListeners.push(() => this.redraw());
    mapViews.push(this);
  }

  // -- What a kind of view fills in
  async draw() {}
  pick() { return -1; }
  hovered() {}
  picked() {}
  neighbour() {}

  /** Tiles of the usual scheme, each a canvas that `draw` fills. */
  tiles() {
    return new ol.source.ImageTile({
      tileGrid: ol.tilegrid.createXYZ({ tileSize: TILE, maxZoom: 30 }),
      tileSize: TILE * this.ratio,
      wrapX: false,
      transition: 0,
      interpolate: true,
      loader: async (z, x, y) => {
        const canvas = el("canvas", { width: TILE * this.ratio, height: TILE * this.ratio });
        const grid = this.source.getTileGrid();
        const box = grid.getTileCoordExtent([z, x, y]);
        await this.draw(canvas.getContext("2d"), box, grid.getResolution(z) / this.ratio);
        return canvas;
      },
    });
  }

  /** What is drawn changed. */
  redraw() {
    delete this.node.dataset.drawn;
    this.source.refresh();
  }

  fit(bounds = this.bounds, options = {}) {
    this.view.set("fitted", true);
    this.view.fit(bounds, { padding: PADDING, ...options });
  }

  /** What is seen now: `again` shows as much at another size, `back` as it was. */
  look() {
    const [center, resolution] = [this.view.getCenter(), this.view.getResolution()];
    const [width, height] = this.map.getSize() ?? [0, 0];
    const around = width && height ? this.view.calculateExtent([width, height]) : this.bounds;
    const seen = ol.extent.getIntersection(around, this.bounds);
    return {
      again: () => {
        this.map.updateSize();
        this.view.fit(ol.extent.isEmpty(seen) ? around : seen, { size: this.map.getSize(), padding: PADDING });
        this.map.renderSync();
      },
      back: () => {
        this.map.updateSize();
        this.view.setCenter(center);
        this.view.setResolution(resolution);
      },
    };
  }

  /** Bring a place into view if it is not, or is close to the edge. */
  reveal(place) {
    const pixel = this.map.getPixelFromCoordinate(place);
    const size = this.map.getSize();
    if (pixel && size && pixel.some((at, i) => at < 30 || at > size[i] - 30)) this.view.animate({ center: place, duration: 200 });
  }

  key(event) {
    if (event.target !== this.node || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey && { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (step) this.neighbour(...step);
    else if (event.key === "0" || event.key === "Home") this.fit();
    else if (event.key === "Enter" || event.key === " ") this.picked(this.pick(this.view.getCenter()));
    else if (event.key === "Escape") this.picked(-1);
    else return;
    event.preventDefault();
  }

  /** Two fingers are ours, one finger is the page's; who tries with one is told. */
  fingers() {
    const words = el("div", { class: "fingers", "aria-hidden": "true" }, "Two fingers move the map");
    this.node.append(words);
    let timer = 0;
    this.node.addEventListener("touchmove", (event) => {
      const many = event.touches.length > 1;
      if (many && event.cancelable) event.preventDefault();
      words.classList.toggle("shown", !many);
      clearTimeout(timer);
      timer = setTimeout(() => words.classList.remove("shown"), 900);
    }, { passive: false });
  }

  /** What the view shows, on one canvas. */
  picture() {
    const [width, height] = this.map.getSize().map((side) => side * this.ratio);
    const canvas = el("canvas", { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = css("--plot");
    context.fillRect(0, 0, width, height);
    for (const layer of this.node.querySelectorAll(".ol-layers canvas")) {
      const matrix = layer.style.transform.match(/^matrix\(([^(]*)\)$/)?.[1].split(",").map(Number) ?? [1 / this.ratio, 0, 0, 1 / this.ratio, 0, 0];
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      context.transform(...matrix);
      context.globalAlpha = Number(layer.parentNode.style.opacity || layer.style.opacity || 1);
      context.drawImage(layer, 0, 0);
    }
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.globalAlpha = 1;
    return canvas;
  }

  /** What stands below a downloaded picture, a group a line: legend, scale, credits. */
  caption() {
    const { colouring, hidden } = this;
    const credits = [...this.layer.credits, ...[...this.node.querySelectorAll(".ol-attribution li")].map((node) => node.textContent)].join(" ");
    const scale = this.node.querySelector(".ol-scale-line-inner");
    // Word by word, so that long names wrap; the first has the swatch, the last more room.
    const words = (text, first = {}) => text.split(" ").map((word, i, all) => ({ text: word, gaps: i === all.length - 1 ? 3 : 1, ...(i ? {} : first) }));
    const shown = colouring ? colouring.labels.map((text, place) => [text, place]).filter(([, place]) => !hidden.has(place)) : [];
    return [
      [...(shown.length ? words(`${colouring.title}:`) : []), ...shown.flatMap(([text, place]) => words(text, { swatch: 11, colour: colouring.colours[place] }))],
      scale?.textContent ? [{ text: scale.textContent, swatch: scale.offsetWidth, isBar: true }] : [],
      words(credits),
    ];
  }

  /** A picture with its caption below it. */
  captioned(picture) {
    const [margin, line, gap, high] = [6, 17, 4, 11].map((size) => size * this.ratio);
    const canvas = el("canvas", { width: picture.width, height: picture.height });
    const context = canvas.getContext("2d");
    const font = `${high}px system-ui, sans-serif`;
    context.font = font;
    let [x, y] = [margin, picture.height];
    const placed = this.caption().filter((group) => group.length).flatMap((group) => {
      [x, y] = [margin, y + line];
      return group.map((item) => {
        const side = (item.swatch ?? 0) * this.ratio;
        const width = side + (side && gap) + context.measureText(item.text).width;
        if (x > margin && x + width > picture.width - margin) [x, y] = [margin, y + line];
        const at = x;
        x += width + gap * item.gaps;
        return { ...item, side, x: at, y };
      });
    });
    canvas.height = y + margin; // which forgets what was set
    context.fillStyle = css("--paper");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0);
    context.font = font;
    for (const { text, side, colour, isBar, x: left, y: base } of placed) {
      const thick = isBar ? 3 * this.ratio : high;
      context.fillStyle = colour ?? css("--ink");
      context.fillRect(left, base - (high + thick) / 2 + this.ratio, side, thick);
      context.fillStyle = css("--ink");
      context.fillText(text, left + side + (side && gap), base);
    }
    return canvas;
  }

  download() {
    this.captioned(this.picture()).toBlob((blob) => downloadBlob("map.png", blob));
  }
}

/** Return the candidate nearest in a direction, of those within 45° of it. */
function nearestIn(right, up, from, count, placeOf) {
  let [best, least] = [-1, Infinity];
  for (let candidate = 0; candidate < count; candidate++) {
    const [x, y] = placeOf(candidate);
    const along = (x - from[0]) * right + (y - from[1]) * up;
    const across = Math.abs((x - from[0]) * up) + Math.abs((y - from[1]) * right);
    if (!(along > 0) || across > along) continue;
    if (along + across < least) [best, least] = [candidate, along + across];
  }
  return best;
}

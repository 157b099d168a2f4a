// ---- A canvas that can be moved, enlarged and picked from ------------------------------

const SLOW = 24; // milliseconds: what takes longer is drawn anew only when the hand rests
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Where one looks: a centre in map units and pixels for each map unit. Maps may share it. */
class Camera {
  constructor() {
    Object.assign(this, { x: 0, y: 0, scale: 0, listeners: [] });
  }

  set(x, y, scale) {
    Object.assign(this, { x, y, scale });
    for (const listener of this.listeners) listener();
  }

  fit([west, south, east, north], width, height) {
    const scale = 0.94 * Math.min(width / (east - west || 1), height / (north - south || 1));
    this.set((west + east) / 2, (south + north) / 2, scale);
  }
}

class CanvasView {
  constructor(label, bounds, camera = new Camera()) {
    this.bounds = bounds;
    this.camera = camera;
    this.base = el("canvas", { "aria-hidden": "true" });
    this.overlay = el("canvas", { class: "overlay", "aria-hidden": "true" });
    const button = (text, title, act) => el("button", { type: "button", title, "aria-label": title, onclick: act }, text);
    this.node = el("div", { class: "view", tabindex: 0, role: "application", "aria-label": label, "aria-describedby": "keys" },
      this.base, this.overlay,
      el("div", { class: "zoom" },
        button("+", "Enlarge", () => this.zoom(1.6)),
        button("−", "Reduce", () => this.zoom(1 / 1.6)),
        button("⤢", "Show all", () => this.fit())));
    this.buffer = document.createElement("canvas");
    this.pointers = new Map();
    this.cost = 0;
    camera.listeners.push(() => this.changed());
    this.listen();
    themeListeners.push(() => this.redraw());
    new ResizeObserver(() => this.resize()).observe(this.node);
  }

  // -- What a kind of view fills in
  drawBase() {}
  drawOverlay() {}
  pick() { return -1; }
  hovered() {}
  picked() {}
  neighbour() {}

  fit() {
    this.camera.fit(this.bounds, this.width, this.height);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (!width || !height) return;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    const first = !this.width;
    Object.assign(this, { width, height });
    for (const canvas of [this.base, this.overlay, this.buffer]) {
      canvas.width = width * this.ratio;
      canvas.height = height * this.ratio;
    }
    this.buffered = null;
    if (first && !this.camera.scale) this.fit();
    else this.redraw();
  }

  /** The camera moved: draw at once if that is quick, else move the picture first. */
  changed() {
    if (!this.width) return;
    this.moved = true;
    this.request();
  }

  /** What is drawn changed. */
  redraw() {
    this.buffered = null;
    this.request();
  }

  request() {
    if (this.frame || !this.width || !this.camera.scale) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    const { camera, ratio } = this;
    const context = this.base.getContext("2d");
    clearTimeout(this.later);
    if (this.buffered && this.moved && this.cost > SLOW) {
      const old = this.buffered;
      const grown = camera.scale / old.scale;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = css("--plot");
      context.fillRect(0, 0, this.base.width, this.base.height);
      const left = ((old.x - camera.x) * camera.scale + this.width / 2 - (this.width / 2) * grown) * ratio;
      const top = (-(old.y - camera.y) * camera.scale + this.height / 2 - (this.height / 2) * grown) * ratio;
      context.drawImage(this.buffer, left, top, this.base.width * grown, this.base.height * grown);
      this.later = setTimeout(() => this.redraw(), 90);
    } else {
      const start = performance.now();
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = css("--plot");
      context.fillRect(0, 0, this.width, this.height);
      this.drawBase(context);
      this.buffer.getContext("2d").drawImage(this.base, 0, 0);
      this.buffered = { x: camera.x, y: camera.y, scale: camera.scale };
      this.cost = performance.now() - start;
      this.node.dataset.drawn = this.cost.toFixed(1);
    }
    this.moved = false;
    this.node.dataset.looksAt = [camera.x, camera.y, camera.scale].join(" ");
    this.repaintOverlay();
  }

  repaintOverlay() {
    if (!this.width || !this.camera.scale) return;
    const context = this.overlay.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    this.drawOverlay(context);
    if (this.node.matches(":focus-visible")) {
      context.strokeStyle = css("--ink");
      context.lineWidth = 1;
      const [x, y] = [this.width / 2, this.height / 2];
      context.strokeRect(x - 7, y - 0.5, 14, 1);
      context.strokeRect(x - 0.5, y - 7, 1, 14);
    }
  }

  toScreen(x, y) {
    return [(x - this.camera.x) * this.camera.scale + this.width / 2, -(y - this.camera.y) * this.camera.scale + this.height / 2];
  }

  toMap(px, py) {
    return [(px - this.width / 2) / this.camera.scale + this.camera.x, -(py - this.height / 2) / this.camera.scale + this.camera.y];
  }

  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.toMap(px, py);
    const least = (0.3 * Math.min(this.width, this.height)) / Math.max(this.bounds[2] - this.bounds[0], this.bounds[3] - this.bounds[1]);
    const scale = Math.max(least, Math.min(least * 4000, this.camera.scale * factor));
    this.camera.set(x - (px - this.width / 2) / scale, y + (py - this.height / 2) / scale, scale);
  }

  pan(right, down) {
    const { x, y, scale } = this.camera;
    this.camera.set(x - right / scale, y + down / scale, scale);
  }

  /** Bring a place into view if it is not, or is close to the edge. */
  reveal(x, y) {
    const [px, py] = this.toScreen(x, y);
    const edge = 30;
    if (px < edge || py < edge || px > this.width - edge || py > this.height - edge) this.camera.set(x, y, this.camera.scale);
  }

  listen() {
    const place = (event) => {
      const box = this.overlay.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const { overlay, node, pointers } = this;
    overlay.addEventListener("pointerdown", (event) => {
      overlay.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      this.travelled = 0;
      node.focus({ focusVisible: false, preventScroll: true });
    });
    overlay.addEventListener("pointermove", (event) => {
      const now = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) return event.pointerType === "touch" ? undefined : this.hovered(this.pick(...now), event);
      pointers.set(event.pointerId, now);
      this.travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
      if (pointers.size === 1) {
        if (this.travelled > 4) {
          hideHint();
          this.pan(now[0] - before[0], now[1] - before[1]);
        }
      } else {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
        this.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      }
    });
    const release = (event) => {
      const wasClick = pointers.size === 1 && this.travelled <= 4 && event.type === "pointerup";
      pointers.delete(event.pointerId);
      if (wasClick) this.picked(this.pick(...place(event)));
    };
    overlay.addEventListener("pointerup", release);
    overlay.addEventListener("pointercancel", release);
    overlay.addEventListener("pointerleave", () => {
      hideHint();
      this.hovered(-1);
    });
    // The page scrolls until the map is clicked or Ctrl is held: nobody gets stuck on it.
    overlay.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && document.activeElement !== node) return;
      event.preventDefault();
      this.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) / 300), ...place(event));
    }, { passive: false });
    node.addEventListener("keydown", (event) => this.key(event));
    for (const kind of ["focus", "blur"]) node.addEventListener(kind, () => this.repaintOverlay());
  }

  key(event) {
    if (event.target !== this.node || event.altKey || event.ctrlKey || event.metaKey) return;
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) this.neighbour(-arrow[0], arrow[1]);
    else if (arrow) this.pan(arrow[0] * 60, arrow[1] * 60);
    else if (event.key === "+" || event.key === "=") this.zoom(1.6);
    else if (event.key === "-") this.zoom(1 / 1.6);
    else if (event.key === "0" || event.key === "Home") this.fit();
    else if (event.key === "Enter" || event.key === " ") this.picked(this.pick(this.width / 2, this.height / 2));
    else if (event.key === "Escape") this.picked(-1);
    else return;
    event.preventDefault();
  }
}

/** Return the candidate nearest in a direction, of those within 45° of it. */
function nearestIn(right, up, from, candidates, placeOf) {
  let [best, least] = [-1, Infinity];
  for (const candidate of candidates) {
    const [x, y] = placeOf(candidate);
    const along = (x - from[0]) * right + (y - from[1]) * up;
    const across = Math.abs((x - from[0]) * up) + Math.abs((y - from[1]) * right);
    if (along <= 0 || across > along) continue;
    const distance = along + across;
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

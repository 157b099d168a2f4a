// ---- Charts, drawn as SVG ----------------------------------------------------------------

const title = (text) => svg("title", {}, text);

function frame(width, height, words) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words, style: { maxWidth: `${width}px`, minWidth: `${Math.round(0.8 * width)}px` } });
}

const linear = (from, to, start, end) => (value) => start + ((value - from) / (to - from || 1)) * (end - start);

/** Round steps that cover a range. */
function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => +((first + i) * step).toPrecision(10));
}

function axes(node, { x, y, xTicks, yTicks, box: [left, top, right, bottom], xTitle, yTitle, grid = "y" }) {
  for (const value of yTicks) {
    if (grid.includes("y")) node.append(svg("line", { class: "grid", x1: left, x2: right, y1: y(value), y2: y(value) }));
    node.append(svg("text", { class: "tick", x: left - 6, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  for (const value of xTicks) {
    if (grid.includes("x")) node.append(svg("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: bottom }));
    node.append(svg("text", { class: "tick", x: x(value), y: bottom + 16, "text-anchor": "middle" }, number(value)));
  }
  node.append(svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }));
  if (xTitle) node.append(svg("text", { class: "name", x: (left + right) / 2, y: bottom + 34, "text-anchor": "middle" }, xTitle));
  if (yTitle) node.append(svg("text", { class: "name", x: 4, y: top - 10, "text-anchor": "start" }, yTitle));
}

/** Clusters of each k by their mean component; bands show where their areas go. */
function clustergramChart(clusters, flows, chosen) {
  const [width, height, left, top, right, bottom] = [680, 400, 48, 28, 664, 352];
  const most = Math.max(...clusters.map((row) => row.k));
  const means = clusters.map((row) => row.component_mean);
  const pad = (Math.max(...means) - Math.min(...means)) * 0.08 || 1;
  const x = linear(1, most, left + 16, right - 16);
  const y = linear(Math.min(...means) - pad, Math.max(...means) + pad, bottom, top);
  const total = clusters.filter((row) => row.k === 1).reduce((sum, row) => sum + row.areas, 0) || 1;
  const at = new Map(clusters.map((row) => [`${row.k} ${row.cluster}`, row]));
  const node = frame(width, height, `Clustergram: clusters of k = 1 to ${most} by their mean on the first principal component.`);
  if (chosen) node.append(svg("rect", { class: "chosen", x: x(chosen) - 14, y: top, width: 28, height: bottom - top }, title(`k = ${chosen}, as chosen`)));
  axes(node, { x, y, xTicks: Array.from({ length: most }, (_, i) => i + 1), yTicks: ticks(Math.min(...means), Math.max(...means)), box: [left, top, right, bottom], xTitle: "Number of clusters (k)", yTitle: "Mean on the first principal component" });
  for (const flow of flows) {
    const [from, to] = [at.get(`${flow.k} ${flow.cluster}`), at.get(`${flow.k + 1} ${flow.next_cluster}`)];
    if (!from || !to) continue;
    node.append(svg("line", { class: "flow", x1: x(from.k), y1: y(from.component_mean), x2: x(to.k), y2: y(to.component_mean), "stroke-width": Math.max(0.6, (18 * flow.areas) / total) },
      title(`${number(flow.areas)} areas go from a cluster of k = ${flow.k} to one of k = ${flow.k + 1}`)));
  }
  for (const row of clusters)
    node.append(svg("circle", { class: "cluster", cx: x(row.k), cy: y(row.component_mean), r: 2.5 + 9 * Math.sqrt(row.areas / total) },
      title(`k = ${row.k}: ${number(row.areas)} areas, mean ${number(row.component_mean, 2)}`)));
  return node;
}

/** One quality score against k. */
function scoreChart(scores, column, name, better, chosen, error = null) {
  const rows = scores.filter((row) => row[column] !== null);
  const spread = (row) => (error ? row[error] ?? 0 : 0);
  const [width, height, left, top, right, bottom] = [230, 150, 46, 26, 222, 116];
  const values = rows.flatMap((row) => [row[column] - spread(row), row[column] + spread(row)]);
  const node = frame(width, height, better ? `${name} for each k; ${better} is better.` : `${name} for each k.`);
  node.style.minWidth = "0";
  if (!rows.length) return node;
  const x = linear(Math.min(...rows.map((row) => row.k)), Math.max(...rows.map((row) => row.k)), left + 8, right - 8);
  const y = linear(Math.min(...values), Math.max(...values), bottom - 8, top + 6);
  axes(node, { x, y, xTicks: rows.map((row) => row.k).filter((_, i) => rows.length < 13 || i % 2 === 0), yTicks: ticks(Math.min(...values), Math.max(...values), 3), box: [left, top, right, bottom], yTitle: better ? `${name} (${better} is better)` : name });
  for (const row of rows.filter(spread)) node.append(svg("line", { class: "whisker", x1: x(row.k), x2: x(row.k), y1: y(row[column] - spread(row)), y2: y(row[column] + spread(row)) }));
  node.append(svg("polyline", { class: "line", points: rows.map((row) => `${x(row.k)},${y(row[column])}`).join(" ") }));
  for (const row of rows)
    node.append(svg("circle", { class: row.k === chosen ? "dot chosen" : "dot", cx: x(row.k), cy: y(row[column]), r: row.k === chosen ? 5 : 3 }, title(`k = ${row.k}: ${number(row[column])}`)));
  return node;
}

/** A clustergram with its scores beside it. */
function clustergramFigure(name, words, clusters, flows, scores, chosen, file) {
  const rows = { clusters: records(clusters), flows: records(flows), scores: records(scores) };
  const kinds = [["silhouette", "Silhouette", "higher"], ["calinski_harabasz", "Calinski–Harabasz", "higher"], ["davies_bouldin", "Davies–Bouldin", "lower"]];
  return el("div", { class: "clustergram" },
    chart(name, words, clustergramChart(rows.clusters, rows.flows, chosen), clusters, file, "", "clustergram"),
    chart("Which k?", `The ${chosen ? `chosen k = ${chosen} is marked` : "scores of each k"}.`,
      el("div", { class: "scores" }, kinds.map(([column, text, better]) => scoreChart(rows.scores, column, text, better, chosen))),
      scores, `${file}_scores`, "", "clustergram_scores"));
}

/** Horizontal bars. Rows: {text, value, colour?, spread?, words?}. */
function barChart(rows, words, { digits, axisTitle, room = 410 } = {}) {
  const label = Math.min(380, 16 + 6.2 * Math.max(...rows.map((row) => row.text.length)));
  const width = label + room;
  const step = 19;
  const [top, bottom] = [10, 10 + rows.length * step];
  const node = frame(width, bottom + (axisTitle ? 40 : 24), words);
  const highest = Math.max(...rows.map((row) => Math.max(row.line ?? 0, row.value + (row.spread ?? 0))), 0);
  const lowest = Math.min(...rows.map((row) => row.value - (row.spread ?? 0)), 0);
  const x = linear(lowest, highest || 1, label, width - 50);
  for (const value of ticks(lowest, highest || 1)) {
    node.append(svg("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: bottom }), svg("text", { class: "tick", x: x(value), y: bottom + 14, "text-anchor": "middle" }, number(value)));
  }
  if (axisTitle) node.append(svg("text", { class: "name", x: (label + width - 50) / 2, y: bottom + 32, "text-anchor": "middle" }, axisTitle));
  rows.forEach((row, i) => {
    const middle = top + i * step + step / 2;
    const [start, end] = [x(0), x(row.value)].sort((a, b) => a - b);
    node.append(
      svg("text", { class: "tick", x: label - 8, y: middle + 4, "text-anchor": "end" }, cut(row.text, 60), title(row.text)),
      svg("rect", { class: "bar", x: start, y: middle - 6, width: Math.max(0.5, end - start), height: 12, style: row.colour ? { fill: row.colour } : {} }, title(row.words ?? `${row.text}: ${number(row.value)}`)));
    if (row.spread) node.append(svg("line", { class: "whisker", x1: x(row.value - row.spread), x2: x(row.value + row.spread), y1: middle, y2: middle }));
    if (row.line !== undefined) node.append(svg("line", { class: "axis", x1: x(row.line), x2: x(row.line), y1: top + i * step, y2: top + (i + 1) * step }));
    if (digits !== undefined) node.append(svg("text", { class: "tick", x: x(row.value + (row.spread ?? 0)) + 5, y: middle + 4 }, number(row.value, digits)));
  });
  return node;
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** One small histogram, in per cent. Bars: {lower_bound, upper_bound, areas}; others: {…, share_of_file}, as a line. */
function histogram(bars, words, others = []) {
  const [width, height, bottom, left] = [190, 84, 66, 24];
  const node = frame(width, height, words);
  node.style.minWidth = "0";
  const low = Math.min(...bars.map((bar) => bar.lower_bound));
  const high = Math.max(...bars.map((bar) => bar.upper_bound));
  const total = bars.reduce((sum, bar) => sum + bar.areas, 0) || 1;
  const share = (bar) => (100 * bar.areas) / total;
  const most = Math.max(...bars.map(share), ...others.map((bar) => bar.share_of_file));
  const x = linear(low, high > low ? high : low + 1, left, width - 4);
  const y = linear(0, most, bottom, 8);
  for (const value of [0, most / 2, most])
    node.append(svg("line", { class: "grid", x1: left, x2: width - 4, y1: y(value), y2: y(value) }), svg("text", { class: "tick", x: left - 3, y: y(value) + 3.5, "text-anchor": "end" }, `${Math.round(value)}`));
  for (const bar of bars)
    node.append(svg("rect", { class: "bar", x: x(bar.lower_bound), y: y(share(bar)), width: Math.max(2, x(bar.upper_bound) - x(bar.lower_bound) - 1), height: bottom - y(share(bar)) },
      title(`${number(bar.lower_bound)} to ${number(bar.upper_bound)}: ${number(bar.areas)} areas, ${number(share(bar), 1)} %`)));
  if (others.length) node.append(svg("path", { class: "others", d: steps(others, (bar) => [x(bar.lower_bound), x(bar.upper_bound), y(bar.share_of_file)], y(0)) }, title("All areas of the file")));
  node.append(svg("line", { class: "axis", x1: left, x2: width - 4, y1: bottom, y2: bottom }),
    svg("text", { class: "tick", x: left, y: height - 3 }, number(low)),
    svg("text", { class: "tick", x: width - 4, y: height - 3, "text-anchor": "end" }, number(high)));
  return node;
}

/** A path over bars, down to the base where one is missing. */
function steps(bars, placeOf, base) {
  let [path, last] = ["", null];
  for (const [start, end, top] of bars.map(placeOf)) {
    if (last === null) path += `M${start},${base}`;
    else if (start - last > 0.5) path += `V${base}H${start}`;
    path += `V${top}H${end}`;
    last = end;
  }
  return `${path}V${base}`;
}

/** A matrix of correlations on a canvas, with a hint under the pointer. */
function matrixChart(names, valueAt, ramp, words) {
  const count = names.length;
  const side = Math.max(6, Math.min(14, Math.floor(640 / count)));
  const edge = 235;
  const size = edge + side * count;
  const canvas = el("canvas", { role: "img", "aria-label": words, class: "matrix" });
  canvas.width = size * 2;
  canvas.height = size * 2;
  canvas.style.width = `${size}px`;
  const draw = () => {
    const context = canvas.getContext("2d");
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, size, size);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < count; column++) {
        const value = row === column ? 1 : valueAt(row, column);
        context.fillStyle = value === null ? css("--faint-area") : rampColour(ramp, (value + 1) / 2);
        context.fillRect(edge + column * side, edge + row * side, side - 0.5, side - 0.5);
      }
    context.fillStyle = css("--ink");
    context.font = `${Math.min(11, side)}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    names.forEach((name, i) => {
      context.textAlign = "right";
      context.fillText(cut(name, 36), edge - 4, edge + (i + 0.5) * side);
      context.save();
      context.translate(edge + (i + 0.5) * side, edge - 4);
      context.rotate(-Math.PI / 2);
      context.textAlign = "left";
      context.fillText(cut(name, 36), 0, 0);
      context.restore();
    });
  };
  draw();
  themeListeners.push(draw);
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const at = (px, start, whole) => Math.floor((((px - start) / whole) * size - edge) / side);
    const [column, row] = [at(event.clientX, box.left, box.width), at(event.clientY, box.top, box.height)];
    if (row < 0 || column < 0 || row >= count || column >= count) return hideHint();
    showHint([`r = ${number(row === column ? 1 : valueAt(row, column), 2)}`, names[row], names[column]], event);
  });
  canvas.addEventListener("pointerleave", hideHint);
  return canvas;
}

/** Points with whiskers. Groups: [{text, points: [{value, spread, colour, text}]}]. */
function dotChart(groups, words, axisTitle) {
  const points = groups.flatMap((group) => group.points);
  const row = 22;
  const [width, left, top] = [450, 212, 12];
  const bottom = top + points.length * row + groups.length * 6;
  const node = frame(width, bottom + 40, words);
  node.style.minWidth = "0";
  const low = Math.min(...points.map((point) => point.value - (point.spread ?? 0)));
  const high = Math.max(...points.map((point) => point.value + (point.spread ?? 0)));
  const pad = (high - low) * 0.08 || 0.05;
  const x = linear(low - pad, high + pad, left, width - 12);
  for (const value of ticks(low - pad, high + pad, 4))
    node.append(svg("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: bottom }), svg("text", { class: "tick", x: x(value), y: bottom + 14, "text-anchor": "middle" }, number(value)));
  node.append(svg("text", { class: "name", x: (left + width) / 2, y: bottom + 32, "text-anchor": "middle" }, axisTitle));
  let at = top;
  for (const group of groups) {
    for (const point of group.points) {
      const middle = at + row / 2;
      node.append(svg("text", { class: "tick", x: left - 8, y: middle + 4, "text-anchor": "end" }, `${group.text}, ${point.text}`));
      if (point.spread) node.append(svg("line", { class: "whisker", x1: x(point.value - point.spread), x2: x(point.value + point.spread), y1: middle, y2: middle }));
      node.append(svg("circle", { class: "dot", cx: x(point.value), cy: middle, r: 5, style: { fill: point.colour } },
        title(`${group.text}, ${point.text}: ${number(point.value)}${point.spread ? ` ± ${number(point.spread)} over folds` : ""}`)));
      at += row;
    }
    at += 6;
  }
  return node;
}

/** Lines, one for each group. Groups: [{name, colour, points: [[x, y, words]]}]. */
function lineChart(groups, words, xTitle, yTitle) {
  const key = 40 + 6.2 * Math.max(...groups.map((group) => group.name.length));
  const [width, height, left, top, right, bottom] = [420 + key, 320, 52, 26, 410, 272];
  const all = groups.flatMap((group) => group.points);
  const node = frame(width, height, words);
  const xs = [...new Set(all.map((point) => point[0]))].sort((a, b) => a - b);
  const [low, high] = [Math.min(...all.map((point) => point[1])), Math.max(...all.map((point) => point[1]))];
  const x = linear(xs[0], xs[xs.length - 1], left + 8, right - 8);
  const y = linear(low - (high - low) * 0.05, high, bottom, top);
  axes(node, { x, y, xTicks: xs.slice(0, 12), yTicks: ticks(low, high), box: [left, top, right, bottom], xTitle, yTitle });
  groups.forEach((group, i) => {
    node.append(svg("polyline", { class: "line", style: { stroke: group.colour }, points: group.points.map(([a, b]) => `${x(a)},${y(b)}`).join(" ") }));
    for (const [a, b, text] of group.points)
      node.append(svg("circle", { class: "dot", cx: x(a), cy: y(b), r: 4, style: { fill: group.colour } }, title(text)));
    node.append(svg("circle", { class: "dot", cx: right + 18, cy: top + 8 + i * 18, r: 5, style: { fill: group.colour } }), svg("text", { class: "tick", x: right + 28, y: top + 12 + i * 18 }, group.name));
  });
  return node;
}

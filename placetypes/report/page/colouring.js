// ---- Colourings: each unit's class, each class's colour and label ---------------------

const CLASSES = 7;

/** Colour by clusters: a class for each label. */
function categoryColouring(layer, name, title, colours, textOf = (label) => label) {
  const { labels, values } = layer.categories(name);
  return {
    title,
    labels: labels.map(textOf),
    clusters: labels,
    colours: labels.map((label) => colours[label] ?? "#999999"),
    units: values,
    textAt: (unit) => (values[unit] === NONE ? "none" : textOf(labels[values[unit]])),
  };
}

/** Colour by given classes, one for each unit. */
function classColouring(layer, title, units, labels, colours, textAt) {
  return { title, labels, colours, units, textAt: textAt ?? ((unit) => labels[units[unit]] ?? "no value") };
}

/** Colour numbers in classes of equally many units; equal values stay together. */
function quantileColouring(layer, title, values, ramp) {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const tops = [];
  for (let i = 1; i <= CLASSES; i++) {
    const top = sorted[Math.min(sorted.length - 1, Math.ceil((i * sorted.length) / CLASSES) - 1)];
    if (sorted.length && top !== tops[tops.length - 1]) tops.push(top);
  }
  const units = new Uint16Array(values.length);
  values.forEach((value, unit) => {
    let place = 0;
    while (place < tops.length - 1 && value > tops[place]) place++;
    units[unit] = Number.isNaN(value) ? NONE : place;
  });
  const lows = tops.map((_, i) => (i ? tops[i - 1] : sorted[0]));
  const labels = tops.map((top, i) => (lows[i] === top ? number(top) : `${number(lows[i])} – ${number(top)}`));
  return classColouring(layer, title, units, labels, pickColours(ramp, tops.length), (unit) => number(values[unit]));
}

// Index scores from 0 over the average, 100, to twice as much; what is more has its colour.
const MOST_INDEX = 200;
const INDEX_BOUNDS = [50, 80, 90, 110, 120, 150, MOST_INDEX];
const indexColour = (steps, score) => rampColour(steps, score / MOST_INDEX);

/** Colour index scores in classes, each with the colour of its middle on the scale. */
function indexColouring(layer, title, values, steps) {
  const classes = [...INDEX_BOUNDS, Infinity].map((high, i) => ({ low: INDEX_BOUNDS[i - 1] ?? 0, high }));
  const labels = classes.map(({ low, high }) => (low === 0 ? `< ${high}` : high === Infinity ? `≥ ${low}` : `${low}–${high}`));
  const units = Uint16Array.from(values, (value) => (Number.isNaN(value) ? NONE : classes.findIndex(({ high }) => value < high)));
  const colours = classes.map(({ low, high }) => indexColour(steps, high === Infinity ? low : (low + high) / 2));
  return classColouring(layer, title, units, labels, colours, (unit) => `index ${number(values[unit], 0)}`);
}

/** Spread `count` colours over a ramp, mixing between its steps. */
function pickColours(ramp, count) {
  return Array.from({ length: count }, (_, i) => rampColour(ramp, count === 1 ? 0.7 : i / (count - 1)));
}

/** The colour of a ramp at a share from 0 to 1. */
function rampColour(ramp, share) {
  const place = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(place));
  return mixColours(ramp[low], ramp[low + 1], place - low);
}

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

function mixColours(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return `#${a.map((part, i) => Math.round(part + (b[i] - part) * share).toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever has the better contrast (4.5 and more) on a colour. */
function inkOn(colour) {
  const [red, green, blue] = channels(colour).map((part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}

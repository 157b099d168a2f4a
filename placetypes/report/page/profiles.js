// ---- A profile for each cluster: one at a time on the screen, all on paper -----------------

/** Give a job's profiles a place: which one is shown can be chosen here and by links. */
function clusterProfiles(job) {
  const holder = el("div", { class: "profiles" });
  const choices = el("div", { class: "choices", role: "group", "aria-label": "Whose profile is shown" });
  const clusters = job.clusters.length ? job.clusters : [...new Set(job.rows("profile_variables").map((row) => row.cluster))].map((cluster) => ({ cluster, level: job.levels[0].name, parent: null }));
  const draw = () => {
    const chosen = clusters.find((row) => row.cluster === job.profiled) ?? clusters[0];
    holder.replaceChildren(clusterProfile(job, chosen));
    choices.replaceChildren(...clusters.map((row) => el("button", { type: "button", class: row.parent === null ? "outer" : "", "aria-pressed": String(row === chosen), "aria-label": job.nameOf(row.cluster), title: job.nameOf(row.cluster), onclick: () => job.showProfile(row.cluster) },
      swatch(job.colours[row.cluster]), row.parent === null ? job.nameOf(row.cluster) : row.cluster)));
  };
  job.drawProfile = draw;
  draw();
  forPaper.push(() => holder.replaceChildren(...clusters.map((row) => clusterProfile(job, row))));
  addEventListener("afterprint", draw);
  return [choices, holder];
}

function clusterProfile(job, row) {
  const { cluster } = row;
  const facts = [
    row.areas === undefined ? null : `${number(row.areas)} areas (${number(row.share_of_areas, 1)} %${inside(row.areas, row.areas_inside)})`,
    row.population == null ? null : `${number(row.population, 0)} residents (${number(row.share_of_population, 1)} %${inside(row.population, row.population_inside)})`,
    row.parent ? `part of ${job.nameOf(row.parent)}` : null,
    ...job.rows("cluster_stability").filter((found) => found.cluster === cluster).map((found) => `${found.reading} (Jaccard ${number(found.jaccard, 2)})`),
  ].filter(Boolean);
  return el("article", { class: "profile", id: `${job.name}-profile-${cluster}`, "aria-label": `Profile of ${job.nameOf(cluster)}` },
    el("div", { class: "profile-head" },
      el("h3", {}, swatch(job.colours[cluster]), job.nameOf(cluster)),
      el("p", { class: "faint" }, facts.join(" · ")),
      el("button", { type: "button", onclick: () => printOnly() }, "Print this profile")),
    el("div", { class: "profile-body" },
      el("div", {}, job.portrait(cluster), nearestCluster(job, row)),
      profileVariables(job, row),
      el("div", {}, clusterMap(job, row), placesOf(job, row), typicalOf(job, row))));
}

/** Print what is shown of a profile on a page of its own. */
function printOnly() {
  const root = document.documentElement;
  root.classList.add("one-profile");
  window.print();
  root.classList.remove("one-profile");
}

/** How many lie inside the region, where some only touch it. */
const inside = (all, within) => (within == null || within === all ? "" : `; ${number(within, 0)} inside`);

const valueText = (value, unit) => `${number(value, Math.abs(value) >= 100 ? 0 : 1)}${unit === "share" ? " %" : ""}`;

/** The ten variables that set a cluster apart: its mean beside that of all, and the index. */
function profileVariables(job, { cluster, level }) {
  const rows = job.rows("profile_variables").filter((row) => row.cluster === cluster && row.level === level);
  if (!rows.length) return null;
  const bar = (value, most, colour, text) => el("div", { class: "bar-line" }, el("div", { class: "bar-fill", style: { width: `${Math.max(0.5, (62 * Math.max(0, value)) / most)}%`, background: colour } }), el("span", {}, text));
  return el("div", {}, el("table", { class: "variables" },
    el("caption", {}, "What sets it apart"),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Variable"), el("th", { scope: "col" }, "here", el("span", { class: "faint" }, " / all areas")), el("th", { scope: "col", class: "number" }, "Index (95 %)"))),
    el("tbody", {}, rows.map((row) => {
      const most = Math.max(row.cluster_mean, row.overall_mean, 1e-12);
      const error = row.index_error === null ? null : 1.96 * row.index_error;
      const colour = row.index_score === null ? null : indexColour(job.page.scheme.index, row.index_score);
      return el("tr", {}, el("th", { scope: "row" }, row.variable_name),
        el("td", {}, bar(row.cluster_mean, most, job.colours[cluster], valueText(row.cluster_mean, row.unit)), bar(row.overall_mean, most, "var(--faint)", valueText(row.overall_mean, row.unit))),
        el("td", { class: "number" }, colour ? el("strong", { class: "index", style: { background: colour, color: inkOn(colour) } }, number(row.index_score, 0)) : "–",
          error === null || row.index_score === null ? null : el("div", { class: "faint" }, `${number(Math.max(0, row.index_score - error), 0)}–${number(row.index_score + error, 0)}`)));
    }))));
}

function nearestCluster(job, { cluster, level }) {
  const rows = job.rows("profile_siblings").filter((row) => row.cluster === cluster && row.level === level);
  if (!rows.length) return null;
  const { sibling } = rows[0];
  return el("div", {},
    el("h4", {}, "Most like it: ", el("a", { href: `#${job.name}-profile-${sibling}` }, job.nameOf(sibling))),
    el("table", { class: "extremes" }, el("thead", {}, el("tr", {}, ["They differ most in", cluster, sibling].map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.variable_name), [row.cluster_mean, row.sibling_mean].map((value) => el("td", { class: "number" }, valueText(value, row.unit))))))));
}

/** Where a cluster's areas are, over the faint rest. */
function clusterMap(job, { cluster, level }) {
  const { map, combinations } = job.data.profiles ?? {};
  if (!map) return null;
  const place = job.levels.findIndex(({ name }) => name === level);
  const canvas = el("canvas", { class: "where", role: "img", "aria-label": `Map of where the areas of ${job.nameOf(cluster)} are.`, width: map.width, height: map.height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(map.width, map.height);
  // Alike on light and dark paper: grey that lets it shine through.
  const [own, rest] = [[...channels(job.colours[cluster]), 255], [128, 140, 148, 90]];
  let at = 0;
  for (let i = 0; i < map.runs.length; i += 2) {
    const group = map.runs[i];
    const colour = group < 0 ? null : combinations[group][place] === cluster ? own : rest;
    for (let left = map.runs[i + 1]; left > 0; left--, at += 4) if (colour) image.data.set(colour, at);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function placesOf(job, { cluster, level, areas }) {
  const rows = (job.data.profiles?.places ?? []).filter((row) => row[0] === level && row[1] === cluster).sort((a, b) => b[3] - a[3]);
  if (!rows.length) return null;
  const whole = areas ?? rows.reduce((sum, row) => sum + row[3], 0);
  return el("table", { class: "extremes" },
    el("caption", {}, "Where its areas are"),
    el("thead", {}, el("tr", {}, ["Place", "Areas", "of it", "of the place"].map((text, i) => el("th", { scope: "col", class: i ? "number" : null }, text)))),
    el("tbody", {}, rows.slice(0, 10).map(([, , name, count, all]) => el("tr", {}, el("th", { scope: "row" }, name), [number(count), `${number((100 * count) / whole, 0)} %`, `${number((100 * count) / all, 0)} %`].map((text) => el("td", { class: "number" }, text))))));
}

function typicalOf(job, { cluster, level }) {
  const rows = (job.data.profiles?.typical ?? []).filter((row) => row[0] === level && row[1] === cluster);
  if (!rows.length) return null;
  return el("div", {}, el("h4", {}, "Typical areas"), el("p", {}, rows.flatMap(([, , area, distance], i) => {
    const unit = job.layer.unitOfCode(area);
    const name = (unit >= 0 && job.areaName(unit)) || area;
    return [i ? ", " : "", el("button", { type: "button", class: "linklike", title: `${area}, ${number(distance)} from the cluster's mean`, onclick: () => { job.layer.select(unit); landings.get(`${job.name}-map`)?.(); } }, name)];
  })));
}

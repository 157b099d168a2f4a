// ---- Forests: how well a target is predicted, and by what --------------------------------

const VALIDATIONS = { single_split: "single split", random: "random folds", blocked: "held-out blocks" };
const MEASURES = { accuracy: "Accuracy", label_error: "Label error", macro_f1: "Macro F1", quadratic_weighted_kappa: "Quadratic weighted kappa", r_squared: "R²", rank_correlation: "Rank correlation" };

/** The feature sets with their words: as job.yml has them, else as they come. */
function featureSets(job) {
  return job.said.feature_sets ?? Object.fromEntries(job.rows("forest_scores").map((row) => [row.feature_set, capital(heading(row.feature_set))]));
}

function forestCharts(job) {
  const rows = job.rows("forest_scores");
  const [light, dark] = ["#92c5e6", "#1f6f9f"];
  // Of numbers there is no accuracy and no confusion; what says nothing isn't drawn.
  const said = Object.entries(MEASURES).filter(([measure]) => rows.some((row) => (row[measure] ?? null) !== null));
  const scores = said.map(([measure, text]) => {
    const groups = Object.entries(featureSets(job)).map(([set, words]) => ({
      text: words,
      points: Object.entries(VALIDATIONS).flatMap(([validation, kind]) => rows.filter((row) => row.feature_set === set && row.validation === validation && (row[measure] ?? null) !== null).map((row) => ({ value: row[measure], spread: row[`${measure}_spread`], colour: validation === "blocked" ? dark : light, text: kind }))),
    }));
    return el("div", {}, el("h4", {}, text, el("span", { class: "faint" }, measure === "label_error" ? " (lower is better)" : " (higher is better)")), dotChart(groups, `${text} of the three feature sets under each validation.`, text));
  });
  return [
    ...evidenceCharts(job),
    chart(`How well ${job.target} is predicted`, "Whiskers are one standard deviation over the folds.", el("div", { class: "matrices" }, scores), job.tables.forest_scores, "forest_scores", "whole"),
    ...(job.rows("forest_confusion").length ? [chart("Confusion", "Per cent of the areas of each actual class (rows) by predicted class (columns).", el("div", { class: "matrices of-tables" }, confusions(job)), job.tables.forest_confusion, "forest_confusion", "whole")] : []),
    ...(job.has("forest_group_importances") ? [chart("What the forests owe whole groups and single predictors", "The fall in accuracy on the single split's test when all features of a group are shuffled together. Whiskers are over the shuffles; a fall within two of them of nothing is no evidence.", el("div", { class: "matrices" }, importances(job, "forest_group_importances", "feature_group")), job.tables.forest_group_importances, "forest_group_importances", "whole")] : []),
    chart("Most important features", "The fifteen whose shuffling costs the single split's forest most accuracy; whiskers are over the shuffles.", el("div", { class: "matrices" }, importances(job)), job.tables.forest_importances, "forest_importances", "whole"),
  ];
}

/** What the feature sets are worth, in one paragraph and one table. */
function evidenceCharts(job) {
  if (!job.has("forest_evidence", "forest_verdict")) return [];
  const [{ title, text }] = job.rows("forest_verdict");
  const rows = job.rows("forest_evidence");
  const sets = { ...featureSets(job), majority: "Knowing nothing" };
  const measures = [...new Set(rows.map((row) => row.measure))];
  const kinds = ["random", "blocked"];
  const cell = (set, validation, measure) => {
    const row = rows.find((one) => one.feature_set === set && one.validation === validation && one.measure === measure && one.baseline === "none");
    return el("td", { class: "number" }, row ? `${number(row.value, 3)} (${number(row.low, 3)} to ${number(row.high, 3)})` : "–");
  };
  const heads = kinds.flatMap((validation) => measures.map((measure) => `${measure === "quadratic_weighted_kappa" ? "Kappa" : MEASURES[measure]}, ${VALIDATIONS[validation]}`));
  const drawn = scrolled(el("table", {},
    el("thead", {}, el("tr", {}, ["Predicted from", ...heads].map((head, i) => el("th", { scope: "col", class: i ? "number" : null }, head)))),
    el("tbody", {}, Object.entries(sets).map(([set, words]) => el("tr", {}, el("th", { scope: "row" }, words), kinds.flatMap((validation) => measures.map((measure) => cell(set, validation, measure))))))), "Evidence");
  return [chart(title, `${text} Intervals hold 95 %, whole blocks being drawn anew.`, drawn, job.tables.forest_evidence, "forest_evidence", "whole")];
}

function confusions(job) {
  const all = job.rows("forest_confusion");
  // Random folds are a yardstick of scores; a matrix of their own says little.
  return ["single_split", "blocked"].map((validation) => [validation, VALIDATIONS[validation]]).flatMap(([validation, kind]) => Object.entries(featureSets(job)).map(([set, words]) => {
    const rows = all.filter((row) => row.feature_set === set && row.validation === validation);
    const classes = [...new Set(rows.map((row) => row.actual))].sort((a, b) => a - b);
    const share = new Map(rows.map((row) => [`${row.actual} ${row.predicted}`, row]));
    return scrolled(el("table", { class: "confusion" },
      el("caption", {}, `${words}, ${kind}`),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "actual"), classes.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, classes.map((actual) => el("tr", {}, el("th", { scope: "row" }, actual), classes.map((predicted) => {
        const row = share.get(`${actual} ${predicted}`);
        const value = row?.share_of_actual ?? null;
        const colour = value ? rampColour(job.page.scheme.sequential, value / 80) : null;
        return el("td", { style: colour ? { background: colour, color: inkOn(colour) } : {}, title: row ? `${number(row.areas)} areas` : null }, value ? number(value, 0) : "");
      }))))), `${words}, ${kind}`);
  }));
}

function importances(job, table = "forest_importances", name = "feature") {
  const all = job.rows(table);
  return Object.entries(featureSets(job)).map(([set, words]) => {
    const rows = all.filter((row) => row.feature_set === set).sort((a, b) => a.permutation_rank - b.permutation_rank).slice(0, 15);
    return el("div", {}, el("h4", {}, words), barChart(rows.map((row) => ({ text: row[name], value: row.permutation, spread: row.permutation_spread, words: `${row[name]}: ${number(row.permutation)} ± ${number(row.permutation_spread)}${row.impurity === undefined ? "" : `; impurity ${number(row.impurity)}`}` })), `Permutation importance, ${words.toLowerCase()}.`, { room: 250, axisTitle: "Fall in accuracy" }));
  });
}

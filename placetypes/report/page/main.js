// ---- The page ----------------------------------------------------------------------------

/** Keep a heading at the top of the window until the reader moves: what lies above it may still grow. */
const landing = {
  heading: null,
  on(heading) {
    this.heading = heading;
    this.hold();
    heading.focus({ preventScroll: true });
  },
  hold() {
    this.heading?.scrollIntoView({ block: "start" });
  },
};
for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(kind, () => (landing.heading = null), { passive: true, capture: true });
new ResizeObserver(() => landing.hold()).observe(by("main"));

const landings = new Map(); // how to go to a section, by its id
const forPaper = []; // what must be drawn before the page is printed

/** Sections of a part, each drawn when it comes near the window. */
function drawSections(part, sections) {
  const waiting = new Map(); // holders in their order on the page
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) drawNow(entry.target);
  }, { rootMargin: "600px" });
  const drawNow = (holder) => {
    const make = waiting.get(holder);
    if (!make) return;
    waiting.delete(holder);
    watcher.unobserve(holder);
    holder.append(...[make()].flat());
    holder.style.minHeight = "";
  };
  // What lies above a heading must have its height before one can go there.
  const drawUpTo = (last) => {
    for (const holder of [...waiting.keys()]) {
      drawNow(holder);
      if (holder === last) return;
    }
  };
  const links = el("nav", { class: "sections", "aria-label": `Sections of ${part}` });
  const nodes = sections.map(([name, make, id], i) => {
    const head = el("h2", { tabindex: -1 }, name);
    const holder = el("div", { class: "holder", style: { minHeight: i ? "300px" : "" } });
    waiting.set(holder, make);
    landings.set(`${part}-${id}`, () => {
      drawUpTo(holder);
      landing.on(head);
    });
    links.append(el("a", { href: `#${part}-${id}`, onclick: (event) => {
      event.preventDefault();
      if (location.hash !== event.currentTarget.hash) history.pushState(null, "", event.currentTarget.hash);
      landings.get(`${part}-${id}`)();
    } }, name));
    if (i === 0) drawNow(holder);
    else watcher.observe(holder);
    return el("section", { id: `${part}-${id}` }, head, holder);
  });
  forPaper.push(() => drawUpTo());
  return [links, ...nodes];
}

/** How the run was made. */
function runPart(page) {
  const { run } = page;
  const jobs = Object.entries(page.jobs);
  const block = (name, words, table, file) => (table?.rows.length ? chart(name, words, dataTable(table, name), table, file, "whole") : null);
  const facts = run.run?.rows[0] ? Object.fromEntries(run.run.columns.map((column, i) => [column, run.run.rows[0][i]])) : {};
  return [
    el("h2", {}, "How this result was made"),
    el("dl", { class: "facts" }, Object.entries({ ...facts, page_written: page.written }).filter(([, value]) => value !== null).flatMap(([name, value]) => [el("dt", {}, heading(name)), el("dd", {}, cell(value))])),
    ...jobs.map(([name, { tables, page: said }]) => block(`Summary of the ${name} job`, "", tables.summary, said.files.summary)),
    block("Input files", "The sha256 tells whether two runs read the same content; what was told of a file stands behind it.", run.inputs, "inputs"),
    block("Parameters", "", run.parameters, "parameters"),
    block("Versions", "", run.versions, "versions"),
    ...jobs.map(([, { tables, page: said }]) => (said.left_out ? block(said.left_out, "", tables.left_out, said.files.left_out) : null)),
    block("Promises that were checked", "Each was asked of its table when that was built; none of severity error may fail.", run.checks, "checks"),
  ].filter(Boolean);
}

async function start() {
  const [page, library] = await Promise.all([opened("data"), inflated(by("library").textContent)]);
  ({ reading } = page.sections);
  delete page.sections.reading;
  const jobs = Object.keys(page.jobs).map((name) => new JobPart(page, name)).filter((job) => job.sections().length);
  if (jobs.some((job) => job.layer)) document.head.append(el("script", {}, library));
  await Promise.all(jobs.map((job) => job.open()));
  const parts = [
    ...jobs.map((job) => [job.name, job.data.title, () => [...job.warnings(), ...drawSections(job.name, job.sections())]]),
    ["run", "This run", () => runPart(page)],
  ];
  const facts = records(page.run.run ?? { columns: [], rows: [] })[0] ?? {};
  const names = new Map(jobs.map((job) => [job.name, job.title()]));
  const head = el("h1", {});
  const tabs = parts.map(([id, text]) => el("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `part-${id}`, "aria-selected": "false", tabindex: -1, onclick: () => open(id) }, text));
  const panels = parts.map(([id]) => el("div", { role: "tabpanel", id: `part-${id}`, "aria-labelledby": `tab-${id}`, hidden: true }));
  const draw = (i) => {
    if (!panels[i].firstChild) panels[i].append(el("h2", { class: "part-title" }, parts[i][1]), ...parts[i][2]());
  };
  // On paper all parts stand after one another; what is wider than a page is made smaller.
  let looks = []; // of maps on screen, which show the same ground on paper
  const layOut = () => {
    if (document.documentElement.classList.contains("one-profile")) return;
    if (document.documentElement.classList.contains("printing")) return;
    looks = mapViews.map((map) => map.look());
    document.documentElement.classList.add("printing");
    themeChanged();
    panels.forEach((_, i) => draw(i));
    for (const make of forPaper) make();
    // The inner ones first: what is around them is then no wider for it.
    for (const box of [...document.querySelectorAll(".scroll")].reverse()) {
      box.style.setProperty("--fit", 1);
      box.style.setProperty("--fit", Math.min(1, box.clientWidth / box.scrollWidth));
    }
    for (const look of looks) look.again();
  };
  const print = () => {
    layOut();
    setTimeout(() => window.print(), 600); // maps draw when they have a size
  };
  addEventListener("beforeprint", layOut);
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    themeChanged();
    for (const look of looks) look.back();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "p") {
      event.preventDefault();
      print();
    }
  });
  const open = (id) => {
    head.textContent = names.get(id) ?? names.values().next().value ?? "Area classification";
    document.title = `${head.textContent} · placetypes`;
    parts.forEach(([other], i) => {
      const chosen = other === id;
      tabs[i].setAttribute("aria-selected", String(chosen));
      tabs[i].tabIndex = chosen ? 0 : -1;
      panels[i].hidden = !chosen;
      if (chosen) draw(i);
    });
    scrollTo(0, 0);
  };
  // A link to a section or to a cluster's profile opens its part and goes there.
  const follow = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    if (said.has("area") || said.has("by")) {
      const own = jobs.filter(({ layer, name }) => layer && (said.get("part") ?? name) === name);
      const job = own.find(({ layer }) => layer.unitOfCode(said.get("area")) >= 0) ?? own[0];
      if (!job) return false;
      open(job.name);
      job.explorer.followLink(said);
      return true;
    }
    const wanted = decodeURIComponent(location.hash.slice(1));
    const part = parts.find(([id]) => wanted === id || wanted.startsWith(`${id}-`));
    if (!part) return false;
    open(part[0]);
    const [, cluster] = wanted.match(/-profile-(.+)$/) ?? [];
    if (cluster) jobs.find((job) => job.name === part[0])?.showProfile(cluster);
    else landings.get(wanted)?.();
    return true;
  };
  const list = el("div", { role: "tablist", class: "tabs", onkeydown: (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (tabs.findIndex((tab) => tab.tabIndex === 0) + step + tabs.length) % tabs.length;
    open(parts[next][0]);
    tabs[next].focus();
  } }, tabs);
  fill(by("header"), {}, [
    head,
    facts.synthetic ? el("strong", { class: "synthetic", title: "Areas, districts and figures are invented." }, "SYNTHETIC demo data") : null,
    list,
    el("span", { class: "faint run-line" }, facts.started ? `run of ${facts.started}` : ""),
    el("button", { type: "button", class: "theme", onclick: print }, "Print"),
    el("button", { type: "button", class: "theme", onclick: toggleTheme }, "Light / dark"),
  ]);
  by("main").append(el("p", { id: "keys", class: "spoken" }, KEYS), ...panels);
  new ResizeObserver(([{ target }]) => {
    const sticks = getComputedStyle(target).position === "sticky";
    document.documentElement.style.setProperty("--header", `${sticks ? target.offsetHeight : 0}px`);
  }).observe(by("header"));
  if (!follow()) open(parts[0][0]);
  addEventListener("hashchange", follow);
  document.documentElement.dataset.ready = performance.now().toFixed(0);
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  themeChanged();
}

function themeChanged() {
  for (const listener of themeListeners) listener();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);
start();

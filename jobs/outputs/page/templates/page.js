"use strict";
// All of this is extra: without it everything is there to read.
(() => {
  const one = (id) => document.getElementById(id);
  const all = (query, root) => [...(root || document).querySelectorAll(query)];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // light and dark
  const root = document.documentElement, theme = one("theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  const kept = (value) => {
    try { return value ? localStorage.setItem("theme", value) : localStorage.getItem("theme"); } catch { return null; }
  };
  const before = kept();
  if (before === "light" || before === "dark") root.dataset.theme = before;
  theme.setAttribute("aria-label", "Switch between light and dark");
  theme.hidden = false;
  name();
  system.addEventListener("change", name);
  theme.addEventListener("click", () => { kept(root.dataset.theme = dark() ? "light" : "dark"); name(); });

  // what a link points at is opened, in browsers that do not do so themselves
  const reveal = () => {
    const target = location.hash && one(decodeURIComponent(location.hash.slice(1)));
    for (let up = target; up; up = up.parentElement) if (up.localName === "details") up.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // forces by name
  const find = one("find-force");
  const forces = [...all(".matrix tbody tr").map((row) => [row, row.cells[0]]), ...all(".force").map((part) => [part, part.querySelector("h3")])]
    .map(([part, named]) => [part, named.textContent]);
  find.parentElement.hidden = false;
  find.addEventListener("input", () => {
    const wanted = plain(find.value.trim()), found = new Set();
    for (const [part, named] of forces) {
      part.hidden = !plain(named).includes(wanted);
      if (!part.hidden) found.add(named);
    }
    one("found-forces").textContent = wanted ? `${found.size} ${found.size === 1 ? "force" : "forces"}` : "";
  });

  // statements by speaker, stance, area and words
  const bar = one("filter");
  if (!bar) return;
  const STEP = 12, more = one("more"), inside = (part, query) => (part.querySelector(query) || { textContent: "" }).textContent;
  const said = all(".said").map((part) => ({
    part, speaker: inside(part, ".by b"), stance: inside(part, ".stance"), text: plain(part.textContent),
    area: inside(part, ".area") && JSON.stringify([inside(part, ".cycle"), inside(part, ".area")]),
  }));
  const offer = (select, values) => select.append(...[...new Set(values)].sort().map((value) => new Option(value)));
  for (const key of ["speaker", "stance"]) {
    offer(one(`by-${key}`), said.map((row) => row[key]));
  }
  const cycles = {};
  for (const value of [...new Set(said.map((row) => row.area))].filter(Boolean).sort()) {
    const [cycle, area] = JSON.parse(value);
    if (!cycles[cycle]) {
      cycles[cycle] = Object.assign(document.createElement("optgroup"), { label: cycle });
      one("by-area").prepend(one("by-area").options[0], cycles[cycle]);
    }
    cycles[cycle].append(new Option(area, value));
  }
  let limit = STEP;
  const show = () => {
    const wanted = ["speaker", "stance", "area"].map((key) => [key, one(`by-${key}`).value]);
    const words = plain(one("by-words").value).split(/\s+/);
    const fit = said.filter((row) => wanted.every(([key, value]) => !value || row[key] === value) && words.every((word) => row.text.includes(word)));
    const shown = new Set(fit.slice(0, limit));
    for (const row of said) row.part.hidden = !shown.has(row);
    more.hidden = fit.length <= limit;
    one("found").textContent = `${fit.length} of ${said.length} statements${fit.length > shown.size ? `, ${shown.size} shown` : ""}`;
  };
  bar.addEventListener("input", () => { limit = STEP; show(); });
  more.addEventListener("click", () => {
    const next = said.filter((row) => !row.part.hidden).length;
    limit += 4 * STEP;
    show();
    const part = said.filter((row) => !row.part.hidden)[next];
    if (part) part.part.querySelector("a").focus();
  });
  bar.hidden = false;
  show();
})();


// The table of decisions. Rows are made a chunk at a time: a large project has
// tens of thousands.
(function decisions() {
  const table = document.getElementById("rows");
  if (!table) return;
  const chunk = 100;
  const body = table.tBodies[0];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  const statuses = { move: 0, blocked: 1, "no-gain": 2, keep: 3 };

  const rows = data.rows.map((row, place) => ({
    ...row, place,
    haystack: [row.name, row.target, row.file, row.outcome, ...(row.notes || []), ...[...(row.blockers || []), ...(row.cautions || [])].map((b) => b.code + " " + b.text)].join("\n").toLowerCase(),
  }));
  const order = {
    place: (a, b) => a.place - b.place,
    name: (a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0),
    status: (a, b) => statuses[a.status] - statuses[b.status],
    rule: (a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
    ms: numbers("ms"),
    use: numbers("use"),
    saves: numbers("saves"),
  };
  const falling = new Set(["ms", "use", "saves"]); // sorted from the largest at first
  let sort = { by: "place", down: false };
  let chosen = rows;
  let made = 0;

  // What is unknown comes last, whichever way the rest is sorted.
  function numbers(field) {
    return (a, b, down) => {
      const x = a[field] ?? null;
      const y = b[field] ?? null;
      if (x === null || y === null) return (x === null) - (y === null) || 0;
      return down ? y - x : x - y;
    };
  }

  function choose() {
    const f = new FormData(form);
    const text = f.get("text").trim().toLowerCase();
    const file = f.get("file").trim();
    const is = (field, value) => !value || value === field;
    chosen = rows.filter((r) =>
      is(r.status, f.get("status")) && is(r.decision, f.get("decision")) && is(r.rule, f.get("rule")) &&
      (!f.get("blocker") || (r.blockers || []).some((b) => b.code === f.get("blocker"))) &&
      (!file || r.file.includes(file)) && (!text || r.haystack.includes(text)));
    const by = order[sort.by];
    const numeric = falling.has(sort.by);
    chosen.sort((a, b) => (numeric ? by(a, b, sort.down) : sort.down ? by(b, a) : by(a, b)) || a.place - b.place);
    shown.textContent = chosen.length === rows.length ? count(rows.length, "import") : grouped(chosen.length) + " of " + count(rows.length, "import");
    for (const th of table.querySelectorAll("th")) {
      if (th.firstElementChild.dataset.sort === sort.by) th.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
    form.elements.sort.value = [...form.elements.sort.options].some((o) => o.value === sort.by) ? sort.by : "place";
    made = 0;
    body.replaceChildren();
    if (chosen.length === 0) {
      body.append(element("tr", { class: "none", role: "row" }, element("td", { colspan: 7, role: "cell" }, "No import matches. Clear the filters to see all.")));
    }
    add();
  }

  function add() {
    const upTo = Math.min(made + chunk, chosen.length);
    for (; made < upTo; made++) body.append(tr(chosen[made]));
    more.hidden = made >= chosen.length;
    more.textContent = "Show " + count(Math.min(chunk, chosen.length - made), "more import") + " of " + grouped(chosen.length - made);
  }

  function cell(name, ...content) {
    return element("td", { role: "cell", class: name }, ...content);
  }

  // figure is a cell with a number; where rows are cards it names itself.
  function figure(label, text, unit) {
    return element("td", { role: "cell", class: text ? "number" : "number blank", "data-label": label, "data-unit": unit }, text || "–");
  }

  function tr(row) {
    const open = element("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": "row-" + row.place }, element("bdi", {}, row.name));
    const why = [element("b", {}, row.rule)];
    const codes = [...new Set((row.blockers || []).map((b) => b.code))];
    const text = row.status === "blocked" ? codes.join(", ") : row.outcome;
    if (text) why.push(" ", element("span", {}, text));
    const saves = row.saves > 0 ? milliseconds(row.saves) : row.shifts > 0 ? "shifted" : "";
    const blocked = row.status === "blocked";
    const line = element("tr", { role: "row", "data-place": row.place },
      cell("name", open),
      cell("place", element("bdi", {}, ...breakable(row.file)), ":" + row.line),
      figure("cost", row.ms === null ? "" : milliseconds(row.ms), "ms"),
      figure("use", row.use === null ? "" : row.use.toFixed(1).replace(/\.0$/, "") + " %"),
      cell("status", element("span", { class: "chip " + row.status }, row.status.replace("-", " "))),
      figure(blocked ? "would save" : "saves", blocked && saves ? "(" + saves + ")" : saves, row.saves > 0 ? "ms" : null),
      cell("why", ...why));
    if (blocked && saves) line.cells[5].title = "would save on top of the plan, if it could move";
    open.addEventListener("click", () => toggle(line, row, open));
    return line;
  }

  function toggle(line, row, open) {
    const isOpen = open.getAttribute("aria-expanded") === "true";
    open.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) line.nextElementSibling.remove();
    else line.after(details(row));
  }

  function details(row) {
    const list = element("dl", {});
    const say = (head, ...content) => list.append(element("dt", {}, head), element("dd", {}, ...content));
    say("Imports", element("code", {}, row.target));
    say("Stands at", { module: "module level", function: "function level", main: "the main guard", class: "class level", guarded: "module level, under a condition", "type-checking": "TYPE_CHECKING" }[row.site] || row.site);
    say("Decided", row.decision + " level, rule " + row.rule);
    if (row.outcome) say("Outcome", row.outcome);
    if (row.saves > 0) say(row.status === "blocked" ? "Would save" : "Saves", milliseconds(row.saves) + (row.status === "blocked" ? " ms on top of the plan, if it could move" : " ms alone"));
    if (row.shifts > 0) say("Shifts", milliseconds(row.shifts) + " ms into the first request: nearly all need it");
    for (const note of row.notes || []) say("Note", ...coded(note));
    const places = (head, all) => {
      if (!all || all.length === 0) return;
      say(head, element("ul", {}, ...all.map((b) => element("li", {},
        element("code", {}, b.code), b.at ? " " + b.at + ": " : " ", ...coded(b.text), b.more ? "; and " + b.more + " more places" : "",
        b.hint ? element("span", { class: "do" }, ...coded(b.hint)) : ""))));
    };
    places("Blocked by", row.blockers);
    places("Cautions", row.cautions);
    return element("tr", { class: "details", role: "row", id: "row-" + row.place }, element("td", { colspan: 7, role: "cell" }, list));
  }

  // show filters for what a link elsewhere on the page names, and opens the
  // import of a line.
  function show(link) {
    const { filter, value, line } = link.dataset;
    for (const field of form.elements) {
      if (field.name) field.value = "";
    }
    form.elements[filter].value = value;
    sort = { by: "place", down: false };
    choose();
    const row = line && chosen.findIndex((r) => r.file === value && r.line === Number(line));
    if (row === undefined || row < 0) return;
    while (made <= row && made < chosen.length) add();
    const target = body.querySelector('tr[data-place="' + chosen[row].place + '"]');
    target.classList.add("target");
    target.querySelector(".open").click();
    target.querySelector(".open").focus();
    target.scrollIntoView({ block: "center" });
    return true;
  }

  for (const link of document.querySelectorAll("a[data-filter]")) {
    link.addEventListener("click", (e) => {
      if (show(link)) e.preventDefault();
    });
  }
  for (const button of table.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const by = button.dataset.sort;
      sort = { by, down: sort.by === by ? !sort.down : falling.has(by) };
      choose();
    });
  }
  form.addEventListener("input", (e) => {
    if (e.target.name === "sort") sort = { by: e.target.value, down: falling.has(e.target.value) };
    later();
  });
  form.addEventListener("reset", () => setTimeout(() => {
    sort = { by: "place", down: false };
    choose();
  }));
  form.addEventListener("submit", (e) => e.preventDefault());
  more.addEventListener("click", () => {
    const from = made;
    add();
    const next = body.querySelector('tr[data-place="' + (chosen[from] || {}).place + '"] .open');
    if (next) next.focus({ preventScroll: true });
  });
  const later = soon(choose, 80);
  choose();
})();

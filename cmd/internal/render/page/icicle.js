
// The icicles: each module is as wide as it and all below it take to load. All
// charts share one scale and one zoom, so that what moves save is a gap.
(function icicles() {
  if (data.stages.length === 0) return;
  const rowHeight = 24;
  const thinnest = 2; // pixels; what is thinner is not drawn

  const charts = data.stages.map(({ slug, loads }) => {
    const nodes = loads.map(([name, kind, self, by]) => ({ name, kind, self, by, total: self, below: [] }));
    for (let i = nodes.length - 1; i >= 0; i--) { // a module stands behind the one that loads it
      const node = nodes[i];
      node.up = node.by >= 0 ? nodes[node.by] : null;
      if (node.up) {
        node.up.total += node.total;
        node.up.below.push(node);
      }
    }
    for (const node of nodes) node.below.sort(largest);
    const top = { name: "", kind: "", self: 0, up: null, total: 0, below: nodes.filter((n) => !n.up) };
    for (const node of top.below) {
      node.up = top;
      top.total += node.total;
    }
    top.below.sort(largest);
    return { box: document.getElementById("icicle-" + slug), top, root: top, nodes, byName: new Map(nodes.map((n) => [n.name, n])) };
  });
  const last = charts[charts.length - 1];
  const find = document.getElementById("find");
  const found = document.getElementById("found");
  const crumbs = document.getElementById("crumbs");
  const about = document.getElementById("about");
  const tip = document.body.appendChild(element("div", { class: "tip", hidden: true, "aria-hidden": "true" }));
  let zoomed = ""; // the name of the module that fills the width
  let sought = "";

  function largest(a, b) {
    return b.total - a.total || (a.name < b.name ? -1 : 1);
  }

  function lines(chart, node) {
    const share = chart.top.total > 0 ? ((100 * node.total) / chart.top.total).toFixed(1) : "0.0";
    const list = [milliseconds(node.total) + " ms with what it loads, " + share + " % of the start", milliseconds(node.self) + " ms itself"];
    if (node.up && node.up.name) list.push("loaded by " + node.up.name);
    else list.push("an entry");
    if (leaves(chart, node)) list.push("does not load after the moves");
    return list;
  }

  // label is as much of a dotted name as there is room for.
  function label(name, width) {
    const room = (width - 10) / 7; // letters, about
    if (name.length <= room) return name;
    return room < 5 ? "" : name.slice(Math.max(name.lastIndexOf("."), 0));
  }

  function leaves(chart, node) {
    return chart !== last && !last.byName.has(node.name);
  }

  function path(node) {
    const list = [];
    for (let n = node; n && n.name; n = n.up) list.unshift(n);
    return list;
  }

  function draw() {
    const held = document.activeElement && document.activeElement.node;
    for (const chart of charts) {
      chart.root = zoomed ? chart.byName.get(zoomed) : chart.top;
    }
    const scale = Math.max(...charts.map((c) => (c.root ? c.root.total : 0)), 0.001);
    for (const chart of charts) drawOne(chart, scale);
    drawCrumbs();
    mark();
    if (held) focus((c) => c.node === held);
  }

  // focus gives the focus to the first cell that is wanted.
  function focus(wanted) {
    for (const chart of charts) {
      const cell = [...chart.box.children].find((c) => c.node && wanted(c));
      if (cell) return cell.focus();
    }
  }

  function drawOne(chart, scale) {
    const { box, root } = chart;
    const width = box.clientWidth;
    const cells = [];
    let depth = 0;
    const put = (node, left, right, level, above) => {
      const cell = element("div", {
        class: ["cell", node.kind, leaves(chart, node) && "leaves", above && "above", right - left < 24 && "narrow"].filter(Boolean).join(" "),
        role: "treeitem", tabindex: "-1", "aria-level": level + 1, "aria-selected": node.name === zoomed ? "true" : "false",
        "aria-label": [node.name, ...lines(chart, node)].join(", "),
      }, label(node.name, right - left));
      cell.style.left = (100 * left) / width + "%";
      cell.style.width = (100 * (right - left)) / width + "%";
      cell.style.top = level * rowHeight + "px";
      cell.node = node;
      cell.chart = chart;
      cells.push(cell);
      depth = Math.max(depth, level + 1);
    };
    if (!root) {
      box.replaceChildren(element("p", { class: "gone" }, zoomed + " does not load here."));
      box.style.height = "";
      return;
    }
    let level = 0;
    const ancestors = path(root).slice(0, -1);
    for (const node of ancestors) put(node, 0, (width * root.total) / scale, level++, true);
    const queue = root === chart.top ? [] : [[root, 0, level]];
    if (root === chart.top) {
      let left = 0;
      for (const node of root.below) {
        queue.push([node, left, 0]);
        left += node.total;
      }
    }
    for (let i = 0; i < queue.length; i++) {
      const [node, start, at] = queue[i];
      const left = (width * start) / scale;
      const right = (width * (start + node.total)) / scale;
      if (right - left < thinnest && node !== root) continue;
      put(node, left, right, at, false);
      let below = start;
      for (const child of node.below) {
        queue.push([child, below, at + 1]);
        below += child.total;
      }
    }
    box.replaceChildren(...cells);
    box.style.height = Math.max(depth, 1) * rowHeight + 2 + "px";
    const first = cells.find((c) => c.node === root) || cells[0];
    if (first) first.tabIndex = 0;
  }

  function drawCrumbs() {
    const chart = charts.find((c) => zoomed && c.byName.has(zoomed));
    const list = [];
    if (chart) {
      const way = path(chart.byName.get(zoomed));
      const step = (name, text) => {
        const b = element("button", { type: "button" }, text);
        b.addEventListener("click", () => zoom(name));
        return b;
      };
      list.push(step("", "All modules"));
      for (const node of way) {
        list.push(element("span", { "aria-hidden": "true" }, "›"));
        list.push(node.name === zoomed ? element("span", { "aria-current": "true", title: node.name }, node.name) : step(node.name, node.name));
      }
    }
    crumbs.replaceChildren(...list);
  }

  // zoom lets a module fill the width, "" all of them, and gives it the focus
  // in a chart.
  function zoom(name, chart) {
    zoomed = name;
    hideTip();
    draw();
    if (chart) focus((c) => c.chart === chart && (name ? c.node.name === name : c.tabIndex === 0));
  }

  // mark shows what the search finds, also inside what is too thin to draw.
  function mark() {
    const hit = (node) => node.name.toLowerCase().includes(sought);
    const said = [];
    for (const chart of charts) {
      chart.box.classList.toggle("searching", sought !== "");
      for (const cell of chart.box.children) {
        if (cell.node) cell.classList.toggle("hit", sought !== "" && hit(cell.node));
      }
      if (sought === "") continue;
      const hits = chart.nodes.filter(hit);
      const own = hits.reduce((sum, n) => sum + n.self, 0);
      said.push(count(hits.length, "module") + ", " + milliseconds(own) + " ms of their own");
    }
    found.textContent = [...new Set(said)].join(" → ");
  }

  function tell(cell) {
    about.replaceChildren(element("b", {}, cell.node.name), ": " + lines(cell.chart, cell.node).join("; ") + ".");
  }

  function showTip(cell, x, y) {
    tip.replaceChildren(element("b", {}, cell.node.name), ...lines(cell.chart, cell.node).map((l) => element("span", {}, l)));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x + 12, innerWidth - width - 8)) + "px";
    tip.style.top = (y + 16 + height > innerHeight ? y - height - 10 : y + 16) + "px";
  }

  function hideTip() {
    tip.hidden = true;
  }

  function walk(cell, key) {
    const { node, chart } = cell;
    const beside = node.up ? node.up.below : [];
    const cellOf = (n) => [...chart.box.children].find((c) => c.node === n);
    const i = beside.indexOf(node);
    switch (key) {
      case "ArrowDown": return node.below.map(cellOf).find(Boolean);
      case "ArrowUp": return node.up && cellOf(node.up);
      case "ArrowRight": return beside.slice(i + 1).map(cellOf).find(Boolean);
      case "ArrowLeft": return beside.slice(0, Math.max(i, 0)).reverse().map(cellOf).find(Boolean);
      case "Home": return chart.box.firstElementChild;
    }
    return undefined;
  }

  for (const chart of charts) {
    const { box } = chart;
    box.addEventListener("click", (e) => {
      const cell = e.target.closest(".cell");
      if (cell) zoom(cell.node.name === zoomed ? (cell.node.up ? cell.node.up.name : "") : cell.node.name, chart);
    });
    box.addEventListener("mousemove", (e) => {
      const cell = e.target.closest(".cell");
      if (cell) showTip(cell, e.clientX, e.clientY);
      else hideTip();
    });
    box.addEventListener("mouseleave", hideTip);
    box.addEventListener("focusin", (e) => {
      if (!e.target.node) return;
      for (const cell of box.children) cell.tabIndex = -1;
      e.target.tabIndex = 0;
      tell(e.target);
    });
    box.addEventListener("keydown", (e) => {
      const cell = e.target;
      if (!cell.node) return;
      if (e.key === "Enter" || e.key === " ") {
        zoom(cell.node.name, chart);
      } else if (e.key === "Escape") {
        const node = chart.byName.get(zoomed);
        zoom(node && node.up ? node.up.name : "", chart);
      } else {
        const next = walk(cell, e.key);
        if (!next) return;
        next.focus();
      }
      e.preventDefault();
    });
  }
  find.addEventListener("input", () => {
    sought = find.value.trim().toLowerCase();
    mark();
  });
  find.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || sought === "") return;
    e.preventDefault();
    // The largest hit of the first chart that has one.
    for (const chart of charts) {
      const hits = chart.nodes.filter((n) => n.name.toLowerCase().includes(sought)).sort(largest);
      if (hits.length > 0) return zoom(hits[0].name);
    }
  });
  let drawn = 0; // the width that was drawn for; drawing changes heights only
  new ResizeObserver(soon(() => {
    const width = charts[0].box.clientWidth;
    if (width === drawn) return;
    drawn = width;
    draw();
  }, 60)).observe(charts[0].box);
  drawn = charts[0].box.clientWidth;
  draw();
})();

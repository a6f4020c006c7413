"use strict";

// The data of the page, and what every part of it needs. Texts come from the
// user's files: they go into the page as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);

// element makes an element with attributes and children.
function element(name, attributes, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) {
      e.setAttribute(key, value === true ? "" : value);
    }
  }
  e.append(...children.filter((c) => c !== undefined && c !== null));
  return e;
}

// coded gives text whose parts in backquotes are code.
function coded(text) {
  return text.split("`").map((part, i) => (i % 2 === 1 ? element("code", {}, part) : part));
}

// breakable lets a path break behind its slashes.
function breakable(path) {
  return path.split(/(?<=\/)/).flatMap((part, i) => (i > 0 ? [element("wbr"), part] : [part]));
}

// grouped spells a whole number with commas between thousands.
function grouped(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

// milliseconds spells a time as the command line does.
function milliseconds(ms) {
  return Math.abs(ms) < 999.95 ? ms.toFixed(1) : grouped(Math.round(ms));
}

function count(n, thing) {
  return grouped(n) + " " + thing + (n === 1 ? "" : "s");
}

// soon runs the last of a burst of calls.
function soon(run, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
}

// The theme follows the system until someone chooses. Where a browser keeps
// nothing for pages of files, the choice holds as long as the page.
(function theme() {
  const button = document.getElementById("theme");
  const label = document.getElementById("theme-text");
  const root = document.documentElement;
  const themes = ["system", "light", "dark"];
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("fastpath-theme");
      localStorage.setItem("fastpath-theme", value);
    } catch {
      return null;
    }
    return value;
  };
  const set = (name) => {
    if (name === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", name);
    label.textContent = "Theme: " + name;
    button.dataset.theme = name;
  };
  set(themes.includes(kept()) ? kept() : "system");
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(button.dataset.theme) + 1) % themes.length];
    set(next);
    kept(next);
  });
})();

// The texts whose contrast is too low, one a line; "" when there are none.
(() => {
  const numbers = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => {
    const f = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  // The grounds of an element: one colour, or all of its stripes.
  const grounds = (e) => {
    for (; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      const stripes = style.backgroundImage.match(/rgba?\([^)]*\)/g);
      if (stripes) return stripes.map(numbers);
      const color = numbers(style.backgroundColor);
      if (color.length === 3 || color[3] > 0) return [color];
    }
    return [[255, 255, 255]];
  };
  const bad = new Set();
  let seen = 0;
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest("script, .sr, .skip, option, datalist, .above")) continue;
    const style = getComputedStyle(e);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const color = numbers(e instanceof SVGElement ? style.fill : style.color);
    const got = Math.min(...grounds(e).map((g) => contrast(color, g)));
    seen++;
    if (got < wanted) bad.add(e.tagName + "." + (e.getAttribute("class") || "") + " " + e.textContent.trim().slice(0, 30) + ": " + got.toFixed(2));
  }
  return seen < 100 ? "only " + seen + " texts were looked at" : [...bad].join("\n");
})();

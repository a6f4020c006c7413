package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestReportPage opens reports in a real browser, from files, and uses them.
func TestReportPage(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	browser := startBrowser(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"content", pageContent}, {"theme", pageTheme}, {"chart", pageChart}, {"keys", pageKeys}, {"table", pageTable}, {"links", pageLinks},
		{"hostile", pageHostile}, {"large", pageLarge}, {"narrow", pageNarrow}, {"empty", pageEmpty}, {"contrast", pageContrast},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, browser) })
	}
}

func pageContent(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, measuredSample(t)), desk)
	b.want("document.title", "Imports of lambda_function.py")
	b.text("h1", "lambda_function.py")
	b.text(".change", "96.2 % less faster")
	b.text(".targets li:first-child", "Cold start below 2,000 ms 88.7 ms met")
	b.text(".cards li:first-child", "Moves made 17 none left of 51 imports")
	b.want(`[...document.querySelectorAll("h2")].map((h) => h.textContent).join()`,
		"Summary,Import time of a cold start,Decisions,Blockers,Findings,Trend")
	b.want(`[...document.querySelectorAll(".stage h3")].map((h) => h.textContent).join()`, "Before,Now")
	b.want(`document.querySelectorAll("#rows tbody tr").length`, "51")
	b.text("#shown", "51 imports")
	// The charts share a scale: what is saved is a gap.
	b.want(`(() => { const w = (s) => document.querySelector("#icicle-" + s + " .cell").getBoundingClientRect().width;
		return Math.round(100 * w("now") / w("before")) })()`, "3")
	b.want(`[...document.querySelectorAll("#icicle-before .leaves")].map((c) => c.textContent).sort().join()`,
		"admin_reports,boto3,ha_devices,pandas,requests,websocket")
	b.want(`document.querySelectorAll("#icicle-now .leaves").length`, "0")
	// The trend falls from left to right, inside of the page.
	b.want(`(() => { const at = [...document.querySelectorAll(".trend circle:not(.catch)")].map((c) => c.getBoundingClientRect());
		return at.length === 4 && at.every((r, i) => r.right <= innerWidth && (i === 0 || r.x > at[i - 1].x && r.y > at[i - 1].y)) })()`, "true")
	// Every id that something refers to is there, once.
	b.want(`[...document.querySelectorAll("[href^='#'], [for], [aria-labelledby]")].filter((e) => {
		const id = (e.getAttribute("href") || "").slice(1) || e.getAttribute("for") || e.getAttribute("aria-labelledby");
		return document.querySelectorAll("#" + id).length !== 1 }).length`, "0")
}

const ground = `getComputedStyle(document.body).backgroundColor`

func pageTheme(t *testing.T, browser context.Context) {
	path := reportFile(t, sampleFolder(t))
	light := "rgb(255, 255, 255)"
	b := open(t, browser, path, desk)
	b.want(ground, light)
	b.text("#theme", "Theme: system")
	b.click("#theme")
	b.text("#theme", "Theme: light")
	b.want(ground, light)
	b.click("#theme")
	b.text("#theme", "Theme: dark")
	b.want(ground, "rgb(15, 20, 26)")

	d := open(t, browser, path, view{1280, 900, "dark"})
	d.text("#theme", "Theme: dark") // kept where the browser keeps anything
	d.click("#theme")
	d.want(ground, "rgb(15, 20, 26)")
	d.text("#theme", "Theme: system")
	d.click("#theme")
	d.want(ground, light)
}

func pageChart(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, sampleFolder(t)), desk)
	const cells = `[...document.querySelectorAll("#icicle-now .cell")]`
	cell := func(name string) string {
		return fmt.Sprintf(`#icicle-now .cell[aria-label^="%s,"]`, name)
	}
	b.want(cells+`.length > 5`, "true")
	b.want(fmt.Sprintf(`document.querySelector('%s').getAttribute("aria-label")`, cell("pandas")),
		"pandas, 1,200 ms with what it loads, 53.7 % of the start, 1,200 ms itself, loaded by admin_reports, does not load after the moves")

	b.enter("#find", "PAND")
	b.want(`[...document.querySelectorAll(".cell.hit")].map((c) => c.textContent).join()`, "pandas")
	b.text("#found", "1 module, 1,200 ms of their own → 0 modules, 0.0 ms of their own")
	b.enter("#find", kb.Enter)
	b.text("#crumbs", "All modules › lambda_function › admin_reports › pandas")
	b.want(`(() => { const c = document.querySelector('`+cell("pandas")+`'), w = c.parentElement.clientWidth; return Math.round(100 * c.offsetWidth / w) })()`, "100")
	b.text("#icicle-planned", "pandas does not load here.")
	b.click("#crumbs button:first-child")
	b.text("#crumbs", "")

	b.click(cell("ha_devices"))
	b.text("#crumbs [aria-current]", "ha_devices")
	b.want(cells+`.map((c) => c.node.name).join()`, "lambda_function,ha_devices,websocket")
	b.click(cell("ha_devices")) // once more: out again
	b.text("#crumbs [aria-current]", "lambda_function")
	b.do(hover(cell("boto3")))
	b.text(".tip b", "boto3")
	b.want(`document.querySelector(".tip").hidden`, "false")
}

func pageKeys(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, sampleFolder(t)), desk)
	const focused = `document.activeElement.node?.name ?? document.activeElement.id ?? ""`
	b.press(kb.Tab)
	b.want(`document.activeElement.className`, "skip")
	b.js(`document.getElementById("find").focus()`)
	b.press(kb.Tab)
	b.want(focused, "lambda_function")
	b.press(kb.ArrowDown)
	b.want(focused, "admin_reports")
	b.press(kb.ArrowRight)
	b.want(focused, "ha_devices")
	b.press(kb.ArrowDown, kb.Enter)
	b.want(focused, "websocket")
	b.text("#crumbs [aria-current]", "websocket")
	b.want(`document.getElementById("about").textContent.startsWith("websocket: 449.4 ms")`, "true")
	b.press(kb.Escape)
	b.text("#crumbs [aria-current]", "ha_devices")
	b.press(kb.ArrowUp, kb.Enter)
	b.want(focused, "lambda_function")
	b.text("#crumbs [aria-current]", "lambda_function")
	// One stop for each chart: the next Tab leaves it.
	b.press(kb.Tab)
	b.want(`document.activeElement.closest(".icicle, .crumbs")?.id`, "icicle-planned")
	// The table: sort by its head, open a row.
	b.js(`document.querySelector('#rows [data-sort="ms"]').focus()`)
	b.press(kb.Enter)
	b.want(`document.querySelector('#rows [aria-sort]').textContent`, "Cost, ms")
	b.js(`document.querySelector('#rows .open').focus()`)
	b.press(kb.Enter)
	b.want(`document.querySelectorAll("#rows .details").length`, "1")
}

func pageTable(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, sampleFolder(t)), desk)
	column := func(n int) string {
		return fmt.Sprintf(`[...document.querySelectorAll("#rows tbody tr")].map((r) => r.cells[%d].innerText).slice(0, 3).join("|")`, n)
	}
	b.enter("#filters [name=text]", "requests")
	b.want(`[...document.querySelectorAll("#rows tbody .name")].every((c) => c.innerText === "requests" || c.parentElement.innerText.includes("requests"))`, "true")
	b.text("#shown", "3 of 61 imports")
	b.click("#filters [type=reset]")
	b.text("#shown", "61 imports")

	b.choose("status", "blocked")
	b.text("#shown", "1 of 61 imports")
	b.choose("status", "")
	b.choose("rule", "heavy")
	b.choose("decision", "function")
	b.choose("file", "gateway_wrappers.py")
	b.want(column(0), "boto3")
	b.click("#rows .open")
	b.want(`document.querySelector("#rows .details").innerText.includes("into Settings.load:18, put_metric:27")`, "true")
	b.click("#rows .open")
	b.want(`document.querySelectorAll("#rows .details").length`, "0")
	b.choose("file", "no such file")
	b.text("#rows tbody", "No import matches. Clear the filters to see all.")
	b.click("#filters [type=reset]")
	b.text("#shown", "61 imports")

	b.click(`#rows [data-sort="ms"]`)
	b.want(column(2), "2,233|2,233|1,201")
	b.click(`#rows [data-sort="ms"]`)
	b.want(column(2), "0.4|0.4|0.4")
	b.want(`[...document.querySelectorAll("#rows tbody tr")].at(-1).cells[2].innerText`, "–")
	b.click(`#rows [data-sort="status"]`)
	b.want(column(4), "move|move|move")
	b.click(`#rows [data-sort="name"]`)
	b.want(column(0), "admin_reports: EnergyReport|admin_reports: export_lines|boto3")
}

// Blockers and findings lead to the rows that they are about.
func pageLinks(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, sampleFolder(t)), desk)
	b.click(`#blockers a[data-value="eager-use"]`)
	b.text("#shown", "1 of 61 imports")
	b.want(`document.querySelector("#rows .name").innerText`, "websocket")
	b.click(`#findings a[data-value="lambda_function.py"][data-line="7"]`)
	b.want(`document.querySelector("#rows .target .place").innerText`, "lambda_function.py:7")
	b.want(`document.querySelector("#rows .target").nextElementSibling.className`, "details")
	b.want(`(() => { const r = document.querySelector("#rows .target").getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight })()`, "true")
}

func pageHostile(t *testing.T, browser context.Context) {
	b := open(t, browser, reportFile(t, hostileTree(t)), desk)
	b.text("#shown", "16 imports")
	// Whatever may be pointed at, opened, zoomed or sought is.
	b.js(`(async () => {
		const wait = () => new Promise((done) => setTimeout(done, 5));
		for (const open of document.querySelectorAll("#rows .open")) open.click();
		for (const name of [...document.querySelectorAll(".cell")].map((c) => c.node.name)) {
			const cell = [...document.querySelectorAll(".cell")].find((c) => c.node.name === name);
			if (!cell) continue;
			cell.dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
			cell.focus();
			cell.click();
			await wait();
			document.querySelector("#crumbs button")?.click();
		}
		for (const a of document.querySelectorAll("a[data-filter]")) { a.click(); await wait(); }
	})()`)
	b.want("typeof pwned", "undefined")
	b.want(`document.querySelectorAll("main img, main b b, main script, td i, [onmouseover]").length`, "0")
	b.choose("blocker", "")
	b.choose("file", "a</script>")
	b.want(`document.querySelector("#rows .place").innerText`, "a</script><script>pwned=1</script>.py:1")
	b.want(`[...document.querySelectorAll("#icicle-now .cell")].some((c) => c.node.name === "/script><img src=x onerror=pwned=1")`, "true")
	// The long name stays inside.
	b.want(`document.scrollingElement.scrollWidth <= innerWidth`, "true")
}

func pageLarge(t *testing.T, browser context.Context) {
	dir := t.TempDir()
	const files, each = 100, 100
	var profile strings.Builder
	for i := range files {
		var text strings.Builder
		for j := range each {
			fmt.Fprintf(&text, "import lib%d.part%d\n", i, j)
			fmt.Fprintf(&profile, `"lib%d.part%d": %d,`, i, j, 1+(i*each+j)%300)
		}
		place(t, dir, fmt.Sprintf("app/mod%d.py", i), []byte(text.String()))
	}
	var all strings.Builder
	for i := range files {
		fmt.Fprintf(&all, "import app.mod%d\n", i)
	}
	place(t, dir, "app/__init__.py", nil)
	place(t, dir, "main.py", []byte(all.String()))
	place(t, dir, "fastpath.toml", []byte("entry = [\"main.py\"]\n"))
	place(t, dir, ".fastpath/profile.json", []byte("{"+strings.TrimSuffix(profile.String(), ",")+"}"))
	b := open(t, browser, reportFile(t, dir), desk)
	b.text("#shown", "10,100 imports")
	b.want(`document.querySelectorAll("#rows tbody tr").length`, "100")
	b.want(`document.querySelectorAll("#icicle-now .cell").length < 5000`, "true")
	b.text("#more", "Show 100 more imports of 10,000")
	b.click("#more")
	b.want(`document.querySelectorAll("#rows tbody tr").length`, "200")
	b.enter("#filters [name=text]", "lib57.part33")
	b.text("#shown", "1 of 10,100 imports")
	b.want(`document.getElementById("more").hidden`, "true")
	b.enter("#find", "lib57.part33"+kb.Enter)
	b.text("#crumbs [aria-current]", "lib57.part33")
}

func pageNarrow(t *testing.T, browser context.Context) {
	for _, dir := range []string{measuredSample(t), hostileTree(t)} {
		b := open(t, browser, reportFile(t, dir), view{360, 760, "light"})
		b.want(`document.querySelectorAll("#rows .open").length > 10`, "true")
		b.js(`document.querySelectorAll("#rows .open").forEach((o, i) => i < 5 && o.click())`)
		b.js(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
		b.want(`document.scrollingElement.scrollWidth`, "360")
		b.want(`[...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && !e.closest("svg, .icicle, .sr, thead") && e.getBoundingClientRect().right > 361).map((e) => e.outerHTML.slice(0, 200)).join("\n")`, "")
	}
}

func pageEmpty(t *testing.T, browser context.Context) {
	dir := t.TempDir()
	place(t, dir, "a.py", nil)
	b := open(t, browser, reportFile(t, dir), desk)
	b.want(`[...document.querySelectorAll(".empty")].filter((e) => e.checkVisibility()).length`, "6")
	b.want(`document.querySelector("#decisions code").textContent`, "fastpath report")

	place(t, dir, "a.py", []byte("import json\n"))
	place(t, dir, "fastpath.toml", []byte("entry = [\"a.py\"]\n"))
	for _, profile := range []string{"", `{"other": 5}`} {
		if profile != "" {
			place(t, dir, ".fastpath/profile.json", []byte(profile))
		}
		b = open(t, browser, reportFile(t, dir), desk)
		b.text("#shown", "1 import")
		b.want(`document.querySelectorAll("#time .empty").length`, "1")
	}
}

// Every text has a contrast of 4.5 to its ground, or of 3 where it is large, in
// both themes (WCAG 2.1, 1.4.3). What is faded because it is not sought or not
// zoomed does not count.
func pageContrast(t *testing.T, browser context.Context) {
	script, err := os.ReadFile(filepath.Join("testdata", "contrast.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, dir := range []string{measuredSample(t), sampleFolder(t)} {
			b := open(t, browser, reportFile(t, dir), view{1280, 900, scheme})
			b.js(`try { localStorage.clear() } catch {}; document.documentElement.removeAttribute("data-theme")`)
			b.js(`document.querySelectorAll("#rows .open").forEach((o, i) => i < 12 && o.click())`)
			b.js(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
			b.want(string(script), "")
		}
	}
}

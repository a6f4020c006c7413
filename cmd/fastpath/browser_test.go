package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsers are the names under which a Chromium is installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}

// startBrowser starts one headless browser for a test. Everything that knows
// the library that drives it is in this file.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	found := ""
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			found = path
			break
		}
	}
	if found == "" {
		t.Skip("needs a Chromium to open the report in; install one: apt-get install chromium")
	}
	// The browser's children may still write there when it has ended, so what cannot
	// be removed then is no failure, as it would be of t.TempDir.
	data, err := os.MkdirTemp("", "fastpath-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.UserDataDir(data),
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(2*time.Minute))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's own sandbox refuses root
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeAll := chromedp.NewContext(ctx)
	t.Cleanup(closeAll)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("starting %s: %v", found, err)
	}
	return ctx
}

// A tab is one open page, with what it asked for and complained of.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string
	troubles []string
}

// A view is how a page is looked at.
type view struct {
	width, height int64
	scheme        string // light or dark
}

var desk = view{1280, 900, "light"}

// open opens a file in a tab of its own. At the end of the test the page must
// not have complained of anything, nor asked for anything but itself.
func open(t *testing.T, browser context.Context, path string, v view) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.hear)
	address := (&url.URL{Scheme: "file", Path: path}).String()
	b.do(log.Enable(), network.Enable(), page.Enable(),
		emulation.SetDeviceMetricsOverride(v.width, v.height, 1, v.width < 500),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}),
		chromedp.Navigate(address))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, trouble := range b.troubles {
			t.Errorf("the page complains: %s", trouble)
		}
		for _, r := range b.requests {
			if r != address && !strings.HasPrefix(r, "data:") {
				t.Errorf("the page asks for %s", r)
			}
		}
		if len(b.requests) == 0 {
			t.Error("no request was seen, not even that for the page")
		}
	})
	return b
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.troubles = append(b.troubles, e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.troubles = append(b.troubles, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.troubles = append(b.troubles, fmt.Sprintf("console.%s", e.Type))
	case *page.EventJavascriptDialogOpening:
		b.troubles = append(b.troubles, "dialog: "+e.Message)
	}
}

func (b *tab) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) click(selector string) { b.t.Helper(); b.do(chromedp.Click(selector, chromedp.ByQuery)) }
func (b *tab) enter(selector, s string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(selector, s, chromedp.ByQuery))
}
func (b *tab) press(keys ...string) { b.t.Helper(); b.do(chromedp.KeyEvent(strings.Join(keys, ""))) }
func (b *tab) choose(name, value string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(fmt.Sprintf(`(() => { const s = document.querySelector("#filters [name=%s]"); s.value = %q; s.dispatchEvent(new Event("input", {bubbles: true})) })()`, name, value), nil))
}

// js is the value of an expression as JSON; texts without their quotes.
func (b *tab) js(expression string) string {
	b.t.Helper()
	var value any
	b.do(chromedp.Evaluate(expression, &value, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if text, ok := value.(string); ok {
		return text
	}
	out, err := json.Marshal(value)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(out)
}

// want waits until an expression has a value: the page does some things a
// moment later.
func (b *tab) want(expression, value string) {
	b.t.Helper()
	got := ""
	for range 100 {
		if got = b.js(expression); got == value {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("%s\n is %q\nwant %q", expression, got, value)
}

func (b *tab) text(selector, value string) {
	b.t.Helper()
	b.want(fmt.Sprintf(`document.querySelector(%q)?.innerText.replace(/\s+/g, " ").trim()`, selector), value)
}

// hover points at an element.
func hover(selector string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var at []float64
		err := chromedp.Evaluate(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, selector), &at).Do(ctx)
		if err != nil {
			return err
		}
		return chromedp.MouseEvent(input.MouseMoved, at[0], at[1]).Do(ctx)
	})
}

package facts

import (
	"slices"

	"fastpath/plan/syntax"
)

// replaces are what puts other standard streams in place for a while, by what is
// called or by the name of the fixture that pytest gives to a test.
var replaces = map[string][]string{
	"contextlib.redirect_stdout": {"stdout"},
	"contextlib.redirect_stderr": {"stderr"},
	"click.testing.CliRunner":    {"stdin", "stdout", "stderr"},
	"typer.testing.CliRunner":    {"stdin", "stdout", "stderr"},
	"capsys":                     {"stdout", "stderr"},
	"capsysbinary":               {"stdout", "stderr"},
	"capfd":                      {"stdout", "stderr"},
	"capfdbinary":                {"stdout", "stderr"},
}

// writesTo are methods of a stream that say nothing of it.
var writesTo = map[string]bool{"write": true, "writelines": true, "flush": true}

// redirects notes the streams that a call puts others in place of.
func (g *gatherer) redirects(p string, call syntax.NodeID) {
	if call != syntax.NoNode {
		g.replaceStreams(p, g.line(call))
	}
}

// readFixtures notes those that the fixtures of tests put others in place of.
func (g *gatherer) readFixtures() {
	for i := range g.m.Scopes {
		s := &g.m.Scopes[i]
		for _, param := range s.Params {
			g.replaceStreams(param, s.Line)
			if state := fixtureSets[param]; state != "" {
				g.setsByName(&context{scope: ScopeID(i), flags: deferred}, state, "", s.Line)
			}
		}
	}
}

// prints notes to which stream a call of print writes.
func (g *gatherer) prints(c *context, call syntax.NodeID) {
	file, given := g.arguments(call).keywords["file"]
	switch {
	case !given:
		g.readAs(c, "sys.stdout", "", call)
	case slices.Contains(g.pathsAt(file), "sys.stderr"):
		g.readAs(c, "sys.stderr", "", call)
	}
}

func (g *gatherer) replaceStreams(by string, line int) {
	for _, stream := range replaces[by] {
		g.addPatch(Patch{Form: PatchObject, Target: "sys", Attr: stream, Root: "sys", Line: line})
	}
}

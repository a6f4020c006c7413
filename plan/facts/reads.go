package facts

import (
	"strings"

	"fastpath/plan/scope"
	"fastpath/plan/syntax"
)

// callReads are functions that read process state.
var callReads = map[string]string{
	"os.getenv": "environ", "os.getenvb": "environ", "os.path.expandvars": "environ", "os.path.expanduser": "environ",
	"pathlib.Path.home": "environ", "shutil.which": "environ", "getpass.getuser": "environ",
	"tempfile.gettempdir": "environ", "tempfile.mkdtemp": "environ", "tempfile.mkstemp": "environ", "tempfile.TemporaryDirectory": "environ",
	"tempfile.NamedTemporaryFile": "environ", "tempfile.TemporaryFile": "environ",
	"locale.getlocale": "locale", "locale.getdefaultlocale": "locale", "locale.getpreferredencoding": "locale",
	"os.getcwd": "cwd", "os.getcwdb": "cwd", "os.path.abspath": "cwd", "os.path.realpath": "cwd",
	"pathlib.Path.cwd":      "cwd",
	"logging.StreamHandler": "sys.stderr", "argparse.ArgumentParser": "sys.argv",
	"signal.getsignal": "signal", "socket.getdefaulttimeout": "socket", "multiprocessing.get_start_method": "start-method",
	"subprocess.run": "process", "subprocess.check_output": "process", "subprocess.Popen": "process",
	"subprocess.call": "process", "subprocess.check_call": "process", "os.system": "process", "os.popen": "process",
}

// Variables of the environment that functions look at, whatever they are given.
var (
	ofHome      = []string{"HOME", "USERPROFILE", "HOMEPATH", "HOMEDRIVE"}
	variablesOf = map[string][]string{
		"os.path.expanduser": ofHome, "pathlib.Path.home": ofHome, "shutil.which": {"PATH", "PATHEXT"}, "getpass.getuser": {"LOGNAME", "USER", "LNAME", "USERNAME"},
	}
	ofTemporary = []string{"TMPDIR", "TEMP", "TMP"}
)

// readOf is the process state that a reference to p reads.
func readOf(p string, called bool) string {
	if called {
		if code := callReads[p]; code != "" {
			return code
		}
	}
	switch {
	case p == "os.environ", strings.HasPrefix(p, "os.environ."), p == "os.environb":
		return "environ"
	case p == "sys.path":
		return "sys.path"
	case p == "sys.orig_argv":
		return "sys.argv"
	}
	for _, object := range [...]string{"sys.argv", "sys.stdin", "sys.stdout", "sys.stderr"} {
		if p == object || strings.HasPrefix(p, object+".") && !writesTo[last(p)] {
			return object
		}
	}
	return ""
}

// spared tells that an argument of the call stands for what it would read:
// abspath(__file__), which is absolute already, reads no working directory.
func (g *gatherer) spared(p string, call syntax.NodeID) bool {
	if call == syntax.NoNode {
		return false
	}
	args := g.arguments(call)
	switch p {
	case "os.path.abspath", "os.path.realpath":
		return g.is(args.at(0, "path"), "__file__")
	case "logging.StreamHandler", "argparse.ArgumentParser":
		return args.at(0, "stream", "prog") != syntax.NoNode
	}
	return false
}

// printedTo tells that the print that everyone has is given the stream n to write
// to, which says nothing of it.
func (g *gatherer) printedTo(n syntax.NodeID, u *Use) bool {
	at := g.tree.Parent(n)
	_, own := g.find(scope.Module, "print")
	return u.PassedTo == "print" && !own && g.kind(at) == syntax.KeywordArgument && g.is(g.child(at, syntax.FieldName), "file")
}

// read files process state that a reference to p reads.
func (g *gatherer) read(c *context, code, p string, n syntax.NodeID) {
	if code != "environ" || strings.HasPrefix(p, "os.environ") || strings.HasPrefix(p, "os.getenv") {
		g.readAs(c, code, g.keyOf(n), n)
		return
	}
	variables := variablesOf[p]
	if strings.HasPrefix(p, "tempfile.") {
		variables = ofTemporary
	} else if variables == nil {
		variables = []string{""} // any
	}
	g.readVariables(c, variables, n)
}

func (g *gatherer) readVariables(c *context, variables []string, n syntax.NodeID) {
	for _, v := range variables {
		g.readAs(c, "environ", v, n)
	}
}

// readAs files a read.
func (g *gatherer) readAs(c *context, code, key string, n syntax.NodeID) {
	r := Read{Code: code, Key: key, Line: g.line(n), Scope: c.scope}
	switch {
	case c.has(inTypes):
	case atImport(c):
		g.m.Reads = append(g.m.Reads, r)
	default:
		g.m.ReadsLater = append(g.m.ReadsLater, r)
	}
}

package facts

import (
	"slices"
	"strings"

	"fastpath/plan/stdlib"
	"fastpath/plan/syntax"
)

// callEffects are functions of the library, and of well-known packages, whose
// call changes the process for others.
var callEffects = map[string]string{
	"signal.signal":                                  "signal",
	"signal.setitimer":                               "signal",
	"signal.alarm":                                   "signal",
	"signal.set_wakeup_fd":                           "signal",
	"signal.siginterrupt":                            "signal",
	"signal.pthread_sigmask":                         "signal",
	"locale.setlocale":                               "locale",
	"gettext.install":                                "builtins",
	"gettext.textdomain":                             "locale",
	"gettext.bindtextdomain":                         "locale",
	"os.putenv":                                      "environ",
	"os.unsetenv":                                    "environ",
	"os.chdir":                                       "cwd",
	"os.fchdir":                                      "cwd",
	"os.chroot":                                      "root",
	"os.umask":                                       "process",
	"os.nice":                                        "process",
	"os.setuid":                                      "process",
	"os.setgid":                                      "process",
	"os.dup2":                                        "process",
	"logging.basicConfig":                            "logging",
	"logging.config.dictConfig":                      "logging",
	"logging.config.fileConfig":                      "logging",
	"logging.config.listen":                          "logging",
	"logging.disable":                                "logging",
	"logging.captureWarnings":                        "logging",
	"logging.setLoggerClass":                         "logging",
	"logging.setLogRecordFactory":                    "logging",
	"logging.root.addHandler":                        "logging",
	"logging.root.setLevel":                          "logging",
	"warnings.simplefilter":                          "warnings",
	"warnings.resetwarnings":                         "warnings",
	"dotenv.load_dotenv":                             "environ",
	"site.addsitedir":                                "sys.path",
	"sys.setrecursionlimit":                          "process",
	"sys.setswitchinterval":                          "process",
	"sys.settrace":                                   "process",
	"sys.setprofile":                                 "process",
	"sys.set_int_max_str_digits":                     "process",
	"sys.setdlopenflags":                             "process",
	"sys.addaudithook":                               "process",
	"sys.stdout.reconfigure":                         "process",
	"sys.stderr.reconfigure":                         "process",
	"threading.settrace":                             "process",
	"threading.setprofile":                           "process",
	"threading.stack_size":                           "process",
	"gc.disable":                                     "process",
	"gc.enable":                                      "process",
	"gc.freeze":                                      "process",
	"gc.set_threshold":                               "process",
	"gc.set_debug":                                   "process",
	"faulthandler.enable":                            "signal",
	"faulthandler.register":                          "signal",
	"resource.setrlimit":                             "process",
	"tracemalloc.start":                              "process",
	"time.tzset":                                     "locale",
	"random.seed":                                    "random",
	"numpy.random.seed":                              "random",
	"numpy.seterr":                                   "process",
	"numpy.set_printoptions":                         "process",
	"torch.manual_seed":                              "random",
	"decimal.setcontext":                             "process",
	"asyncio.set_event_loop_policy":                  "event-loop",
	"asyncio.set_event_loop":                         "event-loop",
	"asyncio.new_event_loop":                         "event-loop",
	"asyncio.get_event_loop":                         "event-loop",
	"uvloop.install":                                 "event-loop",
	"nest_asyncio.apply":                             "event-loop",
	"gevent.monkey.patch_all":                        "store",
	"eventlet.monkey_patch":                          "store",
	"socket.setdefaulttimeout":                       "socket",
	"multiprocessing.set_start_method":               "start-method",
	"multiprocessing.set_executable":                 "start-method",
	"multiprocessing.freeze_support":                 "start-method",
	"matplotlib.use":                                 "backend",
	"matplotlib.rc":                                  "backend",
	"matplotlib.pyplot.switch_backend":               "backend",
	"matplotlib.style.use":                           "backend",
	"pandas.set_option":                              "process",
	"codecs.register":                                "registry",
	"codecs.register_error":                          "registry",
	"codecs.unregister":                              "registry",
	"mimetypes.add_type":                             "registry",
	"mimetypes.init":                                 "registry",
	"csv.register_dialect":                           "registry",
	"csv.unregister_dialect":                         "registry",
	"csv.field_size_limit":                           "process",
	"urllib.request.install_opener":                  "process",
	"sys.set_asyncgen_hooks":                         "process",
	"sys.set_coroutine_origin_tracking_depth":        "process",
	"shutil.register_archive_format":                 "registry",
	"shutil.unregister_archive_format":               "registry",
	"shutil.register_unpack_format":                  "registry",
	"shutil.unregister_unpack_format":                "registry",
	"sqlite3.register_adapter":                       "registry",
	"sqlite3.register_converter":                     "registry",
	"webbrowser.register":                            "registry",
	"xml.etree.ElementTree.register_namespace":       "registry",
	"sys.breakpointhook":                             "process",
	"atexit.register":                                "atexit",
	"atexit.unregister":                              "atexit",
	"threading.Timer":                                "thread",
	"threading.Thread":                               "thread",
	"_thread.start_new_thread":                       "thread",
	"multiprocessing.Process":                        "thread",
	"multiprocessing.Pool":                           "pool",
	"multiprocessing.Manager":                        "pool",
	"multiprocessing.pool.ThreadPool":                "pool",
	"concurrent.futures.ThreadPoolExecutor":          "pool",
	"concurrent.futures.ProcessPoolExecutor":         "pool",
	"concurrent.futures.thread.ThreadPoolExecutor":   "pool",
	"concurrent.futures.process.ProcessPoolExecutor": "pool",
}

// objectEffects are objects of the process: storing them, or an item of them,
// or calling a method that is not a plain look-up changes it for others.
var objectEffects = map[string]string{
	"os.environ":              "environ",
	"os.environb":             "environ",
	"sys.path":                "sys.path",
	"sys.meta_path":           "sys.path",
	"sys.path_hooks":          "sys.path",
	"sys.path_importer_cache": "sys.path",
	"sys.modules":             "sys.modules",
	"sys.warnoptions":         "warnings",
	"warnings.filters":        "warnings",
	"sys.excepthook":          "excepthook",
	"sys.unraisablehook":      "excepthook",
	"sys.displayhook":         "excepthook",
	"sys.breakpointhook":      "excepthook",
	"threading.excepthook":    "excepthook",
	"warnings.showwarning":    "warnings",
	"warnings.formatwarning":  "warnings",
	"matplotlib.rcParams":     "backend",
	"sys.stdout":              "process",
	"sys.stderr":              "process",
	"sys.stdin":               "process",
	"sys.argv":                "process",
	"sys.dont_write_bytecode": "process",
	"builtins":                "builtins",
}

// IsProcessObject tells whether a dotted path is that of such an object, or of
// something in it.
func IsProcessObject(path string) bool {
	for ; path != ""; path = parentOf(path) {
		if objectEffects[path] != "" {
			return true
		}
	}
	return false
}

// lookups are methods of those objects that change nothing.
var lookups = map[string]bool{
	"get": true, "copy": true, "keys": true, "values": true, "items": true, "index": true, "count": true,
	"__contains__": true, "__getitem__": true, "__iter__": true, "__len__": true,
	"write": true, "flush": true, "isatty": true, "fileno": true, "encoding": true, "readline": true, "read": true,
	"buffer": true, "writelines": true, "detach": true,
}

// processState judges one reference for what it does to, or reads from, the
// process and other modules.
func (g *gatherer) processState(r *reference, u *Use, p string, call syntax.NodeID) {
	if u.Role == InAnnotation && (u.Quoted || u.Local) {
		return
	}
	code, detail := g.processEffect(r.top, p, call)
	g.statesOf(r, p, call, code != "")
	if code != "" {
		g.effect(&r.ctx, code, detail, r.top)
		return
	}
	g.redirects(p, call)
	if code := readOf(p, call != syntax.NoNode); code != "" && !g.spared(p, call) && !g.printedTo(r.top, u) {
		g.read(&r.ctx, code, p, r.top)
	}
	if atImport(&r.ctx) {
		g.otherModule(r, u, p, call)
	} else {
		g.otherModuleLater(r, u, p, call)
	}
}

// processEffect is the code of a process-wide effect, "" for none.
func (g *gatherer) processEffect(n syntax.NodeID, p string, call syntax.NodeID) (code, detail string) {
	if call != syntax.NoNode {
		if code := callEffects[p]; code != "" {
			if p == "locale.setlocale" && !g.setsLocale(call) {
				return "", ""
			}
			return code, p
		}
		if (p == "copyreg.pickle" || last(p) == "register" && stdlib.Root(p)) && !g.isOwnClass(g.arguments(call).at(0, "ob_type", "subclass", "cls")) {
			return "registry", p
		}
		switch p {
		case "warnings.filterwarnings":
			// A filter for messages or a category of one's own is private.
			if args := g.arguments(call); len(args.positional) <= 1 && len(args.keywords) == 0 {
				return "warnings", p
			}
		case "logging.getLogger":
			if outer := g.tree.Parent(call); g.kind(outer) == syntax.Attribute {
				return g.foreignLogger(call, g.text(g.child(outer, syntax.FieldAttribute)), g.isTarget(outer))
			}
		case "decimal.getcontext":
			if outer := g.tree.Parent(call); g.kind(outer) == syntax.Attribute && g.isTarget(outer) {
				return "process", "decimal.getcontext()." + g.text(g.child(outer, syntax.FieldAttribute))
			}
		}
	}
	for object := p; object != ""; object = parentOf(object) {
		code := objectEffects[object]
		if code == "" {
			continue
		}
		switch method := strings.TrimPrefix(p[len(object):], "."); {
		case method == "" || object == "builtins":
			if g.isTarget(n) || g.itemIsTarget(n) {
				return code, p
			}
		case call != syntax.NoNode && code != "excepthook" && !strings.Contains(method, ".") && !lookups[method]:
			return code, p
		}
		break
	}
	return "", ""
}

// isOwnClass tells whether n names a class of this module: what is registered for
// it, nobody can meet who has not loaded the module.
func (g *gatherer) isOwnClass(n syntax.NodeID) bool {
	if n == syntax.NoNode || g.kind(n) != syntax.Identifier {
		return false
	}
	name, known := g.lookup(n)
	return known && !slices.ContainsFunc(g.m.Names[name].Bindings, func(b Bind) bool { return b.Kind != ByClass })
}

// setsLocale tells whether a call of setlocale has a second argument that is not
// None: without one it only asks.
func (g *gatherer) setsLocale(call syntax.NodeID) bool {
	args := g.arguments(call)
	value := args.at(1, "locale")
	return args.splat || value != syntax.NoNode && g.kind(value) != syntax.None
}

// localeKey names what a call of setlocale changes: the category, and behind
// "=" the locale where it is constant; "" where it may be any.
func (g *gatherer) localeKey(call syntax.NodeID) string {
	args := g.arguments(call)
	category := g.pathsAt(args.at(0, "category"))
	if args.splat || len(category) != 1 {
		return "" // not a category that is named
	}
	key := last(category[0])
	if s, ok := g.constant(args.at(1, "locale")); ok {
		key += "=" + s
	}
	return g.intern([]byte(key))
}

// signalKey names the signal that a call is about, "" where it may be any.
func (g *gatherer) signalKey(call syntax.NodeID) string {
	if paths := g.pathsAt(g.arguments(call).at(0, "signalnum")); len(paths) == 1 && strings.HasPrefix(paths[0], "signal.SIG") {
		return paths[0]
	}
	return ""
}

// foreignLogger recognizes logging.getLogger().addHandler(…): a change of what
// every logger does, or that of another package. A package's own loggers are its
// own business.
func (g *gatherer) foreignLogger(call syntax.NodeID, attr string, stored bool) (code, detail string) {
	args := g.arguments(call)
	name := ""
	if len(args.positional)+len(args.keywords) > 0 && !args.splat {
		var known bool
		if name, known = g.constant(args.at(0, "name")); !known || name != "" && rootOf(name) == rootOf(g.m.Name) {
			return "", ""
		}
	}
	switch attr {
	case "addHandler", "removeHandler", "setLevel", "addFilter", "removeFilter", "handlers":
		return "logging", "logging.getLogger(" + name + ")." + attr
	case "propagate", "disabled", "level":
		if stored {
			return "logging", "logging.getLogger(" + name + ")." + attr
		}
	}
	return "", ""
}

func rootOf(dotted string) string {
	root, _, _ := strings.Cut(dotted, ".")
	return root
}

// itemIsTarget tells whether n[…] is assigned or deleted.
func (g *gatherer) itemIsTarget(n syntax.NodeID) bool {
	nd := &g.tree.Nodes[n]
	return nd.Field == syntax.FieldValue && g.kind(nd.Parent) == syntax.Subscript && g.isTarget(nd.Parent)
}

// otherModule judges what the top level does with an object of another module.
func (g *gatherer) otherModule(r *reference, u *Use, p string, call syntax.NodeID) {
	switch {
	case u.Role == InDecorator && g.decorates(r.top, call):
		if !onlyWraps(p) {
			g.effect(&r.ctx, "register", p, r.top)
		}
	case g.isOwn(p):
	case u.Store, u.Item:
		g.effect(&r.ctx, "store", p, r.top)
	case call == syntax.NoNode:
	case g.kind(g.tree.Parent(call)) == syntax.ExpressionStatement && !stdlib.Root(p):
		g.effect(&r.ctx, "call", p, r.top)
	case !stdlib.Root(p) && !g.isOwn(p):
		g.effect(&r.ctx, "value", p, r.top)
	}
}

// otherModuleLater judges what a function does with an object of another module,
// should it run while its own module loads: it stores into it, or adds to what it
// holds.
func (g *gatherer) otherModuleLater(r *reference, u *Use, p string, call syntax.NodeID) {
	switch {
	case g.isOwn(p):
	case u.Store, u.Item:
		g.effect(&r.ctx, "store", p, r.top)
	case call != syntax.NoNode && grows[last(p)] && !stdlib.Root(p):
		g.effect(&r.ctx, "call", p, r.top)
	}
}

// decorates tells whether n, or the call of n, is the decorator itself rather
// than part of its arguments.
func (g *gatherer) decorates(n, call syntax.NodeID) bool {
	if call != syntax.NoNode {
		n = call
	}
	return g.kind(g.tree.Parent(n)) == syntax.Decorator
}

// atImport tells whether code in this context runs while the module loads.
func atImport(c *context) bool { return !c.has(deferred | inTypes | inMain) }

// onlyWraps tells whether a decorator is known to keep nothing of what it is
// given: those of the library, and of packages that are made of decorators.
func onlyWraps(p string) bool {
	if stdlib.Root(p) {
		return p != "atexit.register"
	}
	root, _, _ := strings.Cut(p, ".")
	switch root {
	case "attr", "attrs", "typing_extensions", "pytest", "numba", "wrapt", "decorator", "deprecated", "overrides",
		"tenacity", "backoff", "retry", "cached_property", "pydantic", "hypothesis", "mock", "parameterized",
		"freezegun", "click", "six", "toolz", "more_itertools", "zope":
		return true
	}
	return false
}

// effect files an effect: of the import, or of a function.
func (g *gatherer) effect(c *context, code, detail string, n syntax.NodeID) {
	g.fileEffect(c, Effect{Code: code, Detail: detail, Key: g.keyOf(n), Item: code == "store" && g.itemChanges(n), Line: g.line(n), Scope: c.scope})
}

// keyOf is the constant key of n["key"] or n("key", …); "" for none.
func (g *gatherer) keyOf(n syntax.NodeID) string {
	for _, object := range [...]string{"sys.path", "sys.meta_path"} {
		if slices.Contains(g.pathsAt(n), object) && g.restores(n, object) {
			return "="
		}
	}
	if call := g.callOf(n); call != syntax.NoNode {
		if slices.Contains(g.pathsAt(n), "locale.setlocale") {
			return g.localeKey(call)
		}
		if p := g.pathsAt(n); len(p) == 1 {
			switch p[0] {
			case "signal.signal", "signal.getsignal":
				return g.signalKey(call)
			case "logging.config.dictConfig", "logging.config.fileConfig":
				if g.keepsLoggers(call) {
					return "="
				}
				return ""
			}
		}
		n = call
	}
	key := syntax.NoNode
	if parent := g.tree.Parent(n); g.kind(n) == syntax.Call {
		key = g.arguments(n).at(0, "key", "file")
	} else if g.kind(parent) == syntax.Subscript && g.tree.Nodes[n].Field == syntax.FieldValue {
		key = g.child(parent, syntax.FieldSubscript)
	} else if g.isTarget(n) && g.isEnviron(n) {
		return "=" // the object itself is replaced
	}
	s, _ := g.constant(key)
	return g.intern([]byte(s))
}

// restores recognizes sys.path = saved and sys.path[:] = saved where every
// assignment to saved, in the functions around, keeps a copy of sys.path, the
// object: what was on the path then comes back.
func (g *gatherer) restores(n syntax.NodeID, object string) bool {
	target := n
	if parent := g.tree.Parent(n); g.kind(parent) == syntax.Subscript {
		target = parent
	}
	statement := g.tree.Parent(target)
	if g.kind(statement) != syntax.Assignment || g.tree.Nodes[target].Field != syntax.FieldLeft {
		return false
	}
	saved := g.child(statement, syntax.FieldRight)
	if g.kind(saved) != syntax.Identifier {
		return false
	}
	outer := statement
	for a := g.tree.Parent(statement); a != syntax.NoNode; a = g.tree.Parent(a) {
		if g.kind(a) == syntax.FunctionDefinition {
			outer = a
		}
	}
	found := false
	for i := outer; i < g.tree.Nodes[outer].Next; i++ {
		nd := &g.tree.Nodes[i]
		if nd.Field != syntax.FieldLeft || g.kind(i) != syntax.Identifier || g.kind(nd.Parent) != syntax.Assignment || !g.is(i, g.text(saved)) {
			continue
		}
		switch string(g.tree.Text(g.child(nd.Parent, syntax.FieldRight))) {
		case object + "[:]", object + ".copy()", "list(" + object + ")", "copy(" + object + ")", "copy.copy(" + object + ")":
			found = true
		default:
			return false
		}
	}
	return found
}

func (g *gatherer) fileEffect(c *context, e Effect) {
	switch {
	case c.has(inTypes):
	case !atImport(c):
		switch e.Code {
		case "store", "call", "method", "thread", "pool", "state":
			g.m.Changes = append(g.m.Changes, e)
			return
		}
		if isProcessWide(e.Code) {
			g.m.Changes = append(g.m.Changes, e)
		}
	case isProcessWide(e.Code), e.Code == "store", e.Code == "register", e.Code == "call":
		g.m.Effects = append(g.m.Effects, e)
	default:
		g.m.Touches = append(g.m.Touches, e)
	}
}

// readClasses looks at the classes that are made while the module loads, for
// bases of other modules: making a subclass can run their code.
func (g *gatherer) readClasses() {
	for i := range g.classes {
		s := &g.classes[i]
		if !atImport(&s.ctx) {
			continue
		}
		args := g.child(s.node, syntax.FieldSuperclasses)
		if args == syntax.NoNode {
			continue
		}
		for a := g.firstNamed(args); a != syntax.NoNode; a = g.tree.AfterNamed(a) {
			if g.kind(a) == syntax.KeywordArgument {
				if g.is(g.child(a, syntax.FieldName), "metaclass") {
					g.effect(&s.ctx, "metaclass", g.objectOf(g.child(a, syntax.FieldValue)), s.node)
				}
				continue
			}
			base := a
			if g.kind(base) == syntax.Subscript {
				base = g.child(base, syntax.FieldValue)
			}
			for _, p := range g.pathsAt(base) {
				if !stdlib.Root(p) && !g.isOwn(p) {
					g.effect(&s.ctx, "subclass", p, s.node)
				}
			}
		}
	}
}

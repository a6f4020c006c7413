package profile

import (
	"slices"
	"strings"
)

// Effects are charged to the module whose own code has them, not to those that
// import it; EffectsOf collects them. They are written as a kind, or as `kind: what` where the profiler could
// tell what was changed ("signal: SIGINT", "environ: MPLBACKEND").
const (
	EffectSysPath       = "sys.path"
	EffectMetaPath      = "sys.meta_path"
	EffectEnviron       = "environ"
	EffectDirectory     = "directory" // os.getcwd changed
	EffectSignal        = "signal"
	EffectExceptHook    = "excepthook"
	EffectWarnings      = "warnings-filter"
	EffectRootLogging   = "root-logging" // handlers, level or class of the root logger
	EffectLogging       = "logging"      // a handler on a logger of its own
	EffectCodec         = "codec"
	EffectAtexit        = "atexit"
	EffectThread        = "thread"
	EffectBuiltins      = "builtins"
	EffectLocale        = "locale"
	EffectModuleReplace = "sys.modules"
	EffectPatch         = "patch" // an attribute stored into a module of the standard library
	EffectEventLoop     = "event-loop-policy"
	EffectSocket        = "socket-default"
	EffectStartMethod   = "start-method"
	EffectFork          = "register-at-fork"
	EffectInterpreter   = "interpreter"     // recursion limit, trace function, standard streams
	EffectReplacesSelf  = "replaces-itself" // the module puts another object in sys.modules in its own place
)

// private kinds change nothing that other code of the process meets.
var private = map[string]bool{
	EffectWarnings: true, EffectLogging: true, EffectCodec: true,
	EffectAtexit: true, EffectFork: true, EffectReplacesSelf: true,
}

// EffectKind is the kind of an effect, without what it changed.
func EffectKind(effect string) string {
	kind, _, _ := strings.Cut(effect, ":")
	return strings.TrimSpace(kind)
}

// ProcessWide reports whether an effect changes the process for other code, so
// that the moment of the import matters. A warnings filter counts as the
// module's own, because the profiler reports filters that can match warnings
// of code that the module does not build on as `warnings-filter: all`.
func ProcessWide(effect string) bool {
	if effect == EffectWarnings+": all" {
		return true
	}
	return !private[EffectKind(effect)]
}

// EffectsOf gives the effects of importing a module: its own and those of all
// that its eager imports load, each once, in the order of their text.
func (p *Profile) EffectsOf(module string) []string {
	if p == nil {
		return nil
	}
	var effects []string
	seen := map[string]bool{module: true}
	for queue := []string{module}; len(queue) > 0; queue = queue[1:] {
		m := p.Modules[queue[0]]
		effects = append(effects, m.Effects...)
		for _, edge := range m.Imports {
			if !edge.Lazy && !seen[edge.Module] {
				seen[edge.Module] = true
				queue = append(queue, edge.Module)
			}
		}
	}
	slices.Sort(effects)
	return slices.Compact(effects)
}

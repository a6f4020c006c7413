package config

import (
	"maps"
	"math"
	"path"
	"slices"

	"fastpath/plan"
)

var unbounded = math.Inf(1)

// into reads our table into c.
func (v value) into(c *Config) { top().read(v, c) }

// top is every key of the configuration.
func top() settings[Config] {
	return settings[Config]{
		"entry":               func(v value, c *Config) { c.Policy.Entry = v.list(fileOrModule) },
		"src":                 func(v value, c *Config) { c.Policy.Src = cleaned(v.list(inside)) },
		"vendored":            func(v value, c *Config) { c.Policy.Vendored = cleaned(v.list(inside)) },
		"include":             func(v value, c *Config) { c.Include = v.list(glob) },
		"exclude":             func(v value, c *Config) { c.Exclude = v.list(glob) },
		"tests":               func(v value, c *Config) { c.Policy.Tests = v.list(glob) },
		"python":              func(v value, c *Config) { c.Python = v.text(filled) },
		"requires-python":     func(v value, c *Config) { c.Policy.RequiresPython = v.text(specifier) },
		"artifacts":           func(v value, c *Config) { c.Artifacts = path.Clean(v.text(inside)) },
		"keep":                func(v value, c *Config) { c.Policy.Keep = v.list(module) },
		"side-effects":        func(v value, c *Config) { c.Policy.SideEffects = v.list(module) },
		"annotations":         func(v value, c *Config) { c.Policy.Annotations = v.text(oneOf("keep", "quote", "future")) },
		"allow":               func(v value, c *Config) { c.Policy.Allow = v.list(liftable) },
		"per-path-allow":      func(v value, c *Config) { c.Policy.PerPathAllow = v.lists(liftable) },
		"block-cautions":      func(v value, c *Config) { c.Policy.BlockCautions = v.list(caution) },
		"annotation-readers":  func(v value, c *Config) { c.Policy.AnnotationReaders = v.list(module) },
		"harmless-decorators": func(v value, c *Config) { c.Policy.HarmlessDecorators = v.list(module) },
		"compiled-decorators": func(v value, c *Config) { c.Policy.CompiledDecorators = v.list(module) },
		"select":              func(v value, c *Config) { c.Select = expand(v.list(finding)) },
		"ignore":              func(v value, c *Config) { c.Ignore = expand(v.list(finding)) },
		"per-path-ignore": func(v value, c *Config) {
			c.PerPathIgnore = v.lists(finding)
			for pattern, codes := range c.PerPathIgnore {
				c.PerPathIgnore[pattern] = expand(codes)
			}
		},
		"max-sites":            func(v value, c *Config) { c.Policy.MaxSites = v.whole(1) },
		"max-profile-age-days": func(v value, c *Config) { c.MaxProfileAgeDays = v.whole(0) },
		"thresholds":           table(thresholds),
		"traffic":              table(traffic),
		"fast-path":            table(fastPath),
		"targets":              table(targets),
		"exception":            exceptions,
	}
}

var thresholds = settings[Config]{
	"fast-ms":   func(v value, c *Config) { c.Policy.FastMS = v.number(0, unbounded, "milliseconds") },
	"heavy-ms":  func(v value, c *Config) { c.Policy.HeavyMS = v.number(0, unbounded, "milliseconds") },
	"hot-usage": func(v value, c *Config) { c.Policy.HotUsage = v.number(0, 100, "a percentage") },
}

var traffic = settings[Config]{
	"requests-per-day":    func(v value, c *Config) { c.Policy.Traffic.RequestsPerDay = v.number(0, unbounded, "a number") },
	"cold-start-ratio":    func(v value, c *Config) { c.Policy.Traffic.ColdStartRatio = v.number(0, 1, "a share") },
	"handler-slowdown":    func(v value, c *Config) { c.Policy.Traffic.HandlerSlowdown = v.number(0, unbounded, "a factor") },
	"memory-mb":           func(v value, c *Config) { c.Policy.Traffic.MemoryMB = v.number(0, unbounded, "megabytes") },
	"price-per-gb-second": func(v value, c *Config) { c.Policy.Traffic.PricePerGBSecond = v.number(0, unbounded, "a price") },
}

var fastPath = settings[Config]{
	"file":         func(v value, c *Config) { c.Policy.FastPath.File = v.text(inside, pythonFile) },
	"consolidate":  func(v value, c *Config) { c.Policy.FastPath.Consolidate = v.list(fileOrModule) },
	"import-style": func(v value, c *Config) { c.Policy.FastPath.ImportStyle = v.text(oneOf("star", "names")) },
	"max-imports":  func(v value, c *Config) { c.Policy.FastPath.MaxImports = v.whole(0) },
	"max-total-ms": func(v value, c *Config) {
		c.Policy.FastPath.MaxTotalMS = v.number(0, unbounded, "milliseconds")
	},
	"forbidden": func(v value, c *Config) { c.Policy.FastPath.Forbidden = v.list(module) },
}

var targets = settings[Config]{
	"cold-start-ms":       func(v value, c *Config) { c.Targets.ColdStartMS = v.number(0, unbounded, "milliseconds") },
	"min-improvement":     func(v value, c *Config) { c.Targets.MinImprovement = v.number(0, 1, "a share") },
	"max-regression":      func(v value, c *Config) { c.Targets.MaxRegression = v.number(0, 1, "a share") },
	"max-warm-regression": func(v value, c *Config) { c.Targets.MaxWarmRegression = v.number(0, 1, "a share") },
}

var exception = settings[plan.Exception]{
	"module":      func(v value, e *plan.Exception) { e.Module = v.text(module) },
	"reason":      func(v value, e *plan.Exception) { e.Reason = v.text() },
	"approved-by": func(v value, e *plan.Exception) { e.ApprovedBy = v.text(approver) },
	"date":        func(v value, e *plan.Exception) { e.Date = v.date() },
	"review":      func(v value, e *plan.Exception) { e.Review = v.date() },
}

func exceptions(v value, c *Config) {
	raw, ok := v.raw.([]any)
	if !ok {
		v.fail("want tables: write [[%s]] for each, not %s", dotted(v.key), v.found())
		return
	}
	for i := range raw {
		var e plan.Exception
		exception.read(v.at(index(i)), &e)
		c.Policy.Exceptions = append(c.Policy.Exceptions, e)
	}
}

// elsewhere are the keys of the tables below the top, with their table: a key
// is often written one level too high or too low.
func elsewhere() []string {
	var all []string
	add := func(prefix string, s settings[Config]) {
		for _, name := range slices.Sorted(maps.Keys(s)) {
			all = append(all, prefix+name)
		}
	}
	add("thresholds.", thresholds)
	add("traffic.", traffic)
	add("fast-path.", fastPath)
	add("targets.", targets)
	return all
}

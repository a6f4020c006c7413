package plan

import (
	"maps"
	"slices"
	"strings"

	"fastpath/plan/facts"
)

// Keys lists under what a file could be asked for, whatever the policy and the
// other files: see Rest. Each once, sorted.
func Keys(m *facts.Module) []string {
	k := keyring{m: m, keys: map[string]bool{}}
	for _, u := range m.Units {
		switch {
		case u.Module == "":
		case u.Attr == "*":
			k.add(starOf, u.Module)
		case u.Attr != "":
			k.add(importedFrom, u.Module+"."+u.Attr)
		}
	}
	for _, use := range m.Uses {
		k.use(use)
	}
	for _, h := range m.Handed() {
		k.add(handedOn, h.Path)
	}
	for _, p := range m.Patches {
		k.add(replaced(p))
	}
	for _, way := range m.Ways {
		k.add(wayTo, way.Of)
	}
	for _, f := range m.Farewells {
		k.add(farewellKind(f), f.Name)
	}
	for _, s := range m.Strings {
		path := strings.Replace(s.Value, ":", ".", 1)
		k.add(stringNames, path)
		k.below(stringsBelow, path)
	}
	for _, d := range m.Dynamic {
		k.dynamic(d)
	}
	eachLoader(m, func(of kind, path string, _ int) { k.add(of, path) })
	eachChange(m, func(e facts.Effect, _ bool) {
		k.add(stateWrites, e.Code)
		for _, state := range facts.StatesSet(e) {
			k.add(stateWrites, state)
		}
	})
	eachContent(m, func(c change) {
		k.add(contents, c.path)
		k.below(contents, c.path)
	})
	return slices.Sorted(maps.Keys(k.keys))
}

type keyring struct {
	m    *facts.Module
	keys map[string]bool
}

func (k keyring) add(of kind, path string) { k.keys[key(of, path)] = true }

// below adds what is around the path.
func (k keyring) below(of kind, path string) {
	for parent := range above(path) {
		k.add(of, parent)
	}
}

func (k keyring) use(use facts.Use) {
	if path, ok := given(k.m, use); ok {
		k.add(givenTo, path)
	}
	if use.Chain == "" && use.PassedTo == "" {
		return
	}
	base, ok := k.m.Denotes(use.Name)
	if !ok {
		base = k.m.Name + "." + k.m.Names[use.Name].Text
	}
	full := base + suffix(use.Chain)
	if use.PassedTo != "" && k.m.Expand(use.Scope, use.PassedTo) == "atexit.register" {
		k.add(atExit, full)
	}
	if !ok {
		return
	}
	if use.PassedTo != "" {
		k.add(hintsReadOf, full) // what reads annotations is for the policy to say
	}
	if use.Store {
		k.add(storedTo, full)
	}
	for end := len(base) + 1; end <= len(full); end++ {
		if end == len(full) || full[end] == '.' {
			k.add(readFrom, full[:end])
		}
	}
}

func (k keyring) dynamic(d facts.Dynamic) {
	if d.Object == "" {
		if setsOwnNames(k.m, d) {
			k.add(setAny, k.m.Name)
		}
		return
	}
	path := k.m.Expand(facts.Top, d.Object)
	switch {
	case d.What == "getattr" && d.Attr != "":
		k.add(readFrom, path+"."+d.Attr)
		return
	case d.What == "__subclasses__":
		k.add(subclassesOf, subclassed(k.m, d))
		return
	case d.What == "sys.modules[]":
		k.add(askedFor, d.Object)
		return
	case d.What == "setattr":
		k.add(setAny, path)
	case consumesCode(d.What):
		k.add(consumedAt, path)
		return
	case d.What == "get_type_hints":
		k.add(hintsReadAny, "")
	case d.What == "__globals__":
		k.below(namespaceOf, path) // where the module in it ends the tree says
		k.add(namespaceOf, k.m.Name)
	}
	k.add(namespaceOf, path)
}

package plan

import (
	"slices"

	"fastpath/plan/facts"
)

// classMayRun tells whether making an object of the class from a function, or, where
// the call makes a decorator, calling such an object with it, may run the function.
func (w *world) classMayRun(c classAt, call bool) bool {
	found := false
	for _, at := range w.ancestry(c) {
		m := w.facts(at.file)
		class := &m.Scopes[at.class]
		if slices.ContainsFunc(class.Bases, func(b string) bool { return !w.makesPlainly(at.file, b) }) || w.hasMetaclass(m, class) ||
			slices.ContainsFunc(class.Decorators, func(d facts.Decorator) bool { return !matchName(plainlyMade, w.objectPath(m, d.Name)) }) {
			return true
		}
		for s := range m.Scopes {
			method := &m.Scopes[s]
			if method.Parent != at.class || method.Kind != facts.DefScope {
				continue
			}
			switch method.Name {
			case "__call__":
				found = true
				if call && method.RunsParam {
					return true
				}
			case "__setattr__", "__getattribute__":
				return true
			case "__new__":
				if call || method.RunsParam {
					return true
				}
			case "__init__", "__post_init__", "__set_name__":
				if method.RunsParam && (!call || method.Name == "__set_name__") {
					return true
				}
			}
		}
	}
	return call && !found
}

// plainlyMade are decorators of classes that do nothing with what is handed to them
// but keep it.
var plainlyMade = []string{"dataclass", "dataclasses.dataclass", "functools.total_ordering", "typing.final"}

// makesPlainly tells whether a base class is of the tree, and so looked at, or one that
// does nothing with what it is made of but keep it.
func (w *world) makesPlainly(file int, base string) bool {
	if _, ok := w.classNamed(file, base, 0); ok {
		return true
	}
	switch w.objectPath(w.facts(file), base) {
	case "object", "property", "staticmethod", "classmethod", "abc.ABC", "typing.Generic", "typing.Protocol":
		return true
	}
	return false
}

// hasMetaclass tells whether a class names a metaclass that may do something when a
// class is made of it, or an object.
func (w *world) hasMetaclass(m *facts.Module, class *facts.Scope) bool {
	return slices.Contains(class.Keywords, "metaclass") && !slices.ContainsFunc(m.Touches, func(e facts.Effect) bool {
		return e.Code == "metaclass" && e.Line == class.Line && e.Detail == "abc.ABCMeta"
	})
}

// ancestry lists a class with all classes of the tree that it derives from.
func (w *world) ancestry(c classAt) []classAt {
	list := []classAt{c}
	for i := 0; i < len(list); i++ {
		for _, base := range w.facts(list[i].file).Scopes[list[i].class].Bases {
			if at, ok := w.classNamed(list[i].file, base, 0); ok && !slices.Contains(list, at) {
				list = append(list, at)
			}
		}
	}
	return list
}

package stdlib

import (
	"slices"
	"strings"
	"sync"
)

// A Taken is a name of another module, as a dotted path, that a module takes, or uses,
// when it loads.
type Taken struct {
	By, Path string
}

// Takes lists what the module, and those that may load with it, take so. What the
// interpreter has loaded before any program takes nothing any more.
func Takes(name string) []Taken {
	var list []Taken
	for _, m := range company(name, loadsSurely, mayLoad) {
		for _, path := range marked(m, takes) {
			list = append(list, Taken{m, path})
		}
	}
	return list
}

// Bringers lists the modules that always load the module when they do.
func Bringers(name string) []string { return bringers()[name] }

var bringers = sync.OnceValue(func() map[string][]string {
	by := map[string][]string{}
	for name := range modules() {
		for _, m := range company(name, loadsSurely) {
			if m != name {
				by[m] = append(by[m], name)
			}
		}
	}
	for _, list := range by {
		slices.Sort(list)
	}
	return by
})

// company lists the module and what loads with it, by such signs.
func company(name string, signs ...byte) []string {
	list, seen := []string{name}, map[string]bool{name: true}
	for i := 0; i < len(list); i++ {
		if AtStartup(list[i]) {
			continue
		}
		for _, sign := range signs {
			for _, other := range marked(list[i], sign) {
				if !seen[other] {
					seen[other] = true
					list = append(list, other)
				}
			}
		}
	}
	return slices.DeleteFunc(list, AtStartup)
}

// marked lists the words of a module that have the sign.
func marked(name string, sign byte) []string {
	var list []string
	for word := range strings.FieldsSeq(modules()[name].names) {
		if word[0] == sign {
			list = append(list, word[1:])
		}
	}
	return list
}

// A Tool is something with whose help tests run. Each has loaded modules before the test
// does anything.
type Tool uint8

// The tools. What runs tests is unittest, or pytest, which loads it all and more.
const (
	Unittest Tool = iota
	Pytest
	Mock // unittest.mock, which has replaced something
)

// BroughtBy tells whether a tool has loaded the module.
func BroughtBy(tool Tool, name string) bool { return brought()[tool][name] }

// Modules that pytest has imported at the top of its own since version 6.
const ofPytest = "argparse ast contextlib copy datetime decimal fnmatch functools importlib.metadata inspect io itertools json logging math os pathlib platform pprint re " +
	"shlex shutil struct sys tempfile textwrap tokenize traceback types typing uuid warnings xml.etree.ElementTree"

var brought = sync.OnceValue(func() map[Tool]map[string]bool {
	has := map[Tool]map[string]bool{}
	for tool, tops := range map[Tool]string{Unittest: "unittest", Pytest: "unittest " + ofPytest, Mock: "unittest unittest.mock"} {
		has[tool] = map[string]bool{}
		for top := range strings.FieldsSeq(tops) {
			for _, m := range company(top, loadsSurely) {
				has[tool][m] = true
			}
		}
	}
	return has
})

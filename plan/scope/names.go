package scope

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"fastpath/plan/syntax"
)

// A nameID is an index into names.text; equal names have equal ids.
type nameID = int32

// names interns the identifiers of one file.
type names struct {
	ids      map[string]nameID
	text     []string
	encoding string
}

func (n *names) id(name string) nameID {
	if id, ok := n.ids[name]; ok {
		return id
	}
	id := nameID(len(n.text))
	n.ids[name] = id
	n.text = append(n.text, name)
	return id
}

// idOf is id for source bytes; it copies them only when the name is new.
func (n *names) idOf(text []byte) nameID {
	if id, ok := n.ids[string(text)]; ok {
		return id
	}
	for _, b := range text {
		if b >= 0x80 {
			return n.id(n.foreign(text))
		}
	}
	return n.id(string(text))
}

// foreign decodes a name that is not ASCII. Python compares identifiers in
// normal form KC. In a code page other than Latin-1 the letters come out
// wrong, but still the same for the same bytes, which is all that counts
// within one file.
func (n *names) foreign(text []byte) string {
	switch n.encoding {
	case "", "utf-8":
		return norm.NFKC.String(string(text))
	}
	letters := make([]rune, len(text))
	for i, b := range text {
		letters[i] = rune(b)
	}
	switch n.encoding {
	case "latin-1", "latin1", "iso-8859-1", "iso8859-1":
		return norm.NFKC.String(string(letters))
	}
	return string(letters)
}

// A mangling is the class whose private names are in force.
type mangling struct {
	class string // without leading underscores; "" when nothing is mangled
	// only, if not nil, limits mangling to these names: the header of a
	// generic class is outside the class, but its type parameters are private
	// to it.
	only *[]nameID
}

func manglingFor(class string) mangling {
	return mangling{class: strings.TrimLeft(class, "_")}
}

// mangle gives the name under which the compiler knows id.
func (r *resolver) mangle(id nameID) nameID {
	if r.mangling.class == "" {
		return id
	}
	name := r.names.text[id]
	if !strings.HasPrefix(name, "__") || strings.HasSuffix(name, "__") {
		return id
	}
	if r.mangling.only != nil {
		found := false
		for _, o := range *r.mangling.only {
			found = found || o == id
		}
		if !found {
			return id
		}
	}
	return r.names.id("_" + r.mangling.class + name)
}

// name is the mangled name written at node.
func (r *resolver) name(node syntax.NodeID) nameID {
	return r.mangle(r.names.idOf(r.tree.Text(node)))
}

// Normal is the form in which Python compares identifiers.
func Normal(name string) string { return norm.NFKC.String(name) }

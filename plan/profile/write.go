package profile

import (
	"bytes"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"fastpath/plan/jsondoc"
)

// Write gives profile.json: keys sorted, one module a line, times to the
// microsecond. The same profile gives the same bytes on every machine. Absolute
// paths are left out, so that a committed profile names no one's home.
func (p *Profile) Write() []byte {
	var f fields
	f.text("date", p.Date)
	if entry := relativeAll(p.Entry); len(entry) > 0 {
		f.add("entry", list(entry))
	}
	f.positive("floor_ms", p.FloorMS)
	f.text("implementation", p.Implementation)
	f.add("modules", p.modules())
	f.text("platform", p.Platform)
	f.text("python", p.Python)
	f.positive("runs", float64(p.Runs))
	f.add("schema", number(Schema))
	f.text("source", p.Source)
	return slices.Concat([]byte("{\n  "), bytes.Join(f, []byte(",\n  ")), []byte("\n}\n"))
}

// fields are the members of an object, in the order in which they are added.
type fields [][]byte

func (f *fields) add(name string, value []byte) {
	*f = append(*f, slices.Concat(jsondoc.Quote(name), []byte(": "), value))
}

func (f *fields) text(name, value string) {
	if value != "" {
		f.add(name, jsondoc.Quote(value))
	}
}

func (f *fields) positive(name string, value float64) {
	if value > 0 {
		f.add(name, number(value))
	}
}

func (p *Profile) modules() []byte {
	names := make([]string, 0, len(p.Modules))
	for name := range p.Modules {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	out.WriteString("{")
	for i, name := range names {
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n    ")
		out.Write(jsondoc.Quote(name))
		out.WriteString(": ")
		out.Write(p.Modules[name].object())
	}
	if len(names) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("}")
	return out.Bytes()
}

// object is one module as a line, without the fields that say nothing.
func (m Module) object() []byte {
	var f fields
	f.positive("cumulative_ms", m.CumulativeMS)
	if len(m.Effects) > 0 {
		effects := slices.Clone(m.Effects)
		slices.Sort(effects)
		f.add("effects", list(slices.Compact(effects)))
	}
	f.text("failed", m.Failed)
	f.text("file", relative(m.File))
	if !m.Unmeasured {
		f.add("import_ms", number(m.ImportMS))
	}
	if len(m.Imports) > 0 {
		f.add("imports", edges(m.Imports))
	}
	f.text("kind", m.Kind)
	if len(m.Names) > 0 {
		names := slices.Clone(m.Names)
		slices.Sort(names)
		f.add("names", list(slices.Compact(names)))
	}
	f.positive("rss_kb", math.Round(m.RSSKB))
	f.positive("self_ms", m.SelfMS)
	f.positive("spread_ms", m.SpreadMS)
	return slices.Concat([]byte("{"), bytes.Join(f, []byte(", ")), []byte("}"))
}

// edges writes each imported module once; one eager import makes it eager, one
// that a call makes makes it called.
func edges(imports []Edge) []byte {
	kinds := map[string]string{}
	for _, e := range imports {
		switch kind := kinds[e.Module]; {
		case e.Called:
			kinds[e.Module] = "called"
		case e.Lazy && kind == "":
			kinds[e.Module] = "lazy"
		case !e.Lazy && kind != "called":
			kinds[e.Module] = "eager"
		}
	}
	names := slices.Sorted(maps.Keys(kinds))
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = string(jsondoc.Quote(name)) + `: "` + kinds[name] + `"`
	}
	return []byte("{" + strings.Join(parts, ", ") + "}")
}

func relativeAll(files []string) []string {
	var kept []string
	for _, file := range files {
		if file = relative(file); file != "" {
			kept = append(kept, file)
		}
	}
	return kept
}

// relative gives a path that may be committed: with slashes, and "" in place
// of an absolute one or one that climbs out of the project.
func relative(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	drive := len(file) > 1 && file[1] == ':'
	if file == "" || drive || strings.HasPrefix(file, "/") || strings.HasPrefix(file, "~") {
		return ""
	}
	if file = path.Clean(file); file == ".." || strings.HasPrefix(file, "../") {
		return ""
	}
	return file
}

func number(n float64) []byte {
	return strconv.AppendFloat(nil, math.Round(n*1000)/1000, 'f', -1, 64)
}

func list(texts []string) []byte {
	parts := make([][]byte, len(texts))
	for i, text := range texts {
		parts[i] = jsondoc.Quote(text)
	}
	return slices.Concat([]byte("["), bytes.Join(parts, []byte(", ")), []byte("]"))
}

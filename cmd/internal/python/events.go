package python

import (
	"fmt"

	"fastpath/plan/jsondoc"
)

// ReadEvents reads the events that a handler is measured with: an object of
// them by name, or a list. An event may stand in an object that gives its
// weight. Errors name the file, the line and the column.
func ReadEvents(name string, data []byte) ([]Event, error) {
	d, err := jsondoc.Parse(name, data)
	if err != nil {
		return nil, err
	}
	var events []Event
	add := func(class string, v jsondoc.Value) error {
		e := Event{Class: class, Weight: 1}
		if inner, wrapped := v.Get("event"); wrapped && only(v, "event", "weight", "name") {
			if n, found := v.Get("name"); found {
				if e.Class = n.Text; n.Kind != jsondoc.String {
					return d.Errorf(n, "%s where the name of the event is wanted", n.Kind)
				}
			}
			if w, found := v.Get("weight"); found {
				var ok bool
				if e.Weight, ok = w.Float(); !ok || e.Weight <= 0 {
					return d.Errorf(w, "want a weight above 0, such as the share of the requests in percent")
				}
			}
			v = inner
		}
		for _, other := range events {
			if other.Class == e.Class {
				return d.Errorf(v, "there are two events %q; give each a name of its own", e.Class)
			}
		}
		e.JSON = spell(nil, v)
		events = append(events, e)
		return nil
	}
	switch d.Root.Kind {
	case jsondoc.Array:
		for i, v := range d.Root.Items {
			if err := add(fmt.Sprintf("event %d", i+1), v); err != nil {
				return nil, err
			}
		}
	case jsondoc.Object:
		for _, member := range d.Root.Members {
			if member.Value.Kind != jsondoc.Object {
				return nil, d.Errorf(member.Value, "%s where an event is wanted: the file names events, {\"list\": {...}, \"report\": {...}}; write a single event as [{...}]",
					member.Value.Kind)
			}
			if err := add(member.Name, member.Value); err != nil {
				return nil, err
			}
		}
	default:
		return nil, d.Errorf(d.Root, "%s where events are wanted: {\"list\": {...}, \"report\": {...}}, or a list", d.Root.Kind)
	}
	if len(events) == 0 {
		return nil, d.Errorf(d.Root, "there are no events")
	}
	return events, nil
}

// only tells whether an object has no other keys than these.
func only(v jsondoc.Value, keys ...string) bool {
	known := 0
	for _, key := range keys {
		if _, found := v.Get(key); found {
			known++
		}
	}
	return known == len(v.Members)
}

// spell writes a value of a document as JSON again.
func spell(out []byte, v jsondoc.Value) []byte {
	switch v.Kind {
	case jsondoc.Object:
		out = append(out, '{')
		for i, m := range v.Members {
			if i > 0 {
				out = append(out, ',')
			}
			out = spell(append(append(out, jsondoc.Quote(m.Name)...), ':'), m.Value)
		}
		return append(out, '}')
	case jsondoc.Array:
		out = append(out, '[')
		for i, item := range v.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = spell(out, item)
		}
		return append(out, ']')
	case jsondoc.String:
		return append(out, jsondoc.Quote(v.Text)...)
	case jsondoc.Number:
		return append(out, v.Text...)
	case jsondoc.Bool:
		return fmt.Append(out, v.Bool)
	}
	return append(out, "null"...)
}

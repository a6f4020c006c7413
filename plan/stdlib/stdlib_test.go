package stdlib

import (
	"slices"
	"testing"
)

func TestSnapshot(t *testing.T) {
	for _, c := range []struct {
		what      string
		got, want bool
	}{
		{"json is always there", Always("json"), true},
		{"xml.etree.ElementTree is always there", Always("xml.etree.ElementTree"), true},
		{"fcntl depends on the platform", Always("fcntl"), false},
		{"tomllib is newer than 3.8", Always("tomllib"), false},
		{"_thread is in every interpreter", Always("_thread"), true},
		{"_ssl is not in every build", Always("_ssl"), false},
		{"tomllib is known", Has("tomllib"), true},
		{"pandas is not known", Has("pandas"), false},
		{"json.dumps is a function", Stable("json", "dumps"), true},
		{"unittest.mock.ANY is bound once", Stable("unittest.mock", "ANY"), true},
		{"os.environ is bound once", Stable("os", "environ"), true},
		{"linecache.cache is bound anew in 3.8", Stable("linecache", "cache"), false},
		{"sys.stdout is replaced", Stable("sys", "stdout"), false},
		{"sys.argv is a list", Stable("sys", "argv"), false},
		{"email.message is of the library", Root("email.message"), true},
		{"a name of no module", Stable("pandas", "DataFrame"), false},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v", c.what, c.got)
		}
	}
}

func TestTakes(t *testing.T) {
	for _, c := range []struct {
		what      string
		got, want bool
	}{
		{"ssl takes socket.socket", slices.Contains(Takes("ssl"), Taken{"ssl", "socket.socket"}), true},
		{"http.client loads ssl, which does", slices.Contains(Takes("http.client"), Taken{"ssl", "socket.socket"}), true},
		{"timeit uses time.perf_counter", slices.Contains(Takes("timeit"), Taken{"timeit", "time.perf_counter"}), true},
		{"timeit uses sys.exit only as a program", slices.Contains(Takes("timeit"), Taken{"timeit", "sys.exit"}), false},
		{"unittest.mock loads asyncio", slices.Contains(Bringers("asyncio"), "unittest.mock"), true},
		{"json does not", slices.Contains(Bringers("asyncio"), "json"), false},
		{"unittest has loaded re", BroughtBy(Unittest, "re"), true},
		{"unittest has not loaded tempfile", BroughtBy(Unittest, "tempfile"), false},
		{"pytest has loaded tempfile", BroughtBy(Pytest, "tempfile"), true},
		{"pytest has not loaded ssl", BroughtBy(Pytest, "ssl"), false},
		{"unittest.mock has", BroughtBy(Mock, "ssl"), true},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v", c.what, c.got)
		}
	}
}

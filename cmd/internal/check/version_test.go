package check

import "testing"

func TestAdmits(t *testing.T) {
	for _, test := range []struct {
		specifier, version string
		want               bool
	}{
		{">=3.8", "3.11.7", true}, {">=3.12", "3.11.7", false}, {">=3.11.9", "3.11.7", true}, {">3.10", "3.10.4", true},
		{">=3.9,<4", "3.13.0rc1", true}, {"<3.11", "3.11.7", false}, {"<3.11.9", "3.11.7", true}, {"<=3.10", "3.11.7", false},
		{"~=3.9", "3.11.7", true}, {"~=3.9", "4.0.0", false}, {"~=3.9.2", "3.11.7", false}, {"==3.11.*", "3.11.7", true},
		{"==3.*", "3.11.7", true}, {"==3.10.*", "3.11.7", false}, {">=3.8,!=3.11.*", "3.11.7", false}, {">=3.8,!=3.11.2", "3.11.7", true},
		{" >= 3.12 ", "3.11.7", false}, {">=3.12", "", true}, {"", "3.11.7", true},
	} {
		if got := admits(test.specifier, test.version); got != test.want {
			t.Errorf("admits(%q, %q) is %v", test.specifier, test.version, got)
		}
	}
}

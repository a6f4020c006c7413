package evidence

import (
	"strings"
	"testing"
)

func TestHistoryReadsBackAsItWas(t *testing.T) {
	m, err := Read("b", []byte(long))
	if err != nil {
		t.Fatal(err)
	}
	first, second := RecordOf("baseline", m), RecordOf("ab", m)
	if first.Samples != 2 || first.ColdStart.Estimate != 51.0625 || first.FloorMS != 12.75 || first.Modules != 200 || first.Date != "2025-11-08" {
		t.Errorf("the record is %+v", first)
	}
	second.Against, second.Ratio, second.Verdict = "0a1b2c3", Interval{0.9, 0.88, 0.92}, Faster
	text := string(first.Line()) + "\n" + string(second.Line())
	records, err := ReadHistory("h", []byte(text))
	if err != nil || len(records) != 2 {
		t.Fatalf("%v, %v", records, err)
	}
	if again := string(records[0].Line()) + "\n" + string(records[1].Line()); again != text {
		t.Errorf("written:\n%s\nwant:\n%s", again, text)
	}
}

func TestHistoryByHand(t *testing.T) {
	records, err := ReadHistory("h", []byte("{\"date\": \"2025-10-01\", \"cold_start_ms\": 5200}\n{\"date\": \"2025-10-08\", \"cold_start_ms\": 5100}"))
	if err != nil || len(records) != 2 || records[1].ColdStart != (Interval{5100, 5100, 5100}) {
		t.Errorf("%+v, %v", records, err)
	}
	for in, want := range map[string]string{
		"{}":                      `h:2:1: there is no "date"`,
		`{"date": "2025-10-01"}`:  `"cold_start_ms" above 0 is missing`,
		`{"date": "October"}`:     `h:2:10: date: "October" is no date`,
		`{"date": "2025-10-01"`:   "h:2:",
		`{"schema": 9}`:           "schema 9 is newer",
		`{"cold_start_ms": -1}`:   "-1 is negative",
		`[1]`:                     "an array where an object is wanted",
		`{"ratio": [1, 2]}`:       "want the ratio and both ends",
		`{"source": "azure"}`:     `"azure" is no source`,
		`{"verdict": "splendid"}`: `"splendid" is no verdict`,
	} {
		if _, err := ReadHistory("h", []byte("\n"+in+"\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %q", in, err, want)
		}
	}
}

func FuzzReadHistory(f *testing.F) {
	f.Add([]byte("{\"date\": \"2025-10-01\", \"cold_start_ms\": 5200}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := ReadHistory("h", data)
		if err != nil {
			return
		}
		for _, r := range records {
			if _, err := ReadHistory("h", r.Line()); err != nil {
				t.Fatalf("%s: %v", r.Line(), err)
			}
		}
	})
}

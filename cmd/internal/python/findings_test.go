package python

import (
	"math"
	"testing"
)

func TestPartsAddUpToTheMedianOfTheWhole(t *testing.T) {
	ms := func(self, cumulative int64) [2]int64 { return [2]int64{self * 1e6, cumulative * 1e6} }
	// Each run is delayed in another module.
	reports := []*report{
		{Times: map[string][2]int64{"a": ms(10, 80), "b": ms(20, 20), "c": ms(50, 50)}},
		{Times: map[string][2]int64{"a": ms(30, 80), "b": ms(20, 20), "c": ms(30, 30)}},
		{Times: map[string][2]int64{"a": ms(10, 80), "b": ms(40, 40), "c": ms(30, 30)}},
	}
	divided := parts(reports)
	sum := divided["a"].self + divided["b"].self + divided["c"].self
	if math.Abs(sum-80) > 1e-9 || divided["a"].cumulative != 80 || math.Abs(divided["b"].self/divided["a"].self-2) > 1e-9 {
		t.Errorf("divided %+v, sum %v", divided, sum)
	}
	if len(parts(nil)) != 0 {
		t.Error("parts of nothing")
	}
}

// Package usage reads what share of requests needs a module or ran a function.
package usage

// A Usage is what ran. Shares are percent of requests, 0 to 100.
type Usage struct {
	Requests  float64            // 0 when unknown
	Modules   map[string]float64 // percent
	Functions map[string]float64 // "app/report.py::Report.render": percent
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pythonWith is an interpreter that has the packages: the one that the variable
// names, or the newest of the machine that does.
func pythonWith(t *testing.T, variable, modules, install string) string {
	t.Helper()
	candidates := interpreters(t)
	if named := os.Getenv(variable); named != "" {
		candidates = []string{named}
	}
	for _, python := range candidates {
		if exec.Command(python, "-c", "import "+modules).Run() == nil {
			return python
		}
	}
	t.Skipf("no Python has %s: pip install %s, or name one that has in %s", modules, install, variable)
	return ""
}

// measuredFigures is a folder with a measurement, and what it prints in a format.
func measuredFigures(t *testing.T, format string) string {
	t.Helper()
	dir := t.TempDir()
	place(t, dir, "fastpath.toml", []byte("entry = [\"lambda_function.py\"]\n"))
	place(t, dir, ".fastpath/baseline.json", []byte(`{"cold_start_ms": 5200}`))
	place(t, dir, ".fastpath/after.json", []byte(`{"schema": 1, "date": "2025-11-08", "entry": "lambda_function.py", "python": "3.11.7",
  "revision": "0a1b2c3", "floor_ms": [12.5], "samples": [
  {"wall_ms": 2100.25, "cpu_ms": 1900, "peak_kb": 65536, "modules": 412, "first_ms": 25.125, "warm_ms": 3.5}]}`))
	out, stderr, code := invoke(dir, "measure", "compare", "--format", format, "--function-name", `lee-"lambda"`, "--no-cache")
	if code >= exitTrouble {
		t.Fatalf("measure compare ended with %d: %s", code, stderr)
	}
	return out
}

// TestCloudWatchTakesTheFigures sends them with the real client to a local
// server, and reads them back.
func TestCloudWatchTakesTheFigures(t *testing.T) {
	const install = "'moto[server]' awscli"
	server := pythonWith(t, "FASTPATH_MOTO_PYTHON", "moto.server, flask, flask_cors", install)
	client := pythonWith(t, "FASTPATH_AWS_PYTHON", "awscli.clidriver", install)
	input := filepath.Join(t.TempDir(), "metrics.json")
	if err := os.WriteFile(input, []byte(measuredFigures(t, "cloudwatch")), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	serving := exec.CommandContext(ctx, server, "-m", "moto.server", "-H", "127.0.0.1", "-p", fmt.Sprint(address.Port))
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		_ = serving.Wait() // it was killed
	}()
	for up := false; !up; {
		connection, err := net.Dial("tcp", address.String())
		if up = err == nil; up {
			connection.Close()
		} else if time.Sleep(100 * time.Millisecond); ctx.Err() != nil {
			t.Fatalf("the server does not answer: %v", err)
		}
	}
	aws := func(args ...string) string {
		args = append([]string{"-m", "awscli", "cloudwatch"}, args...)
		cmd := exec.CommandContext(ctx, client, append(args, "--endpoint-url", "http://"+address.String(), "--region", "eu-north-1", "--output", "json")...)
		cmd.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_CONFIG_FILE="+os.DevNull,
			"AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "NO_PROXY=127.0.0.1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("aws %v: %v\n%s", args[2:], err, out)
		}
		return string(out)
	}
	aws("put-metric-data", "--cli-input-json", "file://"+input)
	var listed struct {
		Metrics []struct {
			MetricName string
			Dimensions []struct{ Name, Value string }
		}
	}
	if err := json.Unmarshal([]byte(aws("list-metrics", "--namespace", "Lambda/Performance")), &listed); err != nil {
		t.Fatal(err)
	}
	if len(listed.Metrics) != 7 {
		t.Errorf("%d metrics are there: %+v", len(listed.Metrics), listed)
	}
	for _, m := range listed.Metrics {
		if len(m.Dimensions) != 1 || m.Dimensions[0].Name != "FunctionName" || m.Dimensions[0].Value != `lee-"lambda"` {
			t.Errorf("%s has the dimensions %+v", m.MetricName, m.Dimensions)
		}
	}
	for name, want := range map[string]float64{"ColdStartTime": 2100.25, "PeakMemory": 65536, "FirstRequestTime": 25.125, "ModulesLoaded": 412} {
		var got struct {
			Datapoints []struct{ Average float64 }
		}
		now := time.Now().UTC()
		text := aws("get-metric-statistics", "--namespace", "Lambda/Performance", "--metric-name", name, "--statistics", "Average", "--period", "86400",
			"--start-time", now.Add(-48*time.Hour).Format(time.RFC3339), "--end-time", now.Add(time.Hour).Format(time.RFC3339),
			"--dimensions", `[{"Name": "FunctionName", "Value": "lee-\"lambda\""}]`)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Datapoints) != 1 || got.Datapoints[0].Average != want {
			t.Errorf("%s reads back as %s, want %v", name, text, want)
		}
	}
}

// referees installs what judges the two text formats. The published schema of
// the embedded metric format comes with that version of AWS's own library.
const referees = "prometheus_client jsonschema aws-lambda-powertools==1.6.0"

const judgeFigures = `
import importlib.metadata, json, sys
from jsonschema import Draft7Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families

[path] = [f for f in importlib.metadata.files("aws-lambda-powertools") if str(f).endswith("metrics/schema.json")]
schema = json.loads(path.read_text())
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
assert len(lines) == 1, lines
line = json.loads(lines[0])
Draft7Validator(schema).validate(line)
broken = dict(line, _aws=dict(line["_aws"], Timestamp="noon"))
assert not Draft7Validator(schema).is_valid(broken), "the schema takes anything"
[directive] = line["_aws"]["CloudWatchMetrics"]
for key in [m["Name"] for m in directive["Metrics"]] + [d for ds in directive["Dimensions"] for d in ds]:
    print("emf", key, line[key])
text = open(sys.argv[2], encoding="utf-8").read()
for family in text_string_to_metric_families(text):
    for sample in family.samples:
        print("openmetrics", sample.name, family.type, family.unit or "-", sample.value, json.dumps(sample.labels, sort_keys=True))
`

// TestOthersReadTheFigures gives the embedded metric format and OpenMetrics to
// readers that are not ours.
func TestOthersReadTheFigures(t *testing.T) {
	python := pythonWith(t, "FASTPATH_METRICS_PYTHON", "prometheus_client.openmetrics.parser, jsonschema, aws_lambda_powertools", referees)
	dir := t.TempDir()
	var files []string
	for _, format := range []string{"emf", "openmetrics"} {
		file := filepath.Join(dir, format)
		if err := os.WriteFile(file, []byte(measuredFigures(t, format)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	out, err := exec.Command(python, append([]string{"-c", judgeFigures}, files...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"emf ColdStartTime 2100.25\n", "emf PeakMemory 65536\n", "emf WarmRequestTime 3.5\n", "emf FunctionName lee-\"lambda\"\n",
		"openmetrics fastpath_cold_start_seconds gauge seconds 2.10025 ", `"function": "lee-\"lambda\"", "python": "3.11.7", "revision": "0a1b2c3"}`,
		"openmetrics fastpath_peak_memory_bytes gauge bytes 67108864.0 ", "openmetrics fastpath_modules_loaded gauge - 412.0 ",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not among\n%s", want, out)
		}
	}
}

package python

import _ "embed"

// RecorderName is what the recorder's file is called, so that applications can
// import it.
const RecorderName = "fastpath_recorder.py"

//go:embed recorder.py
var recorder []byte

// Recorder gives the Python file that counts what an application's requests run.
// Its counts are a form that plan/usage reads.
func Recorder() []byte { return append([]byte(nil), recorder...) }

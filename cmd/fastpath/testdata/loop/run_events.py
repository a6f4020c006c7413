"""Answer every event of events.json: python run_events.py MODULE [record].

Prints the answers as JSON lines. With "record", the events are answered in one
process, as often as they weigh, under the recorder of fastpath; without, each in
a process of its own, as a cold start would.
"""

import importlib
import json
import subprocess
import sys


def answer(handler, event):
    try:
        return handler(event, None)
    except Exception as error:
        return {"raised": type(error).__name__, "text": str(error)}


def main(module, mode="cold", name=None):
    with open("events.json") as f:
        events = json.load(f)
    if mode == "one":
        handler = importlib.import_module(module).handler
        print(json.dumps({"event": name, "answer": answer(handler, events[name]["event"])}, sort_keys=True, default=str))
    elif mode == "record":
        from fastpath_recorder import Recorder

        handler = importlib.import_module(module).handler
        recorder = Recorder("usage.log", every=1)
        counted = recorder.handler(handler)
        for event in events.values():
            for _ in range(event["weight"]):
                answer(counted, event["event"])
        recorder.flush()
    else:
        for name in sorted(events):
            subprocess.run([sys.executable, "-B", __file__, module, "one", name], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

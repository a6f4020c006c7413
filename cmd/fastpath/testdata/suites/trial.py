"""What both suite runs share: evidence, the rewrite of a copy, and the comparison
of test results. Standard library only.

A result of a run is {test id: status}, the status one of passed, failed, error,
skipped. A test that passed or was skipped and then fails, errs or is gone is a
new failure.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree

SINK, HOIST = "sink-all", "hoist-all"
COST = {SINK: 500, HOIST: 1}   # milliseconds that every module is said to take
USAGE = {SINK: 1, HOIST: 99}   # percent of requests that are said to use it
FAILING = ("failed", "error")


class Trouble(Exception):
    """What stops a run, for a person to read."""


def run(command, cwd=None, env=None, timeout=600, ok=(0,), log=None):
    """Run a command in a process group of its own, so that what a suite leaves
    behind ends with it."""
    with open(log, "wb") if log else open(os.devnull, "wb") as out:
        child = subprocess.Popen([str(part) for part in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=subprocess.STDOUT if log else subprocess.PIPE,
                                 start_new_session=True)
        try:
            _, errors = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            errors = b"no end after %d seconds" % timeout
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()
    if ok is not None and child.returncode not in ok:
        said = pathlib.Path(log).read_text(errors="replace")[-2000:] if log else (errors or b"").decode(errors="replace")
        raise Trouble("%s ends with %s:\n%s" % (" ".join(map(str, command)), child.returncode, said))
    return child.returncode


def output(command, cwd=None, ok=(0,), errors=False):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True)
    if done.returncode not in ok:
        raise Trouble("%s ends with %d:\n%s" % (" ".join(map(str, command)), done.returncode,
                                              done.stderr.decode(errors="replace")))
    return done.stderr if errors else done.stdout


def fastpath(binary, tree, *words, ok=(0,)):
    return output([binary, *words, "--no-cache"], tree, ok)


def planned(binary, tree):
    return json.loads(fastpath(binary, tree, "plan", "--all", "--format", "json", "-q"))["imports"]


def evidence(binary, tree, direction, measured):
    """Write profile and usage: every module as dear and as used as the direction
    says. measured is a long-form profile whose other facts are kept, or None for
    a short form.

    Modules that nothing measured get the figure too, so that cost keeps no import
    where it is, but as ones that failed: nothing is claimed about them.
    """
    profile = json.loads(json.dumps(measured)) if measured else {}
    modules = profile["modules"] if measured else profile
    folder = pathlib.Path(tree, ".fastpath")
    folder.mkdir(exist_ok=True)
    for facts in modules.values():
        facts["import_ms"] = COST[direction]
    while True:
        used = {name.split(".")[0]: USAGE[direction] for name in modules}
        (folder / "profile.json").write_text(json.dumps(profile))
        (folder / "usage.json").write_text(json.dumps(used))
        imports = planned(binary, tree)
        # Relative imports that leave the tree have no name.
        unknown = {name for u in imports if u["rule"] == "not-profiled" and not u["target"].startswith(("__future__.", "."))
                   for name in (u["target"], u["target"].rpartition(".")[0]) if name and name not in modules}
        if not unknown:
            return imports
        for name in unknown:
            modules[name] = {"import_ms": COST[direction], "failed": "not measured"} if measured else COST[direction]


def rewrite(binary, tree, direction, measured):
    """Rewrite a tree in place and tell what was done."""
    imports = evidence(binary, tree, direction, measured)
    # Exit 3: a file failed its proof and was left alone, the rest is done.
    difference = fastpath(binary, tree, "diff", "--all", "-q", ok=(0, 1, 3))
    unproven = output([binary, "apply", "--all", "-q", "--allow-dirty", "--no-cache"], tree, (0, 3), errors=True)
    again = fastpath(binary, tree, "diff", "--all", "-q", ok=(0, 1, 3))
    kept = collections.Counter()
    for u in imports:
        codes = {b["code"] for b in u["blockers"]}
        if u["status"] != "move":
            kept.update(codes or [u["rule"] if u["status"] == "keep" else u["status"]])
    moved = [u for u in imports if u["status"] == "move"]
    wanted = [u for u in imports if u["status"] in ("move", "blocked")]
    return {
        "units": len(imports), "wanted": len(wanted), "moved": len(moved),
        "actions": dict(collections.Counter(u["action"] for u in moved)),
        "kept": dict(kept.most_common()), "files": difference.count(b"\n--- ") + difference.startswith(b"--- "),
        "second_run": len(again), "unproven": unproven.decode(errors="replace").splitlines(),
    }, difference, imports


def junit(path):
    """The results in a JUnit file, as pytest and regrtest write them."""
    results = {}
    try:
        tree = xml.etree.ElementTree.parse(path)
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        raise Trouble("reading %s: %s" % (path, error))
    for case in tree.iter("testcase"):
        name = "::".join(part for part in (case.get("classname"), case.get("name")) if part)
        status = "passed"
        for tag, found in (("skipped", "skipped"), ("failure", "failed"), ("error", "error")):
            if case.find(tag) is not None:
                status = found
        # A test that fails and then errs in its tear-down is written twice.
        if results.get(name) not in FAILING:
            results[name] = status
    return results


ADDRESS = re.compile(r"0x[0-9a-f]+")


def new_failures(before, after):
    """The tests that went well before and do not any more, with what they are now.
    Ids that hold addresses of objects are compared without them."""
    plain = {}
    for name, status in after.items():
        key = ADDRESS.sub("0x", name)
        if plain.get(key) not in FAILING:
            plain[key] = status
    worse = {}
    for name, status in before.items():
        now = plain.get(ADDRESS.sub("0x", name), "gone")
        if status not in FAILING and (now in FAILING or now == "gone"):
            worse[name] = now
    known = {ADDRESS.sub("0x", name) for name in before}
    for name, status in plain.items():
        if name not in known and status in FAILING:
            worse[name] = status
    return worse


def tally(results):
    count = collections.Counter(results.values())
    return "%d passed, %d failed, %d errors, %d skipped" % tuple(
        count[status] for status in ("passed", "failed", "error", "skipped"))


def cache():
    """The folder that keeps what is made once."""
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "fastpath-suites")


def fresh(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", ".git"))
    return target


def say(text):
    print(text, flush=True)


def load(path):
    with open(path) as f:
        return json.load(f)


def store(path, value):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(value, indent=1))
    beside.replace(path)


def report(title, done, before, after, worse, shaky):
    say("%s: %d imports, %d wanted elsewhere, %d moved (%s) in %d files" % (
        title, done["units"], done["wanted"], done["moved"],
        ", ".join("%s %d" % pair for pair in sorted(done["actions"].items())) or "none", done["files"]))
    say("  kept: " + (", ".join("%s %d" % pair for pair in done["kept"].items()) or "none"))
    for line in done["unproven"]:
        say("  " + line)
    if done["second_run"]:
        say("  A SECOND RUN CHANGES SOMETHING")
    say("  before: " + tally(before))
    say("  after:  " + tally(after))
    for name in sorted(shaky):
        say("  differs from run to run: " + name)
    say("  new failures: %d" % len(worse))
    for name, status in sorted(worse.items()):
        say("    %s %s" % (status, name))


def main(work):
    try:
        sys.exit(work())
    except Trouble as trouble:
        sys.exit("%s: %s" % (os.path.basename(sys.argv[0]), trouble))

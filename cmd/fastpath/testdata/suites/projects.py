"""Do other people's test suites still pass when every import has moved?

    projects.py FASTPATH [--cache DIR] [--python PYTHON] [--direction D] [PROJECT...]

For each project this fetches the source distribution, installs its released form
and what its tests need into a virtual environment, runs the suite on an untouched
copy, and again on copies in which every import sank (each module 500 ms, usage
1 %) and in which every import was hoisted (1 ms, 99 %). The evidence is what
`fastpath profile` measures, but for these figures. It prints what moved, what
stayed and why, and each test that no longer passes; such a suite runs twice, and
a test is a new failure if it fails both times.

Environments, sources, profiles and the results of untouched copies are kept in
DIR; what was done last lies in DIR/NAME. Exit 1: a test no longer passes.
"""

import argparse
import collections
import os
import pathlib
import shutil
import sys
import unittest

import trial

# What a suite needs: version of the project, further requirements, the folders
# that are import roots, how its tests are run, and files that are data although
# they are Python. A suite is run by pytest, or by unittest from a folder.
Project = collections.namedtuple("Project", "version needs roots suite data", defaults=((),))

PROJECTS = {
    "attrs": Project("26.1.0", ("cloudpickle", "hypothesis", "pympler", "pytest", "pytest-xdist"), ("src",), "tests"),
    "black": Project("26.10.1", ("pytest>=7,<9", "pytest-xdist", "aiohttp"), ("src",), "tests", ("tests/data/**",)),
    "click": Project("8.5.1", ("pytest",), ("src",), "tests"),
    "cookiecutter": Project("2.7.1", ("pytest", "pytest-cov", "pytest-mock", "freezegun"), (), "tests"),
    "docutils": Project("0.23", ("pygments", "pillow"), (), "unittest:test", ("test/data/**", "test/functional/**")),
    "fabric": Project("3.2.3", ("pytest<8", "pytest-relaxed>=2.0.1", "icecream", "setuptools<80"), (), "tests"),
    "flask": Project("3.1.3", ("pytest<9", "asgiref", "greenlet", "python-dotenv"), ("src",), "tests"),
    "google-auth": Project("2.63.0", ("google-auth[testing]", "pytest", "pytest-asyncio", "pytest-localserver", "freezegun",
                                      "responses", "flask", "mock", "oauth2client", "pyopenssl", "aioresponses"), (), "tests"),
    "httpx": Project("0.28.1", ("httpx[brotli,cli,http2,socks,zstd]", "chardet", "cryptography", "pytest", "trio",
                                "trustme", "uvicorn"), (), "tests"),
    "itsdangerous": Project("2.2.0", ("pytest", "freezegun"), ("src",), "tests"),
    "jinja2": Project("3.1.6", ("pytest", "trio"), ("src",), "tests"),
    "markdown": Project("3.11.3", ("pyyaml", "pygments"), (), "unittest:tests"),
    "mistune": Project("3.4.0", ("pytest",), ("src",), "tests"),
    "networkx": Project("3.6.1", ("pytest", "numpy", "scipy"), (), "networkx"),
    "packaging": Project("26.4", ("pytest", "hypothesis", "pretend", "tomli_w"), ("src",), "tests"),
    "pluggy": Project("1.7.0", ("pytest", "pytest-benchmark"), ("src",), "testing"),
    "requests": Project("2.34.2", ("requests[socks]", "pytest", "pytest-httpbin==2.1.0", "httpbin~=0.10.0",
                                   "pytest-mock", "trustme"), ("src",), "tests"),
    "sqlparse": Project("0.6.1", ("pytest",), (), "tests"),
    "supervisor": Project("4.3.0", ("pytest", "setuptools<80"), (), "supervisor/tests"),
    "tabulate": Project("0.10.0", ("pytest",), (), "test"),
    "tomlkit": Project("0.15.2", ("pytest", "pyyaml"), (), "tests"),
    "werkzeug": Project("3.1.9", ("cffi", "cryptography", "ephemeral-port-reserve", "pytest", "pytest-timeout", "watchdog"),
                        ("src",), "tests"),
}


class Suite:
    def __init__(self, name, options):
        self.name = name
        self.project = PROJECTS[name]
        self.binary = os.path.abspath(options.fastpath)
        self.home = pathlib.Path(options.cache, name).absolute()
        self.version = self.project.version
        self.base = options.python
        self.python = self.home / "venv" / "bin" / "python"

    def prepare(self):
        """Source, environment and profile, each made once."""
        self.home.mkdir(parents=True, exist_ok=True)
        wanted = "%s==%s" % (self.name, self.version)
        done, made = self.home / "ready", " ".join((self.base, wanted) + self.project.needs)
        self.source = self.home / "source"
        if not done.exists() or done.read_text() != made:
            for part in ("venv", "source", "archive"):
                shutil.rmtree(self.home / part, ignore_errors=True)
            for old in (done, self.home / "untouched.json"):
                old.unlink(missing_ok=True)
            trial.say("%s: fetching and installing" % wanted)
            trial.run([self.base, "-m", "venv", self.home / "venv"])
            log = self.home / "install.log"
            pip = [self.python, "-m", "pip", "--disable-pip-version-check", "-q"]
            trial.run(pip + ["install", wanted, *self.project.needs], log=log)
            trial.run(pip + ["download", "--no-deps", "--no-binary", ":all:", "-d", self.home / "archive", wanted], log=log)
            archive, = (self.home / "archive").iterdir()
            shutil.unpack_archive(archive, self.home / "unpacked")
            inner, = (self.home / "unpacked").iterdir()
            inner.rename(self.source)
            (self.home / "unpacked").rmdir()
            done.write_text(made)
        (self.source / "fastpath.toml").write_text(self.configuration())
        profile = self.home / "profile.json"
        if not profile.exists() or profile.stat().st_mtime < done.stat().st_mtime:
            trial.say("%s: profiling" % wanted)
            trial.fastpath(self.binary, self.source, "profile", "--runs", "1", "-q")
            shutil.move(self.source / ".fastpath" / "profile.json", profile)
        self.measured = trial.load(profile)

    def configuration(self):
        return "".join("%s = [%s]\n" % (key, ", ".join('"%s"' % v for v in values)) for key, values in (
            ("src", self.project.roots + (".",)), ("exclude", self.project.data)) if values) + \
            'python = "%s"\n' % self.python

    def test(self, tree, label):
        """The results of the suite in a tree."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "FASTPATH"))}
        env.update(PYTHONPATH=os.pathsep.join(str(tree / r) for r in self.project.roots or (".",)),
                   PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8",
                   VIRTUAL_ENV=str(self.home / "venv"), PATH="%s%s%s" % (self.home / "venv" / "bin", os.pathsep, os.environ["PATH"]))
        log, result = self.home / (label + ".log"), self.home / (label + ".xml")
        result.unlink(missing_ok=True)
        kind, _, folder = self.project.suite.rpartition(":")
        if kind == "unittest":
            trial.run([self.python, __file__, "--unittest", result, folder], tree, env, 900, None, log)
            return trial.load(result)
        trial.run([self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly",
                   "--junitxml", result, folder], tree, env, 900, None, log)
        if not result.exists():
            raise trial.Trouble("%s: pytest wrote no result; see %s" % (self.name, log))
        # Some tests take paths as parameters.
        return {test.replace(str(tree), "."): status for test, status in trial.junit(result).items()}

    def untouched(self):
        known = self.home / "untouched.json"
        if known.exists() and trial.load(known)["version"] == self.version:
            return trial.load(known)["results"]
        tree = trial.fresh(self.source, self.home / "untouched")
        results = self.test(tree, "untouched")
        if not any(status == "passed" for status in results.values()):
            raise trial.Trouble("%s: no test passes on the untouched copy; see %s" % (self.name, self.home / "untouched.log"))
        trial.store(known, {"version": self.version, "results": results})
        return results

    def judge(self, direction):
        before = self.untouched()
        tree = trial.fresh(self.source, self.home / direction)
        done, difference, imports = trial.rewrite(self.binary, tree, direction, self.measured)
        (self.home / (direction + ".diff")).write_bytes(difference)
        trial.store(self.home / (direction + ".plan.json"), imports)
        after = self.test(tree, direction)
        worse = trial.new_failures(before, after)
        shaky = {}
        if worse:
            again = trial.new_failures(before, self.test(tree, direction + "-again"))
            shaky = {name: s for name, s in worse.items() if name not in again}
            worse = {name: s for name, s in worse.items() if name in again}
        trial.report("%s %s %s" % (self.name, self.version, direction), done, before, after, worse, shaky)
        trial.store(self.home / (direction + ".json"), {"done": done, "worse": worse, "shaky": shaky,
                                                        "before": trial.tally(before), "after": trial.tally(after)})
        return done, worse


class Recorder(unittest.TextTestResult):
    """Notes the status of each test by its id, subtests under their test."""

    results = {}

    def note(self, test, status):
        test = getattr(test, "test_case", test)
        if self.results.get(test.id()) not in trial.FAILING:
            self.results[test.id()] = status

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "error")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped")

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.note(test, "passed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed" if issubclass(err[0], test.failureException) else "error")


def run_unittest(result, folder):
    sys.path[0] = ""  # as `python -m unittest` has it
    tests = unittest.defaultTestLoader.discover(folder)
    unittest.TextTestRunner(resultclass=Recorder, verbosity=0).run(tests)
    trial.store(result, Recorder.results)


def work():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("fastpath")
    parser.add_argument("--cache", default=trial.cache())
    parser.add_argument("--python", default="python3")
    parser.add_argument("--direction", choices=("sink-all", "hoist-all", "both"), default="both")
    parser.add_argument("project", nargs="*")
    options = parser.parse_intermixed_args()
    unknown = sorted(set(options.project) - set(PROJECTS))
    if unknown:
        raise trial.Trouble("unknown project %s; known are %s" % (", ".join(unknown), ", ".join(PROJECTS)))
    directions = (trial.SINK, trial.HOIST) if options.direction == "both" else (options.direction,)
    total = {d: collections.Counter() for d in directions}
    stopped = []
    for name in options.project or PROJECTS:
        try:
            suite = Suite(name, options)
            suite.prepare()
            for direction in directions:
                done, worse = suite.judge(direction)
                total[direction].update(projects=1, units=done["units"], wanted=done["wanted"], moved=done["moved"], worse=len(worse))
        except trial.Trouble as trouble:
            trial.say("%s: %s" % (name, trouble))
            stopped.append(name)
    for direction, count in total.items():
        trial.say("%s: %d projects, %d imports, %d wanted elsewhere, %d moved, %d new failures" % (
            direction, count["projects"], count["units"], count["wanted"], count["moved"], count["worse"]))
    if stopped:
        trial.say("not run: " + ", ".join(stopped))
    return 1 if stopped or any(count["worse"] for count in total.values()) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--unittest"]:
        run_unittest(*sys.argv[2:])
    else:
        trial.main(work)

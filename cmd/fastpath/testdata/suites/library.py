"""Do the standard library's own tests still pass when every import has moved?

    library.py FASTPATH [--cache DIR] [--python PYTHON] [--direction D] [--jobs N] [TEST...]

Copies the library of PYTHON, its tests included, runs `python -m test` with an
untouched copy in front of the path, then with copies in which every import sank
and in which every import was hoisted, and prints what moved, what stayed and why,
and each test that no longer passes. A test file in which one does is run again,
alone, and a test is a new failure if it fails both times.

Without TESTs it takes those that need neither network nor GUI, nor minutes. The
result of the untouched copy is kept in DIR. Exit 1: a test no longer passes.
"""

import argparse
import os
import pathlib
import re
import sys

import trial

# Tests that need what a machine may lack, that build something, that measure, or
# that take longer than the rest together.
PASSED_OVER = re.compile(r"""(test\.)*(
    test_asyncio\b.* | test_multiprocessing.* | test_concurrent_futures\b.* | test_gdb\b.* | test_ssl | test_socket | test_ftplib
    | test_imaplib | test_poplib | test_smtpnet | test_urllib2net | test_urllibnet | test_timeout | test_nntplib | test_httplib
    | test_idle | test_tkinter | test_ttk | test_ttk_textonly | test_turtle | test_tcl | test_curses | test_readline | test_pyrepl
    | test_cext | test_cppext | test_embed | test_ensurepip | test_venv | test_peg_generator | test_clinic | test_tools | test_c_.*
    | test_freeze_tools | test_generated_cases | test_capi | test_dtrace | test_perf_profiler | test_perfmaps | test_regrtest
    | test_bigmem | test_bigaddrspace | test_largefile | test_zipfile64 | test_mmap | test_io | test_compileall | test_unicodedata
    | test_ucn | test_codecmaps.* | test_codecencodings.* | test_subprocess | test_signal | test_threading | test_threadsignals
    | test_faulthandler | test_tracemalloc | test_buffer | test_decimal | test_pickle | test_datetime | test_statistics | test_zoneinfo
    | test_lzma | test_bz2 | test_interpreters | test__interp.* | test_external_inspection | test_xxtestfuzz | test_tokenize
    | test_monitoring | test_select | test_eintr | test_file_eintr | test_long | test_memoryview | test_re | test_sqlite3 | test_wait[34]
    | test_socketserver | test_winsound | test_ossaudiodev | test_pty | test_openpty | test_selectors | test_fork1 | test_kqueue
    | test_codecs | test_str | test_bytes | test_ctypes | test_devpoll | test_strtod | test_sys_settrace | test_android | test_longexp
    | test_ast | test_asdl_parser | test_free_threading | test_poll | test_time | test_queue | test_thread | test_math | test_int
    | test_fractions | test_hashlib | test_marshal | test_zlib | test_free_threading | test_compile | test_itertools | test_sort)""", re.X)


class Library:
    def __init__(self, options):
        self.binary = os.path.abspath(options.fastpath)
        self.home = pathlib.Path(options.cache, "library").absolute()
        self.home.mkdir(parents=True, exist_ok=True)
        self.python = options.python
        self.jobs = options.jobs
        told = trial.output([self.python, "-c", "import sys, sysconfig; print(sysconfig.get_path('stdlib')); print(sys.version)"])
        self.library, self.version = told.decode().splitlines()[:2]
        self.tests = options.test or [name for name in trial.output(
            [self.python, "-m", "test", "--list-tests"]).decode().split() if not PASSED_OVER.fullmatch(name)]

    def copy(self, name):
        """A copy of the library in DIR/NAME/Lib."""
        root = self.home / name
        trial.fresh(self.library, root / "Lib")
        for part in ("site-packages", "ensurepip/_bundled"):
            for file in sorted((root / "Lib" / part).rglob("*"), reverse=True):
                file.rmdir() if file.is_dir() and not file.is_symlink() else file.unlink()
        return root

    def run(self, root, label, tests):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FASTPATH"))}
        # Frozen modules would stand in for the copy's.
        env.update(PYTHONPATH=str(root / "Lib"), PYTHON_FROZEN_MODULES="off", PYTHONHASHSEED="0", LC_ALL="C.UTF-8")
        result, folder = self.home / (label + ".xml"), self.home / "run"
        result.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        trial.run([self.python, "-m", "test", "-j%d" % self.jobs, "--timeout", "600", "--junit-xml", result, *tests],
                  folder, env, 5400, None, self.home / (label + ".log"))
        if not result.exists():
            raise trial.Trouble("the tests wrote no result; see %s" % (self.home / (label + ".log")))
        return trial.junit(result)

    def untouched(self):
        known = self.home / "untouched.json"
        if known.exists():
            kept = trial.load(known)
            if kept["version"] == self.version and set(self.tests) <= set(kept["tests"]):
                return kept["results"]
        results = self.run(self.copy("untouched"), "untouched", self.tests)
        if sum(status == "passed" for status in results.values()) < len(self.tests):
            raise trial.Trouble("hardly a test passes on the untouched copy; see %s" % (self.home / "untouched.log"))
        trial.store(known, {"version": self.version, "tests": self.tests, "results": results})
        return results

    def judge(self, direction):
        before = self.untouched()
        root = self.copy(direction)
        (root / "Lib" / "fastpath.toml").write_text('requires-python = ">=3.13"\n')
        done, difference, imports = trial.rewrite(self.binary, root / "Lib", direction, None)
        (self.home / (direction + ".diff")).write_bytes(difference)
        trial.store(self.home / (direction + ".plan.json"), imports)
        for extra in ("fastpath.toml", ".fastpath/profile.json", ".fastpath/usage.json", ".fastpath/moves.json", ".fastpath/eager.json"):
            (root / "Lib" / extra).unlink(missing_ok=True)
        after = self.run(root, direction, self.tests)
        before = {name: status for name, status in before.items() if self.file(name) in self.asked()}
        worse, shaky = trial.new_failures(before, after), {}
        if worse:
            files = sorted({self.file(name) for name in worse} & self.asked())
            named = [name for name in self.tests if self.last(name) in files]
            again = trial.new_failures({n: s for n, s in before.items() if self.file(n) in files},
                                       self.run(root, direction + "-again", named))
            shaky = {name: s for name, s in worse.items() if name not in again}
            worse = {name: s for name, s in worse.items() if name in again}
        trial.report("library of %s, %s, %d test files" % (self.version.split()[0], direction, len(self.tests)),
                     done, before, after, worse, shaky)
        return worse

    @staticmethod
    def last(name):
        return name.rpartition(".")[2]

    def asked(self):
        return {self.last(name) for name in self.tests}

    def file(self, test):
        """The file of a test id, such as test.test_json.test_decode.TestDecode.test_x."""
        asked = self.asked()
        return next((part for part in re.split(r"\.|::|\s|\(|\)", test) if part in asked), "")


def work():
    parser = argparse.ArgumentParser(usage=__doc__.replace("%", "%%"))
    parser.add_argument("fastpath")
    parser.add_argument("--cache", default=trial.cache())
    parser.add_argument("--python", default="python3")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--direction", choices=(trial.SINK, trial.HOIST, "both"), default="both")
    parser.add_argument("test", nargs="*")
    options = parser.parse_intermixed_args()
    library = Library(options)
    directions = (trial.SINK, trial.HOIST) if options.direction == "both" else (options.direction,)
    worse = [library.judge(direction) for direction in directions]
    return 1 if any(worse) else 0


if __name__ == "__main__":
    trial.main(work)

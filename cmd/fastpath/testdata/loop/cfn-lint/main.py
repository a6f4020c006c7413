"""cfn-lint, as one event a command line."""

import contextlib
import io
import sys

import cfnlint.runner


def handler(event, context):
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["cfn-lint", *event["argv"]]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cfnlint.runner.main()
            except SystemExit as leave:
                code = leave.code
    finally:
        sys.argv = before
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    sys.exit(cfnlint.runner.main())

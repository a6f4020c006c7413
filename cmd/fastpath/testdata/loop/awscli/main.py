"""The aws command, as one event a command line."""

import contextlib
import io
import os
import sys

if os.environ.get("LC_CTYPE", "") == "UTF-8":
    os.environ["LC_CTYPE"] = "en_US.UTF-8"
import awscli.clidriver


def handler(event, context):
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = awscli.clidriver.create_clidriver().main(event["argv"])
        except SystemExit as left:  # --version, and what argparse refuses
            code = left.code
    out.flush()
    return {"code": code, "out": out.buffer.getvalue().decode(), "err": err.getvalue()}


def main():
    return awscli.clidriver.main()


if __name__ == "__main__":
    sys.exit(main())

# Runs a command on a terminal of so many columns and prints what it shows:
# terminal.py COLUMNS COMMAND...
import errno
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
child = subprocess.Popen(sys.argv[2:], stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
os.close(slave)
shown = b""
while True:
    try:
        part = os.read(master, 65536)
    except OSError as e:
        if e.errno != errno.EIO:
            raise
        break
    if not part:
        break
    shown += part
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.exit(child.wait())

"""Runs a command on a terminal and passes on what it writes; ends with its exit code.

at-terminal.py COMMAND...   SIGINT: a person presses Ctrl-C.   SIGHUP: the window is closed.
"""
import os, pty, signal, sys

pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])

signal.signal(signal.SIGINT, lambda *_: os.write(master, b"\x03"))
signal.signal(signal.SIGHUP, lambda *_: os.close(master))
while True:
    try:
        data = os.read(master, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)

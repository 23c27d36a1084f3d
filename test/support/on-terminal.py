"""Runs a command on a terminal of a given size, which changes each time that a live line is drawn.

on-terminal.py WIDTH[,WIDTH...] COMMAND...  prints JSON: a list of [columns, what was written while the terminal had them].
"""
import fcntl, json, os, pty, struct, sys, termios

widths = [int(width) for width in sys.argv[1].split(",")]
pid, master = pty.fork()
if pid == 0:
    # The parent sets the size before it lets the command begin.
    sys.stdin.readline()
    os.execvp(sys.argv[2], sys.argv[2:])

def resize(columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

seen = []
def begin(columns):
    resize(columns)
    seen.append([columns, ""])

begin(widths.pop(0))
os.write(master, b"\n")
while True:
    try:
        data = os.read(master, 65536)
    except OSError:
        break
    if not data:
        break
    seen[-1][1] += data.decode()
    if widths and "\x1b[2K" in seen[-1][1]:
        begin(widths.pop(0))
os.waitpid(pid, 0)
print(json.dumps(seen))

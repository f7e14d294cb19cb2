import os
import sys

from ebpm import PmError, call, open_and_run

target, name, ends = sys.argv[1:]
print("version", call("version")["version"])
run = open_and_run("/bin/sh", "-c", "echo one; echo two; exit 7")
for line in run:
    print("line", line)
print("end", run.stop()["code"], run.kind)
with open_and_run("/bin/sh", "-c", "echo begun; exec sleep 1000") as run:
    print("line", next(run))
print("end", run.stop()["code"], run.stop()["lost"])
try:
    open_and_run("./nowhere", strict=True)
except PmError as error:
    print("refused", error.code, error.exit)
for _ in range(2):
    try:
        run = open_and_run(target, "--pid", str(os.getpid()))
        print("attached", *run.programs)
        try:
            open(name)
        except FileNotFoundError:
            pass
        event = next(e for e in run if e["name"] == name)
        print("event", event["pid"] == os.getpid())
        print("end", run.stop()["code"], run.stop()["lost"])
    except PmError as error:
        print("refused", error.code, error.exit)
os.environ["PM_EXECUTABLE"] = ends
print("end", open_and_run("said").stop()["code"])
for executable, what in (ends, "unsaid"), ("pm-is-not-there", "said"), ("/pm-is-not-there", "said"):
    os.environ["PM_EXECUTABLE"] = executable
    try:
        open_and_run(what).stop()
    except PmError as error:
        print("refused", error.code, error.exit)

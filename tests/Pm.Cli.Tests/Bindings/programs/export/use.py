import os
import sys

import ebpm_opens

try:
    with ebpm_opens.open_and_run("--pid", str(os.getpid())) as run:
        print("attached", *run.programs)
        os.path.exists(sys.argv[1])
        try:
            open(sys.argv[1])
        except FileNotFoundError:
            pass
        print("event", any(event["name"] == sys.argv[1] for event in run))
except ebpm_opens.PmError as error:
    print("refused", error.code)

import os
import sys

import ebpm
from ebpm import PmError

target, name, project = sys.argv[1:]
ebpm.pull()
print("search", *(p["name"] + " " + p["version"] for p in ebpm.search("hello")))
print("install", *(p["name"] for p in ebpm.install("hello", allowUnsigned=True)["packages"]))
print("list", *(p["name"] for p in ebpm.list_packages()))
print("info", ebpm.info("hello")["version"])
print("check", *(p["name"] for p in ebpm.check(target)["objects"][0]["programs"]))
print("update", len(ebpm.update("hello")["packages"]))
print("get", *(c["name"] for c in ebpm.get("hello", project=project, allowUnsigned=True)["changes"]))
print("remove", *(p["name"] for p in ebpm.remove("hello")["packages"]))
print("list", *(p["name"] for p in ebpm.list_packages()))
print("version", ebpm.version() == ebpm.call("version")["version"])
try:
    ebpm.install("pm-nowhere")
except PmError as error:
    print("refused", error.code, error.exit)
try:
    started = ebpm.run_detached(target, "--pid", str(os.getpid()))
except PmError as error:
    print("refused", error.code, error.exit)
    sys.exit()
print("detached", *started["programs"])
try:
    open(name)
except FileNotFoundError:
    pass
print("ps", sum(r["name"] == started["name"] for r in ebpm.ps()))
run = ebpm.logs(started["name"])
print("event", any([e["name"] == name and e["pid"] == os.getpid() for e in run]))
print("end", run.stop()["code"], run.lost, run.name == started["name"])
print("stop", ebpm.stop(started["name"]) == [started["name"]])
try:
    ebpm.stop(started["name"])
except PmError as error:
    print("refused", error.code, error.exit)

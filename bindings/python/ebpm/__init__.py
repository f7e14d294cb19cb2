"""Run eBPF objects and programs through pm, which is all that is needed.

    with open_and_run("opensnoop") as run:
        for event in run:
            print(event)
"""

import collections
import json
import os
import subprocess

__all__ = [
    "PmError", "Run", "call", "check", "get", "info", "install", "list_packages", "logs", "open_and_run", "ps", "pull", "remove", "run_detached", "search", "stop",
    "stop_all", "update", "version",
]


class PmError(Exception):
    """What pm refuses. `code` is "PMnnnn", which `pm explain` explains; `hint` what helps, often a command in backquotes, or None; `exit` what pm would have ended with."""

    def __init__(self, message, code="PM0001", hint=None, exit=1):
        super().__init__(message if hint is None else f"{message} [{code}] (hint: {hint})")
        self.message, self.code, self.hint, self.exit = message, code, hint, exit


class _Session:
    """A `pm rpc` of its own."""

    def __init__(self):
        executable = os.environ.get("PM_EXECUTABLE") or "pm"
        try:
            self._process = subprocess.Popen([executable, "rpc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise PmError(f"{executable}: {error.strerror}", "PM0008", "install pm, or name it in PM_EXECUTABLE", 4) from None
        self._last = 0

    def send(self, method, parameters):
        self._last += 1
        given = {name: value for name, value in parameters.items() if value is not None}
        line = json.dumps({"jsonrpc": "2.0", "id": self._last, "method": method, "params": given})
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # The end of what it says tells more.
        return self._last

    def receive(self):
        line = self._process.stdout.readline()
        if not line:
            raise PmError("pm ended and did not say why", "PM8081")
        return json.loads(line)

    def answer(self, number, other=lambda message: None):
        """Waits for an answer; all that comes before it is given to `other`."""
        while True:
            message = self.receive()
            if "method" in message or message["id"] != number:
                other(message)
            elif "error" in message:
                error = message["error"]
                data = error.get("data") or {}
                raise PmError(error["message"], data.get("code", "PM1002"), data.get("hint"), data.get("exit", 2))
            else:
                return message["result"]

    def close(self):
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # What pm did not take any more.
        if self._process.poll() is None:
            for _ in self._process.stdout:
                pass
            self._process.wait()
        self._process.stdout.close()


class Run:
    """Something that runs. Iterate over it: the events of an object (dict), or the lines of a program (str)."""

    def __init__(self, method, parameters):
        self._events, self._end, self._session = collections.deque(), None, _Session()
        #: What is told besides, a list of lines.
        self.log = []
        #: How many events were lost, as far as it was told up to now.
        self.lost = 0
        try:
            self._about = self._session.answer(self._session.send(method, parameters))
        except BaseException:
            self._session.close()
            raise

    @property
    def kind(self):
        """"object" or "program"."""
        return self._about["kind"]

    @property
    def name(self):
        """Of `logs`, what is read: "opensnoop/1"; else None."""
        return self._about.get("name")

    @property
    def programs(self):
        """The eBPF programs that are attached."""
        return self._about.get("programs", [])

    @property
    def refused(self):
        """What the kernel refused of the object: `code`, `message`, `hint`."""
        return self._about.get("refused", [])

    def stop(self):
        """Detaches it; how it ended: `code`, `lost`."""
        if self._end is None:
            try:
                self._session.answer(self._session.send("stop", {"id": self._about["id"]}), self._take)
            except PmError as error:
                # It ended by itself meanwhile, or pm did with it: ^C at a terminal reaches both.
                if self._end is None or error.code not in ("PM8081", "PM8082"):
                    raise
            self._session.close()
        return self._end

    def __iter__(self):
        return self

    def __next__(self):
        while not self._events:
            if self._end is not None:
                self._session.close()
                raise StopIteration
            self._take(self._session.receive())
        return self._events.popleft()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _take(self, message):
        parameters = message.get("params", {})
        method = message.get("method")
        if method == "event":
            self._events.append(parameters["data"])
        elif method == "output":
            self._events.append(parameters["text"])
        elif method == "log":
            self.log.append(parameters["text"])
        elif method == "lost":
            self.lost = parameters["lost"]
        elif method == "end":
            self.lost = parameters["lost"]
            self._end = {name: parameters.get(name) for name in ("code", "lost")}


def open_and_run(target, *arguments, **options):
    """Runs an eBPF object or a program, by name, path or URL; returns when it is attached. Options are those of docs/rpc.md: duration="5s", strict=True."""
    return Run("run", {"target": target, "arguments": list(arguments), **options})


def run_detached(target, *arguments, **options):
    """Runs an eBPF object that goes on when this program has ended: its `name`, `programs`, `refused`. `logs` reads its events, `stop` ends it."""
    return call("run", target=target, arguments=list(arguments), detach=True, **options)


def ps():
    """What runs on its own, a list: `name`, `object`, `since`, `programs`, `maps`."""
    return call("ps")["running"]


def logs(name, **options):
    """Reads the events of what runs on its own: those that wait, with follow=True those that come, too. Stopping that ends the reading alone."""
    return Run("logs", {"name": name, **options})


def stop(*names, **options):
    """Ends what runs on its own: the names of what it was."""
    return call("stop", names=list(names), **options)["names"]


def stop_all(**options):
    """Ends all that runs on its own: the names of what it was."""
    return call("stop", all=True, **options)["names"]


def list_packages(**options):
    """What is installed, a list: `name`, `version`, `hash` …"""
    return call("list", **options)["packages"]


def search(*words, **options):
    """What the remotes offer, a list, the best first; limit=5 for no more."""
    return call("search", words=list(words), **options)["packages"]


def info(package, **options):
    """All that is known of a package."""
    return call("info", package=package, **options)["packages"][0]


def check(*packages, **options):
    """Whether a kernel would run the eBPF objects of packages, or objects; kernel="web1" for another machine's."""
    return call("check", packages=list(packages), **options)


def pull(*remotes, **options):
    """Fetches the newest lists of the remotes; all where none is named."""
    return call("pull", remotes=list(remotes), **options)


def install(*packages, **options):
    """Installs packages by name, file or URL: what changed."""
    return call("install", packages=list(packages), **options)


def update(*packages, **options):
    """Updates packages; all where none is named: what changed."""
    return call("update", packages=list(packages), **options)


def remove(*packages, **options):
    """Removes packages: what changed."""
    return call("remove", packages=list(packages), **options)


def get(*packages, **options):
    """Takes packages into the project of the working directory, or into that in project="DIR"."""
    return call("get", packages=list(packages), **options)


def version():
    """The version of pm."""
    return call("version")["version"]


def call(method, **parameters):
    """Any method of docs/rpc.md as it stands there: call("list"), call("install", packages="opensnoop")."""
    session = _Session()
    try:
        return session.answer(session.send(method, parameters))
    finally:
        session.close()

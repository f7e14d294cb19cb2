"""Run eBPF objects and programs through pm, which is all that is needed.

    with open_and_run("execsnoop") as run:
        for event in run:
            print(event)
"""

import collections
import json
import os
import subprocess

__all__ = ["PmError", "Run", "call", "open_and_run"]


class PmError(Exception):
    """What pm refuses. `code` is "PMnnnn", which `pm explain` explains; `hint` a command that helps, or None; `exit` what pm would have ended with."""

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
        if self._process.poll() is None:
            self._process.stdin.close()
            for _ in self._process.stdout:
                pass
            self._process.wait()
        self._process.stdout.close()


class Run:
    """Something that runs. Iterate over it: the events of an object (dict), or the lines of a program (str)."""

    def __init__(self, target, arguments, options):
        self._events, self._end, self._session = collections.deque(), None, _Session()
        #: What is told besides, a list of lines.
        self.log = []
        try:
            parameters = {"target": target, "arguments": list(arguments), **options}
            self._about = self._session.answer(self._session.send("run", parameters))
        except BaseException:
            self._session.close()
            raise

    @property
    def kind(self):
        """"object" or "program"."""
        return self._about["kind"]

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
                if self._end is None or error.code != "PM8082":  # It ended by itself meanwhile.
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
        elif method == "end":
            self._end = {name: parameters.get(name) for name in ("code", "lost")}


def open_and_run(target, *arguments, **options):
    """Runs an eBPF object or a program, by name, path or URL; returns when it is attached. Options are those of docs/rpc.md: duration="5s", strict=True."""
    return Run(target, arguments, options)


def call(method, **parameters):
    """Any other method of docs/rpc.md: call("list"), call("install", packages="execsnoop")."""
    session = _Session()
    try:
        return session.answer(session.send(method, parameters))
    finally:
        session.close()

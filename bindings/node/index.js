'use strict';
// Runs eBPF objects and programs through pm, which is all that is needed.
//
//   const run = await openAndRun('execsnoop');
//   for await (const event of run) console.log(event);
//   await run.stop();

const { spawn } = require('node:child_process');

/** What pm refuses: `code` is "PMnnnn", which `pm explain` explains; `hint` a command that helps, or null; `exit` what pm would have ended with. */
class PmError extends Error {
  constructor(message, code = 'PM0001', hint = null, exit = 1) {
    super(message);
    this.name = 'PmError';
    Object.assign(this, { code, hint, exit });
  }
}

/** A `pm rpc` of its own. */
class Session {
  constructor(tell = () => {}, over = () => {}) {
    this.waiting = new Map();
    this.last = 0;
    this.tell = tell;
    const executable = process.env.PM_EXECUTABLE || 'pm';
    this.child = spawn(executable, ['rpc'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.closed = new Promise((resolve) => {
      const end = (error) => {
        this.isOver = true;
        for (const { reject } of this.waiting.values()) reject(error);
        this.waiting.clear();
        over(error);
        resolve();
      };
      this.child.on('error', (e) => end(new PmError(e.message, 'PM0008', 'install pm, or name it in PM_EXECUTABLE', 4)));
      this.child.on('close', () => end(new PmError('pm ended and did not say why', 'PM8081')));
    });
    this.child.stdin.on('error', () => {}); // The end of what it says tells more.
    let parts = [];
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = text.split('\n');
      parts.push(lines[0]);
      for (let i = 1; i < lines.length; i++) {
        this.take(JSON.parse(parts.join('')));
        parts = [lines[i]];
      }
    });
  }

  take(message) {
    const asked = message.method === undefined && this.waiting.get(message.id);
    if (!asked) {
      this.tell(message);
      return;
    }
    this.waiting.delete(message.id);
    if (message.error) {
      const data = message.error.data || {};
      asked.reject(new PmError(message.error.message, data.code || 'PM1002', data.hint ?? null, data.exit ?? 2));
    } else {
      asked.resolve(message.result);
    }
  }

  call(method, params = {}) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      if (this.isOver) {
        reject(new PmError('pm ended and did not say why', 'PM8081'));
        return;
      }
      this.waiting.set(id, { resolve, reject });
      this.child.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
    });
  }

  async close() {
    this.child.stdout.resume();
    this.child.stdin.end();
    await this.closed;
  }
}

/** So many events are kept for who is slow; then pm is read no further, and the kernel counts what is lost. */
const MOST_HELD = 65536;

/** Something that runs. Iterate over it: the events of an object, or the lines of a program. */
class Run {
  constructor() {
    this.log = [];
    this.held = [];
    this.wake = () => {};
    this.session = new Session((message) => this.take(message), (error) => this.over(error));
  }

  /** How it ended: `code`, `lost`. Events that were told before can still be iterated over. */
  async stop() {
    if (!this.end) {
      this.isStopping = true;
      this.session.child.stdout.resume();
      try {
        await this.session.call('stop', { id: this.id });
      } catch (error) {
        if (!this.end) throw error; // Else it ended by itself meanwhile.
      }
    }
    await this.session.close();
    return this.end;
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.held.length > 0) {
        const events = this.held;
        this.held = [];
        if (!this.end) this.session.child.stdout.resume();
        while (events.length > 0) {
          const event = events.shift();
          let isTaken = false;
          try {
            isTaken = true;
            yield event;
            isTaken = false;
          } finally {
            if (isTaken) this.held = events.concat(this.held); // Who leaves the loop may come back.
          }
        }
      }
      if (this.end) break;
      if (this.error) throw this.error;
      await new Promise((resolve) => { this.wake = resolve; });
    }
    await this.session.close();
  }

  take({ method, params }) {
    if (method === 'event') this.held.push(params.data);
    else if (method === 'output') this.held.push(params.text);
    else if (method === 'log') this.log.push(params.text);
    else if (method === 'end') this.end = { code: params.code, lost: params.lost };
    if (this.held.length >= MOST_HELD && !this.isStopping && !this.end) this.session.child.stdout.pause();
    this.wake();
  }

  over(error) {
    this.error = error;
    this.wake();
  }
}

/** Runs an eBPF object or a program, by name, path or URL; resolves when it is attached. The options are those of docs/rpc.md: { duration: '5s' }. */
async function openAndRun(target, args = [], options = {}) {
  const run = new Run();
  try {
    const { id, kind, programs = [], refused = [] } = await run.session.call('run', { target, arguments: args, ...options });
    return Object.assign(run, { id, kind, programs, refused });
  } catch (error) {
    await run.session.close();
    throw error;
  }
}

/** Any other method of docs/rpc.md: call('install', { packages: 'execsnoop' }). */
async function call(method, params = {}) {
  const session = new Session();
  try {
    return await session.call(method, params);
  } finally {
    await session.close();
  }
}

module.exports = { openAndRun, call, PmError };

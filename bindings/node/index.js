'use strict';
// Runs eBPF objects and programs through pm, which is all that is needed.
//
//   const run = await openAndRun('opensnoop');
//   for await (const event of run) console.log(event);
//   await run.stop();

const { spawn } = require('node:child_process');

/** What pm refuses: `code` is "PMnnnn", which `pm explain` explains; `hint` what helps, often a command in backquotes, or null; `exit` what pm would have ended with. */
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

/** Something that runs. Iterate over it: the events of an object, or the lines of a program. `lost` is how many events were lost, as far as it was told up to now. */
class Run {
  constructor() {
    this.log = [];
    this.lost = 0;
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
        if (!this.end) throw error; // Else it ended by itself meanwhile, or pm did with it: ^C at a terminal reaches both.
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
    else if (method === 'lost') this.lost = params.lost;
    else if (method === 'end') {
      this.lost = params.lost;
      this.end = { code: params.code, lost: params.lost };
    }
    if (this.held.length >= MOST_HELD && !this.isStopping && !this.end) this.session.child.stdout.pause();
    this.wake();
  }

  over(error) {
    this.error = error;
    this.wake();
  }
}

/** Runs an eBPF object or a program, by name, path or URL; resolves when it is attached. The options are those of docs/rpc.md: { duration: '5s' }. */
function openAndRun(target, ...rest) {
  return begin('run', { target, ...parameters(rest) });
}

/** Arguments one by one or as an array, and behind them the options. */
function parameters(rest) {
  const options = rest.length > 0 && typeof rest.at(-1) === 'object' && !Array.isArray(rest.at(-1)) ? rest.pop() : {};
  return { arguments: rest.flat().map(String), ...options };
}

async function begin(method, params) {
  const run = new Run();
  try {
    const { id, kind, programs = [], refused = [], name } = await run.session.call(method, params);
    return Object.assign(run, { id, kind, programs, refused, name });
  } catch (error) {
    await run.session.close();
    throw error;
  }
}

/** Runs an eBPF object that goes on when this program has ended; resolves to its `name`, `programs`, `refused`. `logs` reads its events, `stop` ends it. */
const runDetached = (target, ...rest) => call('run', { target, detach: true, ...parameters(rest) });

/** What runs on its own: `name`, `object`, `since`, `programs`, `maps` of each. */
const ps = async () => (await call('ps')).running;

/** Reads the events of what runs on its own: those that wait, with { follow: true } those that come, too. Stopping that ends the reading alone. */
const logs = (name, options = {}) => begin('logs', { name, ...options });

/** Ends what runs on its own, one name or several; resolves to the names of what it was. */
const stop = async (names, options = {}) => (await call('stop', { names, ...options })).names;

/** Ends all that runs on its own; resolves to the names of what it was. */
const stopAll = async (options = {}) => (await call('stop', { all: true, ...options })).names;

/** What is installed: `name`, `version`, `hash` … of each. */
const listPackages = async (options = {}) => (await call('list', options)).packages;

/** What the remotes offer, the best first; { limit: 5 } for no more. */
const search = async (words, options = {}) => (await call('search', { words, ...options })).packages;

/** All that is known of a package. */
const info = async (name, options = {}) => (await call('info', { package: name, ...options })).packages[0];

/** Whether a kernel would run the eBPF objects of packages, or objects; { kernel: 'web1' } for another machine's. */
const check = (packages, options = {}) => call('check', { packages, ...options });

/** Fetches the newest lists of the remotes; all where none is named. */
const pull = (remotes = [], options = {}) => call('pull', { remotes, ...options });

/** Installs packages by name, file or URL, one or several; resolves to what changed. */
const install = (packages, options = {}) => call('install', { packages, ...options });

/** Updates packages; all where none is named. */
const update = (packages = [], options = {}) => call('update', { packages, ...options });

/** Removes packages. */
const remove = (packages, options = {}) => call('remove', { packages, ...options });

/** Takes packages into the project of the working directory, or into that in { project: 'DIR' }. */
const get = (packages, options = {}) => call('get', { packages, ...options });

/** The version of pm. */
const version = async () => (await call('version')).version;

/** Any method of docs/rpc.md as it stands there: call('install', { packages: 'opensnoop' }). */
async function call(method, params = {}) {
  const session = new Session();
  try {
    return await session.call(method, params);
  } finally {
    await session.close();
  }
}

module.exports = {
  openAndRun, runDetached, ps, logs, stop, stopAll,
  listPackages, search, info, check, pull, install, update, remove, get, version,
  call, PmError,
};

const { openAndRun, call, PmError } = require('ebpm');
const fs = require('node:fs');

const [target, name, ends] = process.argv.slice(2);

async function main() {
  console.log('version', (await call('version')).version);
  let run = await openAndRun('/bin/sh', ['-c', 'echo one; echo two; exit 7']);
  for await (const line of run) console.log('line', line);
  console.log('end', (await run.stop()).code, run.kind);
  run = await openAndRun('/bin/sh', ['-c', 'echo begun; exec sleep 1000']);
  for await (const line of run) {
    console.log('line', line);
    break;
  }
  console.log('end', (await run.stop()).code, (await run.stop()).lost);
  try {
    await openAndRun('./nowhere', [], { strict: true });
  } catch (error) {
    console.log('refused', error.code, error.exit);
  }
  for (let i = 0; i < 2; i++) {
    try {
      run = await openAndRun(target, ['--pid', String(process.pid)]);
      console.log('attached', ...run.programs);
      fs.existsSync(name);
      try { fs.openSync(name); } catch { /* It is not there. */ }
      for await (const event of run) {
        if (event.name === name) {
          console.log('event', event.pid === process.pid ? 'True' : 'False');
          break;
        }
      }
      console.log('end', (await run.stop()).code, (await run.stop()).lost);
    } catch (error) {
      if (!(error instanceof PmError)) throw error;
      console.log('refused', error.code, error.exit);
    }
  }
  process.env.PM_EXECUTABLE = ends;
  console.log('end', (await (await openAndRun('said')).stop()).code);
  for (const [executable, what] of [[ends, 'unsaid'], ['pm-is-not-there', 'said'], ['/pm-is-not-there', 'said']]) {
    process.env.PM_EXECUTABLE = executable;
    try {
      await (await openAndRun(what)).stop();
    } catch (error) {
      console.log('refused', error.code, error.exit);
    }
  }
}

main();

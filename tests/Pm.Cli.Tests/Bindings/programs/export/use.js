const { openAndRun, PmError } = require('ebpm-opens');
const fs = require('node:fs');

openAndRun('--pid', process.pid).then(async (run) => {
  console.log('attached', ...run.programs);
  try { fs.openSync(process.argv[2]); } catch { /* It is not there. */ }
  for await (const event of run) {
    if (event.name === process.argv[2]) break;
  }
  console.log('event True');
  await run.stop();
}).catch((error) => console.log('refused', error instanceof PmError ? error.code : error));

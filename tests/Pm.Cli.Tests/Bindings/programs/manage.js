const ebpm = require('ebpm');
const fs = require('node:fs');

const [target, name, project] = process.argv.slice(2);
const names = (all) => all.map((one) => one.name).join(' ');
const said = (is) => (is ? 'True' : 'False');

async function refused(what) {
  try {
    return await what();
  } catch (error) {
    if (!(error instanceof ebpm.PmError)) throw error;
    console.log('refused', error.code, error.exit);
    return null;
  }
}

async function main() {
  await ebpm.pull();
  const found = await ebpm.search('hello');
  console.log('search', names(found), found[0].version);
  console.log('install', names((await ebpm.install('hello', { allowUnsigned: true })).packages));
  console.log('list', names(await ebpm.listPackages()));
  console.log('info', (await ebpm.info('hello')).version);
  console.log('check', names((await ebpm.check(target)).objects[0].programs));
  console.log('update', (await ebpm.update('hello')).packages.length);
  console.log('get', names((await ebpm.get(['hello'], { project, allowUnsigned: true })).changes));
  console.log('remove', names((await ebpm.remove('hello')).packages));
  console.log(`list ${names(await ebpm.listPackages())}`.trimEnd());
  console.log('version', said(await ebpm.version() === (await ebpm.call('version')).version));
  await refused(() => ebpm.install('pm-nowhere'));
  const started = await refused(() => ebpm.runDetached(target, ['--pid', String(process.pid)]));
  if (!started) return;
  console.log('detached', ...started.programs);
  try { fs.openSync(name); } catch { /* It is not there. */ }
  console.log('ps', (await ebpm.ps()).filter((r) => r.name === started.name).length);
  const run = await ebpm.logs(started.name);
  let isTold = false;
  for await (const event of run) isTold ||= event.name === name && event.pid === process.pid;
  console.log('event', said(isTold));
  console.log('end', (await run.stop()).code, run.lost, said(run.name === started.name));
  const stopped = await ebpm.stop(started.name);
  console.log('stop', said(stopped.length === 1 && stopped[0] === started.name));
  await refused(() => ebpm.stop(started.name));
}

main();

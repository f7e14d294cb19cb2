<?php

require getenv('EBPM_PHP');

function names(array $all): string
{
    return implode(' ', array_column($all, 'name'));
}

function refused(callable $what): mixed
{
    try {
        return $what();
    } catch (Ebpm\PmError $e) {
        echo "refused $e->pmCode {$e->getCode()}\n";
        return null;
    }
}

function said(bool $is): string
{
    return $is ? 'True' : 'False';
}

[, $target, $name, $project] = $argv;
Ebpm\pull();
$found = Ebpm\search('hello');
echo 'search ', names($found), " {$found[0]['version']}\n";
echo 'install ', names(Ebpm\install('hello', ['allowUnsigned' => true])['packages']), "\n";
echo 'list ', names(Ebpm\list_packages()), "\n";
echo 'info ', Ebpm\info('hello')['version'], "\n";
echo 'check ', names(Ebpm\check($target)['objects'][0]['programs']), "\n";
echo 'update ', count(Ebpm\update('hello')['packages']), "\n";
echo 'get ', names(Ebpm\get(['hello'], ['project' => $project, 'allowUnsigned' => true])['changes']), "\n";
echo 'remove ', names(Ebpm\remove('hello')['packages']), "\n";
echo rtrim('list ' . names(Ebpm\list_packages())), "\n";
echo 'version ', said(Ebpm\version() === Ebpm\call('version')['version']), "\n";
refused(fn () => Ebpm\install('pm-nowhere'));
$started = refused(fn () => Ebpm\run_detached($target, ['--pid', (string) getmypid()])) ?? exit;
echo 'detached ', implode(' ', $started['programs']), "\n";
@fopen($name, 'r');
echo 'ps ', count(array_filter(Ebpm\ps(), fn ($r) => $r['name'] === $started['name'])), "\n";
$run = Ebpm\logs($started['name']);
$isTold = false;
foreach ($run as $event) {
    $isTold = $isTold || ($event['name'] === $name && $event['pid'] === getmypid());
}
echo 'event ', said($isTold), "\n";
echo 'end ', $run->stop()['code'], " $run->lost ", said($run->name === $started['name']), "\n";
echo 'stop ', said(Ebpm\stop($started['name']) === [$started['name']]), "\n";
refused(fn () => Ebpm\stop($started['name']));

<?php

require getenv('EBPM_PHP');

[, $target, $name, $ends] = $argv;
echo 'version ', Ebpm\call('version')['version'], "\n";
$run = Ebpm\open_and_run('/bin/sh', ['-c', 'echo one; echo two; exit 7']);
foreach ($run as $line) {
    echo "line $line\n";
}
echo 'end ', $run->stop()['code'], " $run->kind\n";
$run = Ebpm\open_and_run('/bin/sh', ['-c', 'echo begun; exec sleep 1000']);
echo 'line ', $run->next(), "\n";
echo 'end ', $run->stop()['code'], ' ', $run->stop()['lost'], "\n";
try {
    Ebpm\open_and_run('./nowhere', [], ['strict' => true]);
} catch (Ebpm\PmError $e) {
    echo "refused $e->pmCode {$e->getCode()}\n";
}
for ($i = 0; $i < 2; $i++) {
    try {
        $run = Ebpm\open_and_run($target, ['--pid', (string) getmypid()]);
        echo 'attached ', implode(' ', $run->programs), "\n";
        @fopen($name, 'r');
        foreach ($run as $event) {
            if ($event['name'] === $name) {
                echo 'event ', $event['pid'] === getmypid() ? 'True' : 'False', "\n";
                break;
            }
        }
        echo 'end ', $run->stop()['code'], ' ', $run->stop()['lost'], "\n";
    } catch (Ebpm\PmError $e) {
        echo "refused $e->pmCode {$e->getCode()}\n";
    }
}
putenv("PM_EXECUTABLE=$ends");
echo 'end ', Ebpm\open_and_run('said')->stop()['code'], "\n";
foreach ([[$ends, 'unsaid'], ['pm-is-not-there', 'said'], ['/pm-is-not-there', 'said']] as [$executable, $what]) {
    putenv("PM_EXECUTABLE=$executable");
    try {
        Ebpm\open_and_run($what)->stop();
    } catch (Ebpm\PmError $e) {
        echo "refused $e->pmCode {$e->getCode()}\n";
    }
}

<?php

declare(strict_types=1);

namespace Ebpm;

// Runs eBPF objects and programs through pm, which is all that is needed.
//
//   $run = open_and_run('opensnoop');
//   foreach ($run as $event) { print_r($event); }
//   $run->stop();

/** What pm refuses. $pmCode is "PMnnnn", which `pm explain` explains; $hint what helps, often a command in backquotes, or null; the exception's code is what pm would have ended with. */
final class PmError extends \RuntimeException
{
    public function __construct(string $message, public readonly string $pmCode = 'PM0001', public readonly ?string $hint = null, int $exit = 1)
    {
        parent::__construct($message, $exit);
    }
}

/** A `pm rpc` of its own. @internal */
final class Session
{
    /** @var resource|null */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];
    private int $last = 0;

    public function __construct()
    {
        $executable = getenv('PM_EXECUTABLE') ?: 'pm';
        $path = self::find($executable);
        $process = $path === null ? false : @proc_open([$path, 'rpc'], [0 => ['pipe', 'r'], 1 => ['pipe', 'w']], $this->pipes);
        if (!is_resource($process)) {
            throw new PmError("$executable: cannot be started", 'PM0008', 'install pm, or name it in PM_EXECUTABLE', 4);
        }
        $this->process = $process;
    }

    public function __destruct()
    {
        $this->close();
    }

    /** Where the executable is, as execvp() looks for it; null: nowhere. proc_open() does not say so: it gives a process, which then fails. */
    private static function find(string $name): ?string
    {
        $folders = str_contains($name, '/') ? [null] : explode(':', getenv('PATH') ?: '/bin:/usr/bin');
        foreach ($folders as $folder) {
            $path = $folder === null ? $name : ($folder === '' ? '.' : $folder) . "/$name";
            if (is_file($path) && is_executable($path)) {
                return $path;
            }
        }
        return null;
    }

    /** @param array<string, mixed> $parameters */
    public function send(string $method, array $parameters): int
    {
        $line = json_encode(['jsonrpc' => '2.0', 'id' => ++$this->last, 'method' => $method, 'params' => (object) $parameters], JSON_THROW_ON_ERROR);
        @fwrite($this->pipes[0], $line . "\n"); // Where it is gone, the end of what it says tells more.
        return $this->last;
    }

    /** @return array<string, mixed> */
    public function receive(): array
    {
        // What handles a signal may stop the run while this waits, and then needs what pm has said: so nothing is taken out of the pipe before something is there.
        if ($this->process !== null) {
            [$ready, $none] = [[$this->pipes[1]], null];
            @stream_select($ready, $none, $none, null);
        }
        $line = $this->process === null ? false : fgets($this->pipes[1]);
        if ($line === false) {
            throw new PmError('pm ended and did not say why', 'PM8081');
        }
        return json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    }

    /** Waits for an answer; all that comes before it is given to $other. */
    public function answer(int $number, ?callable $other = null): mixed
    {
        for (;;) {
            $message = $this->receive();
            if (isset($message['method']) || $message['id'] !== $number) {
                if ($other !== null) {
                    $other($message);
                }
            } elseif (isset($message['error'])) {
                $data = $message['error']['data'] ?? [];
                throw new PmError($message['error']['message'], $data['code'] ?? 'PM1002', $data['hint'] ?? null, $data['exit'] ?? 2);
            } else {
                return $message['result'];
            }
        }
    }

    public function close(): void
    {
        if ($this->process !== null) {
            fclose($this->pipes[0]);
            while (fgets($this->pipes[1]) !== false) {
            }
            fclose($this->pipes[1]);
            proc_close($this->process);
            $this->process = null;
        }
    }
}

/**
 * Something that runs. Iterate over it: the events of an object (array), or the lines of a program (string).
 *
 * @implements \IteratorAggregate<int, array<string, mixed>|string>
 */
final class Run implements \IteratorAggregate
{
    public readonly int $id;
    /** "object" or "program". */
    public readonly string $kind;
    /** The eBPF programs that are attached. */
    public readonly array $programs;
    /** What the kernel refused of the object: code, message, hint. */
    public readonly array $refused;
    /** Of logs(), what is read: "opensnoop/1"; else null. */
    public readonly ?string $name;
    /** What is told besides, lines. */
    public array $log = [];
    /** How many events were lost, as far as it was told up to now. */
    public int $lost = 0;
    private array $events = [];
    private ?array $end = null;

    /** @internal */
    public function __construct(private Session $session, string $method, array $parameters)
    {
        $about = $session->answer($session->send($method, $parameters));
        $this->id = $about['id'];
        $this->kind = $about['kind'];
        $this->programs = $about['programs'] ?? [];
        $this->refused = $about['refused'] ?? [];
        $this->name = $about['name'] ?? null;
    }

    /** The next event or line; null when it has ended. */
    public function next(): array|string|null
    {
        while ($this->events === []) {
            if ($this->end !== null) {
                $this->session->close();
                return null;
            }
            try {
                $this->take($this->session->receive());
            } catch (PmError $e) {
                if ($this->end === null) { // Else what handles a signal has stopped it meanwhile.
                    throw $e;
                }
            }
        }
        return array_shift($this->events);
    }

    public function getIterator(): \Generator
    {
        while (($event = $this->next()) !== null) {
            yield $event;
        }
    }

    /** Detaches it; how it ended: code, lost. Events that were told before can still be iterated over. */
    public function stop(): array
    {
        if ($this->end === null) {
            try {
                $this->session->answer($this->session->send('stop', ['id' => $this->id]), $this->take(...));
            } catch (PmError $e) {
                // It ended by itself meanwhile, or pm did with it: ^C at a terminal reaches both.
                if ($this->end === null || !in_array($e->pmCode, ['PM8081', 'PM8082'], true)) {
                    throw $e;
                }
            }
            $this->session->close();
        }
        return $this->end;
    }

    private function take(array $message): void
    {
        $parameters = $message['params'] ?? [];
        match ($message['method'] ?? '') {
            'event' => $this->events[] = $parameters['data'],
            'output' => $this->events[] = $parameters['text'],
            'log' => $this->log[] = $parameters['text'],
            'lost' => $this->lost = $parameters['lost'],
            'end' => [$this->end, $this->lost] = [['code' => $parameters['code'], 'lost' => $parameters['lost']], $parameters['lost']],
            default => null,
        };
    }
}

/** Runs an eBPF object or a program, by name, path or URL; returns when it is attached. The options are those of docs/rpc.md: ['duration' => '5s']. */
function open_and_run(string $target, array $arguments = [], array $options = []): Run
{
    return new Run(new Session(), 'run', ['target' => $target, 'arguments' => $arguments] + $options);
}

/** Runs an eBPF object that goes on when this program has ended: its name, programs, refused. logs() reads its events, stop() ends it. */
function run_detached(string $target, array $arguments = [], array $options = []): array
{
    return call('run', ['target' => $target, 'arguments' => $arguments, 'detach' => true] + $options);
}

/** What runs on its own, each with name, object, since, programs, maps. */
function ps(): array
{
    return call('ps')['running'];
}

/** Reads the events of what runs on its own: those that wait, with ['follow' => true] those that come, too. Stopping that ends the reading alone. */
function logs(string $name, array $options = []): Run
{
    return new Run(new Session(), 'logs', ['name' => $name] + $options);
}

/** Ends what runs on its own: the names of what it was. */
function stop(string|array $names, array $options = []): array
{
    return call('stop', ['names' => $names] + $options)['names'];
}

/** Ends all that runs on its own: the names of what it was. */
function stop_all(array $options = []): array
{
    return call('stop', ['all' => true] + $options)['names'];
}

/** What is installed, each with name, version, hash … */
function list_packages(array $options = []): array
{
    return call('list', $options)['packages'];
}

/** What the remotes offer, the best first; ['limit' => 5] for no more. */
function search(string|array $words, array $options = []): array
{
    return call('search', ['words' => $words] + $options)['packages'];
}

/** All that is known of a package. */
function info(string $package, array $options = []): array
{
    return call('info', ['package' => $package] + $options)['packages'][0];
}

/** Whether a kernel would run the eBPF objects of packages, or objects; ['kernel' => 'web1'] for another machine's. */
function check(string|array $packages, array $options = []): array
{
    return call('check', ['packages' => $packages] + $options);
}

/** Fetches the newest lists of the remotes; all where none is named. */
function pull(string|array $remotes = [], array $options = []): array
{
    return call('pull', ['remotes' => $remotes] + $options);
}

/** Installs packages by name, file or URL: what changed. */
function install(string|array $packages, array $options = []): array
{
    return call('install', ['packages' => $packages] + $options);
}

/** Updates packages; all where none is named: what changed. */
function update(string|array $packages = [], array $options = []): array
{
    return call('update', ['packages' => $packages] + $options);
}

/** Removes packages: what changed. */
function remove(string|array $packages, array $options = []): array
{
    return call('remove', ['packages' => $packages] + $options);
}

/** Takes packages into the project of the working directory, or into that in ['project' => 'DIR']. */
function get(string|array $packages, array $options = []): array
{
    return call('get', ['packages' => $packages] + $options);
}

/** The version of pm. */
function version(): string
{
    return call('version')['version'];
}

/** Any method of docs/rpc.md as it stands there: call('install', ['packages' => 'opensnoop']). */
function call(string $method, array $parameters = []): mixed
{
    $session = new Session();
    return $session->answer($session->send($method, $parameters));
}

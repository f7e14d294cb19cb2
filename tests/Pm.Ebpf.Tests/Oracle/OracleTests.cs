using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Ebpf.Tests.Oracle;

/// <summary>
/// Programs of our own, whose events pm prints by their types, beside Debian's tools for the same: both see one workload, and each event is compared field by field. Both are known to look when both have told of a
/// marker, which is made again until then; a marker behind the workload ends it.
/// </summary>
public sealed partial class OracleTests : IDisposable
{
    static readonly KernelProbe Kernel = new();

    /// <summary>Far more than it takes; none waits for so long where it works.</summary>
    const int MostTurns = 400;

    readonly string _folder = Directory.CreateTempSubdirectory("pm-oracle-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_that_are_opened_are_those_of_opensnoop()
    {
        File.WriteAllText($"{_folder}/there", "");

        Compare(
            "opens", "opensnoop", [],
            marker => Shell($"true < {_folder}/{marker}"),
            () => Shell($"for i in 1 2 3 4 5 6 7 8 9; do true < {_folder}/work-$i; true < {_folder}/there; done"),
            line => OpenLine().Match(line) is { Success: true } m ? $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]} {m.Groups[5]}" : null,
            e => $"{e["pid"]} {e["comm"]} {DescriptorAndError(e)} {e["path"]}",
            text => text.Contains(_folder, StringComparison.Ordinal), 18);
    }

    /// <summary>By newfstatat(2), statx(2) and statfs(2), of this process alone: on a busy machine those of all fill every buffer.</summary>
    [Fact]
    public void Files_that_are_asked_for_what_they_are_are_those_of_statsnoop()
    {
        File.WriteAllText($"{_folder}/there", "");
        var own = Path.GetFileName(_folder);
        using var above = DirectoryHandle.Open(Path.GetDirectoryName(_folder)!);

        Compare(
            "stats", "statsnoop", ["-p", $"{Environment.ProcessId}"],
            marker => Assert.False(File.Exists($"{_folder}/{marker}")),
            () =>
            {
                for (var i = 0; i < 9; i++)
                {
                    Assert.False(File.Exists($"{_folder}/work-{i}"));
                    Assert.True(File.Exists($"{_folder}/there"));
                    Assert.NotNull(above.Status(own));
                    Assert.True(new DriveInfo(_folder).TotalSize > 0);
                }
            },
            line => StatLine().Match(line) is { Success: true } m ? $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]} {m.Groups[5]}" : null,
            e => $"{e["pid"]} {e["comm"]} {DescriptorAndError(e)} {e["path"]}",
            text => text.Contains(own, StringComparison.Ordinal), 36,
            values: new Dictionary<string, ReadOnlyMemory<byte>> { ["target_pid"] = BitConverter.GetBytes(Environment.ProcessId) });
    }

    [Fact]
    public void Programs_that_are_started_are_those_of_execsnoop() => Compare(
        "executes", "execsnoop", ["-x"],
        marker => Shell($"/bin/true {_folder} {marker}; :"),
        () => Shell($"for i in 1 2 3 4 5 6 7 8 9; do /bin/true {_folder} work-$i; {_folder}/work-$i; done; :"),
        line => ExecuteLine().Match(line) is { Success: true } m ? $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]} {m.Groups[5].Value.TrimEnd()}" : null,
        e => $"{e["comm"]} {e["pid"]} {e["parent"]} {e["result"]} {string.Join(' ', e["arguments"].EnumerateArray().Select(a => a.GetString()).Where(a => a!.Length > 0))}",
        text => text.Contains(_folder, StringComparison.Ordinal) && !text.Contains(" -c ", StringComparison.Ordinal), 18);

    /// <summary>By signals that nothing else sends: the highest of them.</summary>
    [Fact]
    public void Signals_that_are_sent_are_those_of_sigsnoop() => Compare(
        "signals", "sigsnoop", ["-k"],
        marker => Shell($"trap '' 60 61; kill -{(marker == "begin" ? 60 : 61)} $$"),
        () => Shell("for i in 50 51 52 53 54 55 56 57 58; do trap '' $i; kill -$i $$; kill -$i 2000000001; done; :"),
        line => SignalLine().Match(line) is { Success: true } m ? $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]} {m.Groups[5]}" : null,
        e => $"{e["pid"]} {e["comm"]} {e["signal"]} {e["target"]} {e["result"]}",
        text => text.Split(' ') is [_, "sh", var signal, _, _] && int.Parse(signal, CultureInfo.InvariantCulture) >= 50, 18,
        (text, marker) => text.Split(' ')[2] == (marker == "begin" ? "60" : "61"));

    [Fact]
    public void What_becomes_of_connections_is_what_tcpstates_tells()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        using var marked = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        marked.Start();
        var (port, markers) = (((IPEndPoint)listener.LocalEndpoint).Port, ((IPEndPoint)marked.LocalEndpoint).Port);
        var seen = new Dictionary<string, string>();

        Compare(
            "states", "tcpstates", [],
            marker =>
            {
                // Ports come again; what ends it must not be taken for what began it.
                for (var made = Connect(marked, markers); !seen.TryAdd($":{made}:", marker) && seen[$":{made}:"] != marker; made = Connect(marked, markers))
                {
                }
            },
            () =>
            {
                for (var i = 0; i < 5; i++)
                {
                    Connect(listener, port);
                }
            },
            line => StateLine().Match(line) is { Success: true } m
                ? $"{m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]}:{m.Groups[5]}: {m.Groups[6]}:{m.Groups[7]}: {m.Groups[8]} {m.Groups[9]}" : null,
            e => $"{e["socket"].GetUInt64():x} {e["pid"]} {Cut(e["comm"].GetString()!)} {Address(e["local"])}:{e["local_port"]}: {Address(e["remote"])}:{e["remote_port"]}: {e["old"]} {e["new"]}",
            text => text.Contains($":{port}:", StringComparison.Ordinal) || text.Contains($":{markers}:", StringComparison.Ordinal), 20,
            (text, marker) => text.EndsWith(" CLOSE", StringComparison.Ordinal) && seen.Any(s => s.Value == marker && text.Contains(s.Key, StringComparison.Ordinal)),
            text => text.Contains($":{port}:", StringComparison.Ordinal));
    }

    /// <param name="name">Our object.</param>
    /// <param name="tool">Debian's.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="mark">Makes an event of that name.</param>
    /// <param name="work">What is compared.</param>
    /// <param name="theirs">An event of a line of theirs; null for another.</param>
    /// <param name="ours">The same of one of ours.</param>
    /// <param name="isMeant">It is of this test.</param>
    /// <param name="least">How many events the work makes at least.</param>
    /// <param name="isMarker">An event is the marker of that name; by default it names it.</param>
    /// <param name="isWork">An event is of the work; by default it is no marker.</param>
    /// <param name="values">Of our object's variables.</param>
    static void Compare(
        string name, string tool, string[] arguments, Action<string> mark, Action work, Func<string, string?> theirs, Func<IReadOnlyDictionary<string, JsonElement>, string> ours, Func<string, bool> isMeant, int least,
        Func<string, string, bool>? isMarker = null, Func<string, bool>? isWork = null, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? values = null)
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        var path = OracleTool.Find(tool);
        Assert.SkipUnless(path is not null, $"{tool} is not installed: apt-get install libbpf-tools");
        isMarker ??= (text, marker) => text.EndsWith(marker, StringComparison.Ordinal);
        isWork ??= text => !isMarker(text, "begin") && !isMarker(text, "end");

        var bytes = File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "oracle", name + ".o"));
        var spec = BpfSpec.Parse(bytes, name);
        using var running = ObjectStart.Run(bytes, spec, new RunOptions { Name = name, IsStrict = true, Values = values ?? new Dictionary<string, ReadOnlyMemory<byte>>() }, Kernel);
        var output = new MemoryStream();
        var printer = new EventPrinter(output, EventStyle.Json, isAlone: true);
        running.Read(spec.Events.Single().Map, printer.For("events", spec.Events.Single().Type!.Value));
        using var oracle = OracleTool.Start(path, arguments);

        List<string> Ours() => [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => ours(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line)!)).Where(isMeant)];
        List<string> Theirs() => [.. oracle.Lines.Select(theirs).OfType<string>().Where(isMeant)];
        void Await(string marker)
        {
            for (var turn = 0; turn < MostTurns && !(Ours().Any(e => isMarker(e, marker)) && Theirs().Any(e => isMarker(e, marker))); turn++)
            {
                mark(marker);
                running.Poll(TimeSpan.FromMilliseconds(50));
                printer.Flush();
                if (!Theirs().Any(e => isMarker(e, marker)))
                {
                    // It may still be about to begin, and our own events come at once: turns alone would be over before it has.
                    oracle.AwaitLine(TimeSpan.FromMilliseconds(50));
                }
            }

            Assert.Contains(Ours(), e => isMarker(e, marker));
            Assert.True(Theirs().Any(e => isMarker(e, marker)), $"{tool} did not tell of {marker}: {string.Join('\n', oracle.Lines.Take(20))}");
        }

        Await("begin");
        work();
        Await("end");

        // Markers are as many as it took, and one of the two may have begun earlier.
        List<string> Work(List<string> events) => [.. events.Where(isWork).Order(StringComparer.Ordinal)];
        var (mine, others) = (Work(Ours()), Work(Theirs()));
        Assert.True(others.SequenceEqual(mine), $"only {tool}:\n{string.Join('\n', others.Except(mine))}\nonly ours:\n{string.Join('\n', mine.Except(others))}");
        Assert.InRange(mine.Count, least, int.MaxValue);
    }

    /// <summary>Opens a connection, and ends it from both sides.</summary>
    /// <returns>The port of the one who opened it.</returns>
    static int Connect(TcpListener listener, int port)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, port);
        using var server = listener.AcceptTcpClient();
        return ((IPEndPoint)client.Client.LocalEndPoint!).Port;
    }

    static void Shell(string text) => ChildProcess.Run(new ChildOptions { FileName = "/bin/sh", Arguments = ["-c", text], Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } });

    static string DescriptorAndError(IReadOnlyDictionary<string, JsonElement> e) => e["result"].GetInt32() is var result && result < 0 ? $"-1 {-result}" : $"{result} 0";

    /// <summary>It writes ten characters of a name.</summary>
    static string Cut(string name) => name[..Math.Min(name.Length, 10)].TrimEnd();

    static string Address(JsonElement bytes) => string.Join('.', bytes.EnumerateArray().Select(b => b.GetInt32().ToString(CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"^(\d+) +(.{1,16}?) +(-?\d+) +(\d+) (.*)$")]
    private static partial Regex OpenLine();

    [GeneratedRegex(@"^(\d+) +(.{1,20}?) +(-?\d+) +(\d+) +(.*)$")]
    private static partial Regex StatLine();

    [GeneratedRegex(@"^(.{1,16}?) +(\d+) +(\d+) +(-?\d+) (.*)$")]
    private static partial Regex ExecuteLine();

    [GeneratedRegex(@"^[\d:]+ +(\d+) +(.{1,16}?) +(\d+) +(-?\d+) +(-?\d+) *$")]
    private static partial Regex SignalLine();

    [GeneratedRegex(@"^([0-9a-f]+) +(\d+) +(.{1,16}?) +([\d.]+) +(\d+) +([\d.]+) +(\d+) +(\w+) +-> (\w+) ")]
    private static partial Regex StateLine();
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Bench;

/// <summary>Events written as JSON by the types that an eBPF object has, against a C program that was written for these very events: out of memory, and out of the kernel.</summary>
static class EventsBenchmark
{
    const int Records = 1000;
    const int Times = 500;

    /// <summary>Calls a second that a program tells of.</summary>
    const int Rate = 100_000;

    /// <summary>Of the event of <c>bench/peers/event.bpf.c</c>.</summary>
    const int Size = 112;

    internal static bool Run(Report report)
    {
        if (PeerProgram.Find("clang") is null)
        {
            report.Skipped("clang is missing, which makes the object");
            return true;
        }

        var home = BenchDirectory.Make();
        try
        {
            return Run(report, home);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Run(Report report, string home)
    {
        var compiled = Compile(home, "event");
        var spec = BpfSpec.Parse(File.ReadAllBytes(compiled), compiled);
        var type = spec.Events.Single().Type!.Value;
        var met = InMemory(report, home, type);
        return OutOfKernel(report, home, compiled) && met;
    }

    static string Compile(string home, string name, params string[] more)
    {
        var compiled = Path.Combine(home, name + ".o");
        PeerProgram.Run("clang", ["-g", "-O2", "-target", "bpf", .. more, "-c", Path.Combine(AppContext.BaseDirectory, "peers", "event.bpf.c"), "-o", compiled]);
        return compiled;
    }

    static bool InMemory(Report report, string home, Ebpf.Btf.BtfType type)
    {
        var file = Path.Combine(home, "records");
        var bytes = Make();
        File.WriteAllBytes(file, bytes);
        var peer = PeerProgram.Compile(home, "writeevents");

        using var shown = new MemoryStream();
        Write(new EventPrinter(shown, EventStyle.Json, isAlone: true), type, bytes, 1);
        if (Encoding.UTF8.GetString(shown.ToArray()) != PeerProgram.Run(peer, file, "1", "show"))
        {
            throw new InvalidOperationException("the two do not write the same");
        }

        var series = Rounds.Run(
            Rounds.Least + 2,
            () => double.Parse(PeerProgram.Run(peer, file, Times.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture),
            () => Nanoseconds(() => Write(new EventPrinter(Stream.Null, EventStyle.Json, isAlone: true), type, bytes, Times)));
        var (theirs, ours) = (series[0], series[1]);
        report.Figure("C, written for these events", theirs, "ns an event");
        report.Figure("pm, by the type", ours, "ns an event");
        return report.AtLeast("events a second / C's", theirs.Over(ours), 0.9);
    }

    /// <summary>Both load the same object and tell of the same calls of one process, in turns.</summary>
    static bool OutOfKernel(Report report, string home, string compiled)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm || !new KernelProbe().MayTrace)
        {
            report.Skipped("live: PM_BENCH_PM names no executable, or eBPF programs may not be loaded");
            return true;
        }

        var peer = PeerProgram.Compile(home, "tellevents", "-lbpf");
        var live = new LiveEvents(home, PeerProgram.Compile(home, "callparent"), Rate);
        string[] theirs = [peer, compiled, "0", LiveEvents.Duration], ours = [pm, "run", "--json", "--duration", LiveEvents.Duration + "s", compiled];
        var met = Attach(report, "start to attached", theirs, ours);
        var typed = Compile(home, "typed", "-DTYPED");
        met &= Attach(report, "start to attached, by the kernel's types", [peer, typed, "0", LiveEvents.Duration], [pm, "run", "--json", "--duration", LiveEvents.Duration + "s", typed]);
        met &= AttachByName(report, home, pm, peer);
        met &= ToolStarts.Run(report, home, pm);

        var (shareOfTheirs, shareOfOurs) = (new List<double>(), new List<double>());
        var told = Rounds.Run(Rounds.Least, () => Tell(theirs, shareOfTheirs), () => Tell(ours, shareOfOurs));
        report.Figure($"{Rate} events a second: C with libbpf", told[0], "ns of the processor an event");
        report.Figure($"{Rate} events a second: pm run --json", told[1], "ns of the processor an event");
        met &= report.AtLeast("C's time of an event / pm's", told[0].Over(told[1]), 0.9);
        report.Figure("told by C", new Series([.. shareOfTheirs]), "of the calls");
        met &= report.AtLeast("told by pm, of the calls", new Series([.. shareOfOurs]), 1);

        var share = new List<double>();
        var taken = Rounds.Run(
            Rounds.Least,
            () => Shared(live.Take([.. theirs, "count"]), share),
            () => Shared(live.Take(Environment.ProcessPath!, EventTaking.Word, compiled, LiveEvents.Duration), share));
        report.Figure("taken and not written: C with libbpf", taken[0], "ns of the processor an event");
        report.Figure("taken and not written: pm's reader", taken[1], "ns of the processor an event");
        met &= report.AtLeast("C's time of an event / pm's", taken[0].Over(taken[1]), 1.0);
        return report.AtLeast("taken by both, of the calls", new Series([.. share]), 1) && met;

        double Tell(string[] command, List<double> shares) => Shared(live.Tell(command), shares);

        static double Shared((double Nanoseconds, double Share) one, List<double> shares)
        {
            shares.Add(one.Share);
            return one.Nanoseconds;
        }
    }

    /// <summary>As a tool is started: by the name of a package that is installed. C gets its object.</summary>
    static bool AttachByName(Report report, string home, string pm, string peer)
    {
        var project = Directory.CreateDirectory(Path.Combine(home, "package")).FullName;
        File.WriteAllText(Path.Combine(project, "pm.toml"), "[package]\nname = \"typed\"\nversion = \"1.0.0\"\n\n[[module]]\nname = \"typed\"\n");
        File.WriteAllText(Path.Combine(project, "typed.bpf.c"), "#define TYPED\n" + File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "peers", "event.bpf.c")));
        foreach (var variable in (string[])["HOME", "PM_ROOT", "PM_STORE", "PM_CACHE"])
        {
            Environment.SetEnvironmentVariable(variable, Path.Combine(home, variable));
        }

        PeerProgram.Run(pm, "build", "-q", "--no-sign", "-o", home, project);
        PeerProgram.Run(pm, "install", "-q", "-y", "--allow-unsigned", Path.Combine(home, "typed-1.0.0.pkg"));
        var installed = Path.Combine(home, "PM_ROOT", "lib", "bpf", "typed.bpf.o");
        return Attach(report, "start to attached, by a package's name", [peer, installed, "0", LiveEvents.Duration], [pm, "run", "--json", "--duration", LiveEvents.Duration + "s", "typed"]);
    }

    static bool Attach(Report report, string what, string[] theirs, string[] ours)
    {
        var attached = Rounds.Run(Rounds.Least + 16, () => LiveEvents.Attach(theirs), () => LiveEvents.Attach(ours));
        report.Figure($"{what}: C with libbpf", attached[0], "ms");
        report.Figure($"{what}: pm run", attached[1], "ms");
        return report.AtMost($"{what} / C's", attached[1].Over(attached[0]), 1.5);
    }

    static void Write(EventPrinter printer, Ebpf.Btf.BtfType type, byte[] bytes, int times)
    {
        var sink = printer.For("events", type);
        for (var i = 0; i < times; i++)
        {
            for (var at = 0; at < bytes.Length; at += Size)
            {
                sink.Take(bytes.AsSpan(at, Size));
            }
        }

        printer.Flush();
    }

    static byte[] Make()
    {
        var bytes = new byte[Records * Size];
        var random = new Random(1);
        for (var i = 0; i < Records; i++)
        {
            var record = bytes.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteInt64LittleEndian(record, 1_254_188_719_246 + (i * 1000L));
            BinaryPrimitives.WriteInt32LittleEndian(record[8..], random.Next(1 << 22));
            BinaryPrimitives.WriteInt32LittleEndian(record[12..], random.Next(2) * 1000);
            BinaryPrimitives.WriteInt32LittleEndian(record[16..], random.Next(-20, 100));
            BinaryPrimitives.WriteInt32LittleEndian(record[20..], random.Next(1 << 20));
            BinaryPrimitives.WriteInt32LittleEndian(record[24..], random.Next(1, 4));
            record[28] = (byte)random.Next(2);
            Encoding.UTF8.GetBytes($"worker-{i % 100}", record[29..]);
            Encoding.UTF8.GetBytes($"/usr/lib/x86_64-linux-gnu/lib{random.Next()}.so.6", record[45..]);
        }

        return bytes;
    }

    static double Nanoseconds(Action action)
    {
        var begin = Process.GetCurrentProcess().TotalProcessorTime;
        action();
        return (Process.GetCurrentProcess().TotalProcessorTime - begin).TotalNanoseconds / (Records * Times);
    }
}

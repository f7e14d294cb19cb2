using System.Text;
using System.Text.RegularExpressions;
using Pm.Ebpf.Events;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Probing;
using Pm.Ebpf.Symbols;
using Pm.Linux;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>On the kernel that runs the tests. Where it does not let them, they say why.</summary>
[Collection(LoopbackInterface.Name)]
public class RunningTests
{
    static readonly KernelProbe Kernel = new();

    /// <summary>Far more than an event takes; none waits for so long where it works.</summary>
    const int MostTurns = 200;

    [Fact]
    public void A_tracepoint_tells_of_a_file_that_is_opened()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        var name = $"/pm-is-not-there-{Environment.ProcessId}";

        var lines = Lines("opens", ["--pid", $"{Environment.ProcessId}"], EventStyle.Json, () => File.Exists(name) || !Opens(name), line => line.Contains(name, StringComparison.Ordinal));

        Assert.Contains(lines, l => l.Contains($"\"pid\":{Environment.ProcessId},", StringComparison.Ordinal) && l.EndsWith($"\"name\":\"{name}\"}}", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Contains($"\"pid\":{Environment.ProcessId},", l, StringComparison.Ordinal));
    }

    /// <summary>This process, whose calls the kernel sees from within and from without.</summary>
    [Fact]
    public void Stacks_stand_below_the_events_and_the_keys_that_have_them()
    {
        RequireKernel();
        var spec = SampleObject.Spec("profiled");
        var output = new MemoryStream();
        var printer = new EventPrinter(output, EventStyle.Columns, isAlone: true);
        using var running = Start("profiled", ["--pid", $"{Environment.ProcessId}"]);
        var sampler = running.Sample(spec.Maps.Single(m => m.Name == "counts"), new SampleNote { Interval = TimeSpan.FromSeconds(1) });
        sampler.Stacks = running.Stacks(StackLayout.Of(sampler.Map.Key!.Value, spec)!);
        running.Read(spec.Events.Single().Map, printer.For(spec.Events.Single(), layout => running.Stacks(StackLayout.Of(layout, spec)!)));

        for (var turn = 0; turn < MostTurns && output.Length < 4096; turn++)
        {
            Assert.False(Opens("/pm-is-not-there"));
            running.Poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
        }

        Assert.Matches($@"^PID +KSTACK_SZ +USTACK_SZ *\n{Environment.ProcessId} +[0-9-]+ +[0-9]+ *\n(    [^ \n].*\n)+{Environment.ProcessId} ", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Matches($@"(?m)^key=\{{""pid"":{Environment.ProcessId},.*\}} value=[0-9]+\n    [^ \n]", sampler.Show(EventStyle.Columns));
        Assert.Matches($@"(?m)^\{{""map"":""counts"",""kernel_stack"":\[.*\],""user_stack"":\["".*""\],""key"":\{{""pid"":{Environment.ProcessId},", sampler.Show(EventStyle.Json));
    }

    /// <summary>As sources for other loaders have them.</summary>
    [Fact]
    public void A_perf_buffer_without_sizes_is_made_with_those_that_it_has_to_have()
    {
        RequireKernel();

        var lines = Lines("unsized", [], EventStyle.Json, () => !Opens("/pm-is-not-there"), line => line == $"{{\"pid\":{Environment.ProcessId}}}");

        Assert.NotEmpty(lines);
    }

    [Fact]
    public void Buffers_whose_definition_gives_them_values_are_made_without()
    {
        RequireKernel();

        var lines = Lines("typed_maps", [], EventStyle.Json, () => !Opens("/pm-is-not-there"), line => line.StartsWith("{\"map\":\"perf\"", StringComparison.Ordinal), isAlone: false);

        Assert.All((string[])["ring", "perf", "plain"], map => Assert.Contains($"{{\"map\":\"{map}\",\"number\":7,\"more\":8}}", lines));
    }

    /// <summary>Source: bpf_map_type of linux/bpf.h.</summary>
    [Fact]
    public void Variables_that_stand_for_numbers_of_the_kernel_are_what_it_says()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.HasTypes, "this kernel does not say its types");

        var lines = Lines("enumerators", [], EventStyle.Json, () => !Opens("/pm-is-not-there"), line => line.Length > 0);

        Assert.Equal("{\"of_kernel\":7,\"of_none\":0,\"own\":77,\"narrow\":0}", lines[0]);
        Assert.Equal(["bpf-map-type-hash", "bpf-map-type-array"], ParameterSet.Of(SampleObject.Spec("enumerators")).All.Select(p => p.Name));
    }

    /// <summary>A compiler that writes half of a value down leaves no name for it, rather than another's; one that writes no sign leaves the names of what is below zero.</summary>
    [Theory]
    [InlineData("wide", new string[0], """{"amount":4294967296,"none":0,"failed":"FAILED","unnamed":4294967289,"refused":"REFUSED","more":"MORE","none_of_them":9}""")]
    [InlineData("wide", new[] { "--want", "18446744073709551615", "--expected", "-1" }, """{"amount":18446744073709551615,"none":0,"failed":"FAILED","unnamed":4294967289,"refused":"FAILED","more":"MORE","none_of_them":9}""")]
    [InlineData("wide_whole", new string[0], """{"amount":"HUGE","none":0,"failed":"FAILED","unnamed":-7,"refused":"REFUSED","more":"MORE","none_of_them":-7}""")]
    [InlineData("wide_whole", new[] { "--want", "all", "--expected", "done" }, """{"amount":"ALL","none":0,"failed":"FAILED","unnamed":-7,"refused":"DONE","more":"MORE","none_of_them":-7}""")]
    public void Enumerations_are_shown_as_far_as_their_compiler_wrote_them_down(string name, string[] flags, string expected)
    {
        RequireKernel();

        var lines = Lines(name, flags, EventStyle.Json, () => !Opens("/pm-is-not-there"), line => line.Length > 0);

        Assert.Equal(expected, lines[0]);
    }

    [Fact]
    public void Half_written_enumerations_take_numbers_and_those_that_people_see_are_named()
    {
        var (half, whole) = (SampleObject.Spec("wide"), SampleObject.Spec("wide_whole"));

        Assert.Equal(["want NUMBER 4294967296", "expected NAME REFUSED"], Flags(half));
        Assert.Equal(["want NAME HUGE", "expected NAME REFUSED"], Flags(whole));
        Assert.EndsWith("expected 0 to 18446744073709551615, as what its names stand for is not known (PM8085), got `HUGE`", Assert.Throws<ParameterException>(() => ParameterSet.Of(half).Read(["--want", "HUGE"])).Message, StringComparison.Ordinal);
        Assert.Equal("enum amount", $"{Assert.Single(CutEnumerations.Of(half))}");
        Assert.Empty(CutEnumerations.Of(whole));
        static IEnumerable<string> Flags(BpfSpec spec) => ParameterSet.Of(spec).All.Select(p => $"{p.Usage[2..]} {p.Default}");
    }

    /// <summary>What both buffers tell of one call, whose two layouts have members of other names.</summary>
    [Theory]
    [InlineData("told", EventStyle.Json, "{\"struct\":\"tried\",\"type\":1,\"pid\":PID,\"flags\":FLAGS,\"name\":\"NAME\"}", "{\"struct\":\"done\",\"type\":2,\"pid\":PID,\"result\":-2}")]
    [InlineData("told", EventStyle.Text, "tried type=1 pid=PID flags=FLAGS name=NAME", "done type=2 pid=PID result=-2")]
    [InlineData("repeated", EventStyle.Json, "{\"struct\":\"tried\",\"type\":1,\"pid\":PID,\"flags\":FLAGS,\"name\":\"NAME\"}", "{\"struct\":\"done\",\"type\":2,\"pid\":PID,\"result\":-2}")]
    [InlineData("repeated", EventStyle.Text, "tried type=1 pid=PID flags=FLAGS name=NAME", "done type=2 pid=PID result=-2")]
    public void Layouts_of_one_buffer_are_told_apart_by_their_length(string map, EventStyle style, string entered, string left)
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        var name = $"/pm-is-not-there-{Environment.ProcessId}";
        var spec = SampleObject.Spec("layouts");
        using var output = new MemoryStream();
        var printer = new EventPrinter(output, style, isAlone: true);
        using var running = Start("layouts", ["--pid", $"{Environment.ProcessId}"]);
        var events = spec.Events.Single(e => e.Map.Name == map);
        running.Read(events.Map, printer.For(events, _ => null));

        string[] lines = [];
        for (var turn = 0; turn < MostTurns && !lines.Any(l => l.Contains(name, StringComparison.Ordinal)); turn++)
        {
            Assert.False(Opens(name));
            running.Poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
            lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }

        running.Detach();
        running.Drain();
        printer.Flush();
        lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var flags = new Regex("flags\"?[:=]([0-9]+)[ ,].*" + Regex.Escape(name)).Match(lines.First(l => l.Contains(name, StringComparison.Ordinal))).Groups[1].Value;
        string Filled(string text) => text.Replace("PID", $"{Environment.ProcessId}", StringComparison.Ordinal).Replace("FLAGS", flags, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal);
        Assert.Contains(Filled(entered), lines);
        Assert.Contains(Filled(left), lines);
    }

    [Fact]
    public void A_typed_tracepoint_tells_of_a_program_that_is_started()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.HasTypes && Kernel.HasTypedTracepoints, "this kernel takes no typed tracepoints");

        var lines = Lines("executed", [], EventStyle.Text, () => ChildProcess.Run(new ChildOptions { FileName = "/bin/true" }).IsSuccess, line => line.EndsWith(" comm=true", StringComparison.Ordinal));

        Assert.Contains(lines, l => l.Contains($" parent={Environment.ProcessId} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Stacks_of_no_size_have_the_usual_one()
    {
        RequireKernel();
        Assert.Equal(0u, SampleObject.Spec("stacked").Maps.Single(m => m.Name == "stacks").ValueSize);

        using var running = ObjectStart.Run(SampleObject.Bytes("stacked"), SampleObject.Spec("stacked"), new RunOptions { Name = "stacked" }, Kernel);

        Assert.Equal(["switched"], running.Attached.Select(p => p.Name));
        Assert.Empty(running.Refused);
    }

    [Fact]
    public void A_program_that_is_refused_is_named_and_the_others_run()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
        Assert.SkipWhen(Kernel.HasTrampolines, "this kernel refuses none of them");
        try
        {
            var (bytes, spec) = (SampleObject.Bytes("several"), SampleObject.Spec("several"));
            var options = new RunOptions { Name = "several", MapSizes = new Dictionary<string, uint> { ["unsized"] = 16 } };

            using var running = ObjectStart.Run(bytes, spec, options, Kernel);

            Assert.Equal(["switched"], running.Attached.Select(p => p.Name));
            Assert.Equal(
                ["PM8035 program `entered` (fentry.s/do_unlinkat): this kernel refuses fentry, fexit and lsm programs (trampolines disabled)"],
                running.Refused.Select(e => $"{e.Code} {e}"));
            Assert.Equal("PM8035", Assert.Throws<BpfException>(() => ObjectStart.Run(bytes, spec, options with { IsStrict = true }, Kernel)).Error.Code);
        }
        finally
        {
            File.Delete(KernelProbe.BpffsPath + "/unsized");
        }
    }

    [Fact]
    public void A_map_without_a_size_is_named()
    {
        RequireKernel();
        Assert.SkipUnless(KernelProbe.TryMountBpffs(), "bpffs is not mounted");

        var e = Assert.Throws<BpfException>(() => ObjectStart.Run(SampleObject.Bytes("several"), SampleObject.Spec("several"), new RunOptions { Name = "several" }, Kernel));

        Assert.Equal(("PM8038", "map `unsized` has no size; its user is to set it"), (e.Error.Code, e.Message));
    }

    [Fact]
    public void What_looks_at_packets_needs_an_interface()
    {
        RequireKernel();
        var (bytes, spec, options) = (SampleObject.Bytes("nothing"), SampleObject.Spec("nothing"), new RunOptions { Name = "nothing" });

        Assert.Equal("PM8039", Assert.Throws<BpfException>(() => ObjectStart.Run(bytes, spec, options, Kernel)).Error.Code);
        Assert.Equal("PM8039", Assert.Throws<BpfException>(() => ObjectStart.Run(bytes, spec, options with { Interface = "../lo" + Environment.ProcessId }, Kernel)).Error.Code);
        using var running = ObjectStart.Run(bytes, spec, options with { Interface = "lo" }, Kernel);
        Assert.Equal(["h2"], running.Attached.Select(p => p.Name));
    }

    [Fact]
    public void Of_two_programs_for_one_interface_the_first_is_there_unless_it_is_left_out()
    {
        RequireKernel();
        var (bytes, spec, options) = (SampleObject.Bytes("rivals"), SampleObject.Spec("rivals"), new RunOptions { Name = "rivals", Interface = "lo" });
        var without = spec with { Programs = [.. spec.Programs.Select(p => p.Name == "first" ? p.Left() : p)] };
        var kernel = new KernelFacts(Kernel.Types, KernelSurvey.Describe(Kernel, _ => null));

        using (var running = ObjectStart.Run(bytes, spec, options, Kernel))
        {
            Assert.Equal(["first"], running.Attached.Select(p => p.Name));
            var refused = Assert.Single(running.AllRefused);
            Assert.Equal(("PM8039", "second"), (refused.Code, refused.Program));
            Assert.Contains("`--at first=none`", refused.ToString(), StringComparison.Ordinal);
        }

        using (var running = ObjectStart.Run(bytes, without, options, Kernel))
        {
            Assert.Equal(["second"], running.Attached.Select(p => p.Name));
            Assert.Empty(running.AllRefused);
        }

        Assert.Equal([FitVerdict.Yes, FitVerdict.No], ObjectFit.Check(bytes, spec, kernel).Select(f => f.Verdict));
        Assert.Equal([FitVerdict.Yes, FitVerdict.Yes], ObjectFit.Check(bytes, without, kernel).Select(f => f.Verdict));
    }

    [Fact]
    public void What_the_sink_throws_comes_out_where_events_are_asked_for()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        using var running = Start("opens", ["--pid", $"{Environment.ProcessId}"]);
        running.Read(SampleObject.Spec("opens").Maps.Single(m => m.Name == "events"), new FailingSink());
        Opens("/pm-is-not-there");

        Assert.Throws<InvalidTimeZoneException>(() => running.Poll(TimeSpan.FromSeconds(10)));
    }

    /// <summary>One question must be answered as the list of all is.</summary>
    [Fact]
    public void A_tracepoint_is_there_where_it_is_listed()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        var known = Kernel.Tracepoints("syscalls").ToList();

        Assert.NotEmpty(known);
        Assert.All(known, name => Assert.True(Kernel.HasTracepoint("syscalls", name)));
        Assert.All(["", ".", "..", "enable", "nowhere", "../sched/sched_switch"], name => Assert.False(Kernel.HasTracepoint("syscalls", name) || Kernel.HasTracepoint(name, "sched_switch")));
    }

    /// <summary>Each event that is taken makes the next: whoever reads until there is none reads for ever, and sees neither a signal nor the end of his time.</summary>
    [Fact]
    public void Events_that_never_end_do_not_keep_the_reader()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs(), "tracefs is not mounted");
        using var running = Start("opens", ["--pid", $"{Environment.ProcessId}"]);
        var sink = new CountingSink { Taking = () => Opens("/pm-is-not-there") };
        running.Read(SampleObject.Spec("opens").Maps.Single(m => m.Name == "events"), sink);
        Opens("/pm-is-not-there");

        running.Poll(TimeSpan.FromSeconds(10));

        Assert.InRange(sink.Taken, 1, 256 * 1024 / 8);
    }

    /// <summary>One that waited for each in turn would still wait for the first.</summary>
    [Fact]
    public void Events_of_one_buffer_end_the_wait_for_all()
    {
        RequireKernel();
        Assert.SkipUnless(Kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
        var spec = SampleObject.Spec("several");
        try
        {
            var options = new RunOptions { Name = "several", MapSizes = new Dictionary<string, uint> { ["unsized"] = 16 } };
            using var running = ObjectStart.Run(SampleObject.Bytes("several"), spec, options, Kernel);
            var (quiet, busy) = (new CountingSink(), new CountingSink());
            running.Read(spec.Maps.Single(m => m.Name == "seconds"), quiet);
            running.Read(spec.Maps.Single(m => m.Name == "firsts"), busy);

            running.Poll(TimeSpan.FromHours(1));

            Assert.Equal((0, true), (quiet.Taken, busy.Taken > 0));
        }
        finally
        {
            File.Delete(KernelProbe.BpffsPath + "/unsized");
        }
    }

    static void RequireKernel() => Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");

    static bool Opens(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    static RunningObject Start(string name, string[] flags)
    {
        var spec = SampleObject.Spec(name);
        return ObjectStart.Run(SampleObject.Bytes(name), spec, new RunOptions { Name = name, Values = ParameterSet.Of(spec).Read(flags) }, Kernel);
    }

    /// <summary>What is printed until a line is there that was waited for.</summary>
    static List<string> Lines(string name, string[] flags, EventStyle style, Func<bool> cause, Func<string, bool> isAwaited, bool isAlone = true)
    {
        var output = new MemoryStream();
        var printer = new EventPrinter(output, style, isAlone);
        using var running = Start(name, flags);
        foreach (var events in SampleObject.Spec(name).Events)
        {
            running.Read(events.Map, printer.For(events.Map.Name, events.Type!.Value));
        }

        List<string> lines = [];
        for (var turn = 0; turn < MostTurns && !lines.Any(isAwaited); turn++)
        {
            Assert.True(cause());
            running.Poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
            lines = [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }

        running.Detach();
        running.Drain();
        return lines;
    }

    sealed class CountingSink : IEventSink
    {
        public int Taken { get; private set; }

        /// <summary>Done for each.</summary>
        public Action Taking { get; init; } = () => { };

        public void Take(ReadOnlySpan<byte> record)
        {
            Taken++;
            Taking();
        }

        public void Lose(ulong count)
        {
        }
    }

    sealed class FailingSink : IEventSink
    {
        public void Take(ReadOnlySpan<byte> record) => throw new InvalidTimeZoneException();

        public void Lose(ulong count)
        {
        }
    }
}

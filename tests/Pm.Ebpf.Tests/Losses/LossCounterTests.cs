using System.Collections.Immutable;
using System.Globalization;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Losses;

/// <summary>What of an object is a count of lost events, and that together with what was told it is all there was.</summary>
public class LossCounterTests
{
    static readonly KernelProbe Kernel = new();

    static readonly SampleNote Values = new() { Interval = TimeSpan.FromSeconds(1) };

    static readonly BpfSpec Lossy = SampleObject.Spec("lossy");

    [Fact]
    public void Numbers_with_a_name_that_says_it_are_counts()
    {
        Assert.Equal([("drops", 0, 8), ("stats", 8, 4), ("stats", 12, 4)], LossCounters.Of(Lossy).Where(c => c.Map is not null).Select(c => (c.Place, c.Offset, c.Size)));
        Assert.Equal(
            new[] { (OffsetOf("lost_events"), 4), (OffsetOf("drop_count"), 4), (OffsetOf("drop_count") + 4, 4), (OffsetOf("all") + 8, 8) }.Order(),
            LossCounters.Of(Lossy).Where(c => c.Map is null && c.Place == ".bss").Select(c => (c.Offset, c.Size)).Order());
        Assert.DoesNotContain(LossCounters.Of(Lossy), c => c.Place == ".data");
    }

    [Fact]
    public void Of_a_struct_that_is_not_called_figures_only_what_speaks_of_events_counts()
    {
        var other = Lossy with { Maps = [.. Lossy.Maps.Select(m => m.Name == "stats" ? m with { Name = "connections" } : m)] };

        Assert.Equal(["drops"], LossCounters.Of(other).Where(c => c.Map is not null).Select(c => c.Place));
    }

    static int OffsetOf(string variable) => Lossy.Globals.Single(g => g.Name == variable).Offset;

    [Fact]
    public void What_looks_at_packets_counts_those_under_the_same_names()
    {
        var packets = Lossy with { Programs = [Lossy.Programs[0] with { Hook = ProgramHook.Parse("xdp") }] };

        Assert.Equal(
            new[] { (".bss", OffsetOf("lost_events")), (".bss", OffsetOf("all") + 8) }.Order(),
            LossCounters.Of(packets).Select(c => (c.Place, c.Offset)).Order());
    }

    [Fact]
    public void A_map_that_is_shown_is_no_count()
    {
        var shown = ImmutableSortedDictionary<string, SampleNote>.Empty.Add("drops", Values);

        Assert.DoesNotContain("drops", LossCounters.Of(Lossy with { Notes = Lossy.Notes with { Samples = shown } }).Select(c => c.Place));
    }

    [Fact]
    public void Where_the_kernel_says_it_nothing_else_is_read() =>
        Assert.Empty(LossCounters.Of(Lossy with { Maps = [.. Lossy.Maps.Select(m => m.Name == "events" ? m with { Kind = MapKind.PerfEventArray } : m)] }));

    [Fact]
    public void What_pm_makes_count_itself_goes_before()
    {
        var variable = Lossy.Globals.Single(g => g.Name == "lost_events");
        var own = Lossy with { Globals = Lossy.Globals.Add(variable with { Name = LossCounters.Own, IsStatic = true, Offset = 1234 }) };

        Assert.Equal([(".bss", 1234)], LossCounters.Of(own).Select(c => (c.Place, c.Offset)));
    }

    [Fact]
    public void What_was_told_and_what_was_lost_are_all_there_was()
    {
        RequireKernel();
        var name = $"/lossy-{Environment.ProcessId}";
        var sink = new CountingSink();
        using var running = Start(name);

        Burst(name);
        running.Detach();
        running.Read(Events, sink);
        running.Drain();

        AssertAll(sink.Count, running.ReadLost(), Produced(running));
    }

    [Fact]
    public void They_are_when_it_runs_on_its_own_too()
    {
        RequireKernel();
        var opened = $"/kept-lossy-{Environment.ProcessId}";
        var sink = new CountingSink();
        using var running = Start(opened);
        var name = PinnedObject.Keep(running, SampleObject.Bytes("lossy"), Lossy, $"lossy-{Environment.ProcessId}", "/lossy.o", ImmutableDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);
        try
        {
            using var kept = PinnedObject.TryOpen(name)!;
            var losses = kept.Losses(kept.ReadSpec());
            kept.Read(Events, sink);
            Burst(opened);
            Assert.True(PinnedObject.Stop(name));
            kept.Drain();

            AssertAll(sink.Count, losses(), Produced(running));
        }
        finally
        {
            PinnedObject.Stop(name);
        }
    }

    /// <summary>A page holds four of these events.</summary>
    static void AssertAll(ulong told, ulong lost, ulong produced)
    {
        Assert.InRange(told, 1ul, 4ul);
        Assert.Equal(128ul, produced);
        Assert.Equal(produced, told + lost);
    }

    static MapSpec Events => Lossy.Maps.Single(m => m.Name == "events");

    static void RequireKernel()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
    }

    static RunningObject Start(string name)
    {
        var values = ParameterSet.Of(Lossy).Read(["--name", name]);
        return ObjectStart.Run(SampleObject.Bytes("lossy"), Lossy, new RunOptions { Name = "lossy", Values = values }, Kernel);
    }

    /// <summary>What the program waits for; nobody reads meanwhile.</summary>
    static void Burst(string name) => Assert.Throws<FileNotFoundException>(() => File.OpenHandle(name));

    static ulong Produced(RunningObject running)
    {
        var shown = running.Sample(Lossy.Maps.Single(m => m.Name == "produced"), Values).Show(EventStyle.Text);
        return ulong.Parse(shown[(shown.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
    }

    sealed class CountingSink : IEventSink
    {
        public ulong Count { get; private set; }

        public void Take(ReadOnlySpan<byte> record) => Count++;

        public void Lose(ulong count) => Assert.Fail("a ring buffer says it");
    }
}

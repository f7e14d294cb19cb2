using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Probing;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Symbols;
using Xunit;

namespace Pm.Ebpf.Tests.Sampling;

/// <summary>On the kernel that runs the tests. Where it does not let them, they say why.</summary>
public class MapSamplerTests
{
    static readonly KernelProbe Kernel = new();

    static readonly SampleNote Values = new() { Interval = TimeSpan.FromSeconds(1) };

    static readonly SampleNote Rows = Values with { Kind = SampleKind.LinearHistogram, Unit = "call" };

    [Fact]
    public void Counts_are_read_and_cleared()
    {
        using var running = Start();
        var sampler = running.Sample(Map("counts"), Values with { ClearsMap = true });
        Detach(running);

        using var json = JsonDocument.Parse(sampler.Show(EventStyle.Json));

        Assert.Equal(("counts", Environment.ProcessId), (json.RootElement.GetProperty("map").GetString(), json.RootElement.GetProperty("key").GetInt32()));
        Assert.InRange(json.RootElement.GetProperty("value").GetUInt64(), 1ul, ulong.MaxValue);
        Assert.Empty(sampler.Show(EventStyle.Json));
    }

    [Fact]
    public void What_each_processor_counted_is_added_up()
    {
        using var running = Start();
        Detach(running);

        var total = Value(running.Sample(Map("counts"), Values).Show(EventStyle.Json)).GetUInt64();

        Assert.Equal(total, Value(running.Sample(Map("each"), Values).Show(EventStyle.Json)).GetUInt64());
        Assert.Equal(total, Value(running.Sample(Map("each_hist"), Rows).Show(EventStyle.Json)).GetProperty("slots")[3].GetUInt64());
        var apart = Value(running.Sample(Map("each_hist"), Values).Show(EventStyle.Json));
        Assert.Equal((long)total, apart.EnumerateArray().Sum(v => v.GetProperty("total").GetInt64()));
    }

    [Fact]
    public void An_array_is_cleared_by_zeroes()
    {
        using var running = Start();
        var sampler = running.Sample(Map("each"), Values with { ClearsMap = true });
        Detach(running);

        Assert.StartsWith("key=0 value=", sampler.Show(EventStyle.Columns), StringComparison.Ordinal);
        Assert.Empty(sampler.Show(EventStyle.Columns));
    }

    [Fact]
    public void A_histogram_stands_below_its_key_and_the_other_members()
    {
        using var running = Start();
        Detach(running);

        var lines = running.Sample(Map("each_hist"), Rows).Show(EventStyle.Columns).Split('\n');

        Assert.Equal($"key = {Environment.ProcessId}", lines[0]);
        Assert.Equal("comm = ", lines[1]);
        Assert.StartsWith("total = ", lines[2], StringComparison.Ordinal);
        Assert.Equal("     call          : count     distribution", lines[3]);
        Assert.StartsWith("        3          : ", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(" |****************************************|", lines[4], StringComparison.Ordinal);
    }

    /// <summary>What an object says of itself goes to a terminal.</summary>
    [Fact]
    public void A_unit_steers_no_terminal()
    {
        using var running = Start();
        Detach(running);

        var text = running.Sample(Map("each_hist"), Rows with { Unit = "\u001b]0;x\u0007\n\u202e" }).Show(EventStyle.Columns);

        Assert.Contains("     \\u001b]0;x\\u0007\\u000a\\u202e : count     distribution\n", text, StringComparison.Ordinal);
    }

    /// <summary>Several maps may have the same keys.</summary>
    [Fact]
    public void As_text_a_histogram_says_of_which_map_it_is()
    {
        using var running = Start();
        Detach(running);

        Assert.StartsWith($"each_hist key = {Environment.ProcessId}\n", running.Sample(Map("each_hist"), Rows).Show(EventStyle.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_other_dialect_values_are_one_object_a_line()
    {
        using var running = Start();
        Detach(running);

        Assert.StartsWith($$"""{"key":{{Environment.ProcessId}},"value":""", running.Sample(Map("counts"), Values, EventDialect.Eunomia).Show(EventStyle.Columns), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events", SampleKind.KeyValue, "map `events` cannot be shown: expected a hash or an array, got RingBuffer")]
    [InlineData("stackmap", SampleKind.KeyValue, "map `stackmap` cannot be shown: expected a hash or an array, got StackTrace")]
    [InlineData("counts", SampleKind.LinearHistogram, "map `counts`: a histogram needs a value with a member `slots` of whole numbers, such as `__u32 slots[32]`, got __u64")]
    public void What_cannot_be_shown_is_refused(string map, SampleKind kind, string message)
    {
        var e = Assert.Throws<EbpfFormatException>(() => MapSampler.Check(Map(map), Values with { Kind = kind }));

        Assert.Equal("PM8069", e.Code);
        Assert.StartsWith(message[..^5], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stacks_of_events_have_names()
    {
        using var running = Start();
        var spec = SampleObject.Spec("sampled");
        var type = spec.Events.Single().Type!.Value;
        var output = new MemoryStream();
        var printer = new EventPrinter(output, EventStyle.Json, isAlone: true);
        running.Read(Map("events"), printer.For("events", type, running.Stacks(StackLayout.Of(type, spec)!)));
        Detach(running);
        running.Drain();
        printer.Flush();

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray()).Split('\n')[0]);

        var frames = json.RootElement.GetProperty("kernel_stack").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.NotEmpty(frames);
        Assert.SkipWhen(KernelSymbols.OfMachine().Count == 0, "the kernel hides its names");
        Assert.Contains(frames, f => f.Contains("+0x", StringComparison.Ordinal));
        Assert.NotEqual(JsonValueKind.Undefined, json.RootElement.GetProperty("user_stack").ValueKind);
    }

    [Fact]
    public void A_stack_that_a_map_keeps_is_found_by_its_key()
    {
        using var running = Start();
        var spec = SampleObject.Spec("sampled");
        var layout = StackLayout.Of(spec.Events.Single().Type!.Value, spec)!;
        var sink = new KeptEvents();
        running.Read(Map("events"), sink);
        Detach(running);
        running.Drain();

        var whole = running.Stacks(layout).Kernel(sink.First!);
        var byKey = running.Stacks(new StackLayout { KernelId = layout.KernelId, Map = layout.Map }).Kernel(sink.First!);

        Assert.NotEmpty(byKey!);
        Assert.Equal(whole![^1], byKey![^1]);
    }

    [Fact]
    public void What_runs_on_its_own_shows_its_maps_and_stacks_too()
    {
        using var running = Start();
        var spec = SampleObject.Spec("sampled");
        var name = PinnedObject.Keep(
            running, SampleObject.Bytes("sampled"), spec, $"sampled-{Environment.ProcessId}", "/sampled.o", ImmutableDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);
        try
        {
            using var kept = PinnedObject.TryOpen(name)!;
            var sink = new KeptEvents();
            kept.Read(Map("events"), sink);
            kept.Drain();
            var layout = StackLayout.Of(spec.Events.Single().Type!.Value, spec)!;

            Assert.StartsWith($$"""{"map":"counts","key":{{Environment.ProcessId}},"value":""", kept.Sample(Map("counts"), Values).Show(EventStyle.Json), StringComparison.Ordinal);
            Assert.Contains("|****************************************|", kept.Sample(Map("each_hist"), Rows).Show(EventStyle.Columns), StringComparison.Ordinal);
            Assert.NotEmpty(kept.Stacks(new StackLayout { KernelId = layout.KernelId, Map = layout.Map }).Kernel(sink.First!)!);
            Assert.Null(kept.ReadMeta());
        }
        finally
        {
            PinnedObject.Stop(name);
        }
    }

    static JsonElement Value(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("value").Clone();
    }

    static MapSpec Map(string name) => SampleObject.Spec("sampled").Maps.Single(m => m.Name == name);

    /// <summary>Returns when nothing is counted any more: the kernel ends what was detached when it gets round to it.</summary>
    static void Detach(RunningObject running)
    {
        running.Detach();
        var counts = running.Sample(Map("counts"), Values);
        string before;
        var turns = 0;
        do
        {
            Assert.InRange(turns++, 0, 10_000);
            before = counts.Show(EventStyle.Json);
            _ = File.Exists("/nowhere");
        }
        while (counts.Show(EventStyle.Json) != before);
    }

    static RunningObject Start()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        var spec = SampleObject.Spec("sampled");
        var running = ObjectStart.Run(
            SampleObject.Bytes("sampled"), spec, new RunOptions { Name = "sampled", Values = ParameterSet.Of(spec).Read(["--pid", $"{Environment.ProcessId}"]) }, Kernel);

        // Some calls of this process.
        for (var i = 0; i < 10; i++)
        {
            _ = File.Exists($"/nowhere/{i}");
        }

        return running;
    }

    sealed class KeptEvents : IEventSink
    {
        public byte[]? First { get; private set; }

        public void Take(ReadOnlySpan<byte> record) => First ??= record.ToArray();

        public void Lose(ulong count)
        {
        }
    }
}

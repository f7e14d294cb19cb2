using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests;

public class BpfSpecTests
{
    [Fact]
    public void Programs_have_their_place_and_what_they_call()
    {
        var spec = SampleObject.Spec("several");

        Assert.Equal(
            ["switched Tracepoint sched/sched_switch", "unlinked Kprobe do_unlinkat optional", "entered Fentry do_unlinkat sleepable"],
            spec.Programs.Select(p => $"{p.Name} {p.Hook.Kind} {p.Hook.Target}{(p.Hook.IsOptional ? " optional" : "")}{(p.Hook.IsSleepable ? " sleepable" : "")}"));
        Assert.Equal([5, 131, 132], spec.Programs[0].Helpers);
        Assert.Equal("GPL", spec.Licence);
    }

    [Fact]
    public void Maps_are_what_the_source_defines()
    {
        var maps = SampleObject.Spec("several").Maps;

        Assert.Equal(
            ["firsts RingBuffer 0 0 4096", "thirds PerfEventArray 4 4 0", "seconds RingBuffer 0 0 4096", "unsized StackTrace 4 1016 0"],
            maps.Select(m => $"{m.Name} {m.Kind} {m.KeySize} {m.ValueSize} {m.MaximumEntries}"));
        Assert.Equal([false, false, false, true], maps.Select(m => m.IsPinnedByName));
        Assert.Equal("__u64", SampleObject.Spec("opens").Maps.Single(m => m.Name == "opens_by_pid").Value!.Value.Name);
    }

    [Theory]
    [InlineData("operations")]
    [InlineData("operations_older")]
    public void Operations_have_their_kind_and_the_programs_that_stand_in_them(string name)
    {
        var operations = Assert.Single(SampleObject.Spec(name).Operations);

        Assert.Equal(("slow", "tcp_congestion_ops"), (operations.Name, operations.Type));
        Assert.Equal(["cong_avoid acknowledged", "init begin", "ssthresh threshold", "undo_cwnd undo"], operations.Programs.Select(p => $"{p.Key} {p.Value}"));
    }

    [Fact]
    public void Operations_hang_together_by_their_programs()
    {
        var spec = SampleObject.Spec("operations") with { Operations = [Of("a", "1", "2"), Of("b", "3"), Of("c", "4", "5"), Of("d", "2", "4")] };

        var groups = OperationsGroup.Of(spec);

        Assert.Equal(["a", "c", "d"], groups["5"].Structs.Select(o => o.Name));
        Assert.Equal(["1", "2", "4", "5"], groups["1"].Programs);
        Assert.Same(groups["1"], groups["4"]);
        Assert.Equal(["3"], groups["3"].Programs);
        Assert.Empty(OperationsGroup.Of(SampleObject.Spec("opens")));

        static OperationsSpec Of(string name, params string[] programs) =>
            new() { Name = name, Type = "t", Programs = programs.ToImmutableSortedDictionary(p => "of" + p, p => p, StringComparer.Ordinal) };
    }

    [Fact]
    public void Operations_have_other_names_for_a_libbpf_that_does_not_know_theirs()
    {
        var older = OperationsSections.Renamed(SampleObject.Bytes("operations"), "x", OperationsSections.Older);
        var hidden = OperationsSections.Renamed(SampleObject.Bytes("operations"), "x", OperationsSections.Hidden);

        Assert.Equal([OperationsSections.Older], OperationsSections.Of(ElfObject.Parse(older, "x")));
        Assert.Equal(SampleObject.Spec("operations").Operations.Single().Programs, BpfSpec.Parse(older, "x").Operations.Single().Programs);
        Assert.Equal(SampleObject.Bytes("operations_older"), OperationsSections.Renamed(SampleObject.Bytes("operations_older"), "x", OperationsSections.Older));
        Assert.Empty(BpfSpec.Parse(hidden, "x").Operations);
        Assert.Equal(SampleObject.Spec("operations").Programs.Select(p => p.Name), BpfSpec.Parse(hidden, "x").Programs.Select(p => p.Name));
    }

    [Fact]
    public void Programs_of_sockets_are_for_the_only_map_of_sockets()
    {
        Assert.Equal(
            ["joins  sockops", "sends connected sk_msg", "parses connected sk_skb/stream_parser", "receives connected sk_skb/stream_verdict"],
            SampleObject.Spec("sockets").Programs.Select(p => $"{p.Name} {p.Hook.Target} {p.Place}"));
    }

    [Fact]
    public void Globals_have_types_places_and_defaults()
    {
        var globals = SampleObject.Spec("opens").Globals;

        Assert.Equal(
            [
                "bool only_root 00", "enum level level 05000000", "int private_state 07000000", "int target_pid 00000000", "long long limit FFFFFFFFFFFFFFFF",
                "unsigned char smallest 03",
            ],
            globals.Where(g => g.Size < 16 && !g.Default.IsEmpty)
                .Select(g => $"{g.Type.ToString().Replace("const volatile ", "", StringComparison.Ordinal).Replace("_Bool", "bool", StringComparison.Ordinal)} {g.Name} {Convert.ToHexString(g.Default.Span)}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(["level", "limit", "only_root", "prefix", "smallest", "target_pid"], globals.Where(g => g.IsParameter).Select(g => g.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["unused"], globals.Where(g => !g.IsUsed).Select(g => g.Name));
        Assert.Equal(globals.Where(g => g.Section == ".rodata").Sum(g => g.Size), globals.Where(g => g.Section == ".rodata").Select(g => (g.Offset, g.Size)).Distinct().Sum(g => g.Size));
    }

    [Theory]
    [InlineData("opens", "events: struct event (ExportedPointer) [104]")]
    [InlineData("executed", "starts: struct started (Size) [24]")]
    [InlineData("several", "firsts: struct first (Size) [16], thirds: third_t (Size) [32], seconds: struct second (Size) [24]")]
    [InlineData("layouts", "told: struct tried, struct done (Size) [16 80], repeated: struct tried, struct done (Size) [16 80]")]
    [InlineData("shapes", "events: - (None) [160] struct shapes struct other")]
    [InlineData("typed_maps", "ring: struct told (Map) [8], perf: struct told (Map) [8], plain: struct other (ExportedPointer) [8]")]
    [InlineData("nothing", "")]
    public void What_a_map_carries_is_known_by_the_first_that_says_it(string name, string expected) =>
        Assert.Equal(expected, string.Join(", ", SampleObject.Spec(name).Events.Select(Told)));

    [Fact]
    public void A_manifest_comes_first()
    {
        Assert.Equal("events: struct other (Manifest) [160]", Told(SampleObject.Spec("shapes", ("events", "struct other")).Events[0]));
        Assert.Equal("events: struct shapes (Manifest) [160]", Told(SampleObject.Spec("shapes", ("events", "shapes")).Events[0]));

        // Several, which their sizes tell apart.
        Assert.Equal("told: struct done, struct never, unsigned int (Manifest) [16 80]", Told(SampleObject.Spec("layouts", ("told", "done,struct never, u32")).Events[0]));

        // A number alone has no struct that says it.
        Assert.Equal("events: unsigned long long (Manifest) [160]", Told(SampleObject.Spec("shapes", ("events", "u64")).Events[0]));
        Assert.Equal("events: int (Manifest) [160]", Told(SampleObject.Spec("shapes", ("events", "__s32")).Events[0]));
    }

    [Theory]
    [InlineData("char", "char", "{\"value\":97}")]
    [InlineData("char[10]", "char[10]", "{\"value\":\"ab\"}")]
    [InlineData("u8 [4]", "u8[4]", "{\"value\":[97,98,0,0]}")]
    [InlineData("enum signed_kind", "enum signed_kind", "{\"value\":25185}")]
    [InlineData("float", "float", "{\"value\":3.5292E-41}")]
    [InlineData("_Bool", "_Bool", "{\"value\":true}")]
    public void Events_can_be_of_any_type_that_can_be_written(string said, string expected, string json)
    {
        var events = SampleObject.Spec("shapes", ("events", said)).Events[0];
        var buffer = new EventBuffer();
        EventDecoder.Compile(events.Type!.Value).WriteJson("ab"u8, buffer);

        Assert.Equal(($"events: {expected} (Manifest) [160]", expected.Replace("enum ", "", StringComparison.Ordinal)), (Told(events), EventSpec.NameOf(events.Type!.Value)));
        Assert.Equal(json + "\n", Encoding.UTF8.GetString(buffer.Written));
    }

    [Theory]
    [InlineData("events", "struct nowhere", "shapes.o: map `events`: there is no type `struct nowhere`; the object has other, point, shapes")]
    [InlineData("events", "othe", "shapes.o: map `events`: there is no type `othe`; did you mean `other`?")]
    [InlineData("events", "struct shape", "shapes.o: map `events`: there is no type `struct shape`; did you mean `shapes`?")]
    [InlineData("events", "char[11]", "shapes.o: map `events`: there is no type `char[11]`; the object has other, point, shapes")]
    [InlineData("events", "[4]", "shapes.o: map `events`: there is no type `[4]`; the object has other, point, shapes")]
    [InlineData("events", "char[4", "shapes.o: map `events`: there is no type `char[4`; the object has other, point, shapes")]
    [InlineData("event", "other", "shapes.o: there is no map `event` that carries events; did you mean `events`?")]
    [InlineData("events", "u128", "shapes.o: map `events`: there is no type `u128`; the object has other, point, shapes")]
    [InlineData("events", "struct other,", "shapes.o: map `events`: there is no type ``; the object has other, point, shapes")]
    [InlineData("events", "other, shapes", "shapes.o: map `events`: events of type struct other and of type struct shapes are equally long, so that nothing tells them apart")]
    [InlineData("nowhere", "struct other", "shapes.o: there is no map `nowhere` that carries events; those that do are events")]
    public void What_a_manifest_says_has_to_be_there(string map, string type, string why)
    {
        var e = Assert.Throws<EbpfFormatException>(() => SampleObject.Spec("shapes", (map, type)));

        Assert.Equal(("PM8022", why), (e.Code, e.Message));
    }

    [Fact]
    public void What_the_kernel_has_to_have_is_told()
    {
        var spec = SampleObject.Spec("several");

        Assert.Equal(
            ["bpf_rcu_read_lock .ksyms function weak", "LINUX_KERNEL_VERSION .kconfig variable"],
            spec.Externals.Select(e => $"{e.Name} {e.Section} {(e.IsFunction ? "function" : "variable")}{(e.IsWeak ? " weak" : "")}"));
    }

    [Theory]
    [InlineData("tracepoint/syscalls/sys_enter_openat", HookKind.Tracepoint, "syscalls/sys_enter_openat")]
    [InlineData("tp/a/b", HookKind.Tracepoint, "a/b")]
    [InlineData("raw_tp/sched_switch", HookKind.RawTracepoint, "sched_switch")]
    [InlineData("tp_btf/sched_switch", HookKind.TypedTracepoint, "sched_switch")]
    [InlineData("uretprobe//bin/bash:readline", HookKind.Uretprobe, "/bin/bash:readline")]
    [InlineData("kprobe", HookKind.Kprobe, "")]
    [InlineData("kprobe.multi/tcp_*", HookKind.KprobeMulti, "tcp_*")]
    [InlineData("kprobe.session/tcp_*", HookKind.KprobeMulti, "tcp_*")]
    [InlineData("uprobe.multi.s//bin/bash:read*", HookKind.UprobeMulti, "/bin/bash:read*")]
    [InlineData("uretprobe.multi", HookKind.UprobeMulti, "")]
    [InlineData("netkit/peer", HookKind.Netkit, "peer")]
    [InlineData("netfilter", HookKind.Netfilter, "")]
    [InlineData("xdp.frags/devmap", HookKind.Xdp, "devmap")]
    [InlineData("cgroup/connect4", HookKind.Cgroup, "connect4")]
    [InlineData("lsm.s/bpf", HookKind.Lsm, "bpf")]
    [InlineData("iter/task", HookKind.Iterator, "task")]
    [InlineData("iter.s/bpf_map_elem", HookKind.MapIterator, "")]
    [InlineData("iter/bpf_map", HookKind.Iterator, "bpf_map")]
    [InlineData("xdp/stats", HookKind.Xdp, "stats")]
    [InlineData("xdp_stats1", HookKind.Xdp, "")]
    [InlineData("classifier_in", HookKind.TrafficControl, "")]
    [InlineData("socket1", HookKind.SocketFilter, "")]
    [InlineData("xdpress", HookKind.Unknown, "")]
    [InlineData("tcp_connect", HookKind.Unknown, "")]
    [InlineData("kprober/x", HookKind.Unknown, "")]
    [InlineData("", HookKind.Unknown, "")]
    public void A_sections_name_says_where_to_attach(string section, HookKind kind, string target)
    {
        var hook = ProgramHook.Parse(section);

        Assert.Equal((kind, target), (hook.Kind, hook.Target));
    }

    [Theory]
    [InlineData(MapKind.RingBuffer, 1, 1)]
    [InlineData(MapKind.RingBuffer, 17, 17)]
    [InlineData(MapKind.PerfEventArray, 0, 4)]
    [InlineData(MapKind.PerfEventArray, 4, 4)]
    [InlineData(MapKind.PerfEventArray, 5, 12)]
    [InlineData(MapKind.PerfEventArray, 12, 12)]
    [InlineData(MapKind.PerfEventArray, 16, 20)]
    public void Perf_buffers_fill_records_up(MapKind kind, long written, long read) => Assert.Equal(read, RecordLength.Of(kind, written));

    /// <summary>In a perf buffer 13 bytes and 20 are both 20 when they are read; in a ring buffer they are what they were.</summary>
    [Fact]
    public void Layouts_that_are_read_equally_long_are_refused()
    {
        Assert.Equal(2, SampleObject.Spec("layouts", ("told", "s32, s8")).Events[0].Layouts.Length);
        var e = Assert.Throws<EbpfFormatException>(() => SampleObject.Spec("layouts", ("repeated", "s32, s8")));

        Assert.Equal(("PM8022", "layouts.o: map `repeated`: events of type int and of type char are equally long, so that nothing tells them apart"), (e.Code, e.Message));
    }

    static string Told(EventSpec e) =>
        $"{e.Map.Name}: {(e.Layouts.IsEmpty ? "-" : string.Join(", ", e.Layouts))} ({e.Source}) [{string.Join(' ', e.Sizes)}]{string.Concat(e.Candidates.Select(c => " " + c))}";
}

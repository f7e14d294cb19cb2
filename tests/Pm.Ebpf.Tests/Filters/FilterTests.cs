using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pm.Ebpf.Events;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Pm.Linux.Tests;
using Xunit;

namespace Pm.Ebpf.Tests.Filters;

/// <summary>Programs of traffic control by filters, as on kernels before Linux 6.6, each test on a network of its own.</summary>
[Collection(AloneInProcess.Name)]
public sealed class FilterTests : IDisposable
{
    const int MostTurns = 200;
    static readonly KernelProbe Kernel = new();

    readonly OwnNetwork _network;

    public FilterTests()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(KernelProbe.TryMountBpffs(), "bpffs is not mounted");
        Assert.SkipUnless(File.Exists("/sbin/tc") || File.Exists("/usr/sbin/tc"), "tc is not installed: apt-get install iproute2");
        _network = new OwnNetwork();
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void They_tell_of_what_comes_and_goes_and_leave_nothing()
    {
        var left = new List<BpfError>();
        using (var running = Start(o => o with { Left = left.Add }))
        {
            Assert.Equal(["came", "went"], running.Attached.Select(p => p.Name));
            Assert.Contains("clsact", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
            Assert.Contains($"pref 61440 bpf chain 0 handle 0x706d pm:{Environment.ProcessId}:came direct-action", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
            Assert.Contains($"pref 61440 bpf chain 0 handle 0x706d pm:{Environment.ProcessId}:went direct-action", _network.Tc("filter show dev lo egress"), StringComparison.Ordinal);

            var told = Told(running);

            Assert.Contains("\"way\":\"WAY_IN\"", told, StringComparison.Ordinal);
            Assert.Contains("\"way\":\"WAY_OUT\"", told, StringComparison.Ordinal);
            running.Detach();
            AssertNothing();
        }

        AssertNothing();
        Assert.Empty(Records());
        Assert.Empty(left);
    }

    [Fact]
    public void A_start_that_fails_leaves_nothing()
    {
        // The third program of it has no control group.
        Assert.Equal("PM8039", Assert.Throws<BpfException>(() => Start(o => o with { IsStrict = true })).Error.Code);

        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void What_others_made_stays_and_is_asked_first()
    {
        _network.Tc("qdisc add dev lo clsact");
        AddAnothers();

        using (Start())
        {
            var priorities = _network.Do(() => Filters(isEgress: false).Select(f => $"{f.Kind} {f.Priority}").Distinct().ToList());
            Assert.Equal(["bpf 7", "bpf 61440"], priorities);
        }

        Assert.Contains("pref 7 bpf", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
        Assert.DoesNotContain("pm:", _network.Tc("filter show dev lo ingress") + _network.Tc("filter show dev lo egress"), StringComparison.Ordinal);
        Assert.Contains("clsact", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
    }

    [Fact]
    public void Room_that_pm_made_stays_while_others_have_filters_in_it()
    {
        using (Start())
        {
            AddAnothers();
        }

        Assert.Contains("clsact", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
        Assert.Contains("pref 7 bpf", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
    }

    [Fact]
    public void Room_that_others_made_stays_when_it_is_empty()
    {
        _network.Tc("qdisc add dev lo clsact");

        Start().Dispose();

        Assert.Contains("clsact", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_who_ends_takes_the_room_away_whoever_made_it()
    {
        var first = Start();
        using (var second = Start())
        {
            Assert.Contains("pref 61441 bpf", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
            first.Dispose();
            Assert.NotEmpty(Told(second));
        }

        AssertNothing();
    }

    [Fact]
    public void Room_for_packets_on_their_way_in_alone_serves_these()
    {
        _network.Tc("qdisc add dev lo ingress");

        using (var running = Start())
        {
            Assert.Equal(["came"], running.Attached.Select(p => p.Name));
            Assert.Contains(running.Refused, e => e is { Code: "PM8039", Program: "went" } && e.Cause.Contains("in the place of `clsact`", StringComparison.Ordinal));
            Assert.Contains("\"way\":\"WAY_IN\"", Told(running), StringComparison.Ordinal);
        }

        Assert.Contains("qdisc ingress", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
        Assert.Empty(_network.Tc("filter show dev lo ingress"));
    }

    [Fact]
    public void What_runs_on_its_own_is_stopped_from_any_network()
    {
        var spec = SampleObject.Spec("packets");
        var name = _network.Do(() =>
        {
            using var running = Start();
            return PinnedObject.Keep(running, SampleObject.Bytes("packets"), spec, $"filters-{Environment.ProcessId}", "/packets.o", ImmutableDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);
        });
        try
        {
            Send();
            using var kept = PinnedObject.TryOpen(name)!;
            Assert.Equal(["came", "went"], kept.Record.Programs);
            Assert.Equal(2, Records().Count);
            PinnedObject.StopLeft();
            Assert.Contains("WAY_IN", Told(kept.Read, kept.Poll), StringComparison.Ordinal);
        }
        finally
        {
            Assert.True(PinnedObject.Stop(name));
        }

        AssertNothing();
        Assert.Empty(Records());
    }

    /// <summary>As a process leaves it that was killed: written down, and nobody's.</summary>
    [Fact]
    public void What_a_killed_one_left_is_known_and_taken_away_by_the_next()
    {
        Leave(isWrittenDown: true);
        Assert.Contains("pm:", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);

        // From another network than its own.
        PinnedObject.StopLeft();

        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void The_next_that_runs_takes_it_away_too()
    {
        Leave(isWrittenDown: true);

        Start().Dispose();

        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void What_a_killed_one_left_in_a_network_that_is_gone_is_forgotten()
    {
        Leave(isWrittenDown: true);
        _network.End();

        PinnedObject.StopLeft();

        Assert.Empty(Records());
    }

    [Fact]
    public void What_is_written_down_nowhere_is_named_with_the_command_that_takes_it_away()
    {
        Leave(isWrittenDown: false);

        var left = Assert.Single(_network.Do(LeftFilter.Find));

        Assert.Equal(("lo ingress", $"pm:{int.MaxValue}:came"), (left.Where, left.Name));
        Assert.StartsWith("tc filter del dev lo ingress protocol all pref 61440 handle 0x706d bpf", left.Command, StringComparison.Ordinal);
        _network.Tc(left.Command["tc ".Length..]);
        Assert.Empty(_network.Tc("filter show dev lo ingress"));
    }

    [Fact]
    public void One_that_runs_is_not_named_as_left()
    {
        using var running = Start();

        Assert.Empty(_network.Do(LeftFilter.Find));
    }

    /// <summary>What somebody else put there meanwhile has another number.</summary>
    [Fact]
    public void What_is_another_s_by_now_is_left_alone()
    {
        using var running = Start();
        var program = FilterRecordOf().Program;

        FilterRemoval.Remove(FilterRecordOf() with { Program = program + 1000 });

        Assert.Contains("pm:", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
    }

    /// <summary>As one that was stopped (SIGSTOP) while it changes filters.</summary>
    [Fact]
    public void A_start_waits_for_who_changes_filters_and_names_it_when_its_patience_ends()
    {
        var time = new ManualTime();
        var told = new List<LockHolder?>();
        using (TakeGate())
        {
            var e = Assert.Throws<LockBusyException>(() => Start(o => o with { Patience = new FilterPatience(time, CancellationToken.None, told.Add) }));

            Assert.StartsWith($"lock {KernelProbe.BpffsPath}/pm: held by process {Environment.ProcessId} (", e.Message, StringComparison.Ordinal);
            Assert.EndsWith(", waited 5 s", e.Message, StringComparison.Ordinal);
            Assert.Equal(Environment.ProcessId, Assert.Single(told)!.ProcessId);
            Assert.Equal(FilterPatience.Most / FileLock.PollInterval, time.Waits);
        }

        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void A_start_that_waits_goes_on_when_the_other_lets_go()
    {
        var gate = TakeGate();
        var time = new ManualTime { AtWait = gate.Dispose };

        using var running = Start(o => o with { Patience = new FilterPatience(time, CancellationToken.None) });

        Assert.Equal(["came", "went"], running.Attached.Select(p => p.Name));
        Assert.True(time.Waits > 0);
    }

    [Fact]
    public void A_start_that_waits_can_be_interrupted()
    {
        using var stop = new CancellationTokenSource();
        var time = new ManualTime { AtWait = stop.Cancel };
        using (TakeGate())
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Start(o => o with { Patience = new FilterPatience(time, stop.Token) }));
        }

        Assert.Equal(1, time.Waits);
        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void Filters_that_cannot_be_taken_away_are_told_and_left_to_the_next()
    {
        var time = new ManualTime();
        using var stop = new CancellationTokenSource();
        var left = new List<BpfError>();
        using var running = Start(o => o with { Patience = new FilterPatience(time, stop.Token), Left = left.Add });
        var waits = time.Waits;
        using (TakeGate())
        {
            // Also who was interrupted waits to take them away, and for both no longer than for one.
            stop.Cancel();
            running.Detach();
            Assert.Equal(FilterPatience.Most / FileLock.PollInterval, time.Waits - waits);

            // Whoever sweeps next may take them away.
            Assert.Contains("pm:", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
            Assert.Equal(2, Records().Count);
        }

        Assert.Equal(2, running.Left);
        Assert.Equal(["PM8059", "PM8059"], left.Select(e => e.Code));
        Assert.StartsWith($"the filter on lo ingress cannot be taken away: lock {KernelProbe.BpffsPath}/pm: held by process {Environment.ProcessId} (", left[0].Cause, StringComparison.Ordinal);
        Assert.StartsWith("the filter on lo egress cannot be taken away: ", left[1].Cause, StringComparison.Ordinal);
        Assert.Equal($"`ps -fp {Environment.ProcessId}`, then `sudo pm stop --all`", left[0].Hint);

        PinnedObject.StopLeft();

        AssertNothing();
        Assert.Empty(Records());
    }

    [Fact]
    public void What_a_killed_one_left_is_tried_again_when_who_changes_filters_has_ended()
    {
        Leave(isWrittenDown: true);
        using (TakeGate())
        {
            Assert.Throws<LockBusyException>(() => PinnedObject.StopLeft(new FilterPatience(new ManualTime(), CancellationToken.None)));
            Assert.Single(Records());
        }

        PinnedObject.StopLeft();

        AssertNothing();
    }

    [Fact]
    public void What_runs_on_its_own_runs_on_while_another_changes_filters()
    {
        var name = _network.Do(() =>
        {
            using var running = Start();
            return PinnedObject.Keep(running, SampleObject.Bytes("packets"), SampleObject.Spec("packets"), $"gated-{Environment.ProcessId}", "/packets.o", ImmutableDictionary<string, string>.Empty, DateTimeOffset.UnixEpoch);
        });
        try
        {
            using (TakeGate())
            {
                Assert.Throws<LockBusyException>(() => PinnedObject.Stop(name, new FilterPatience(new ManualTime(), CancellationToken.None)));
            }

            Assert.Contains(name, PinnedObject.Names());
            Assert.Contains("pm:", _network.Tc("filter show dev lo ingress"), StringComparison.Ordinal);
        }
        finally
        {
            Assert.True(PinnedObject.Stop(name));
        }

        AssertNothing();
    }

    [Theory]
    [InlineData(new int[0], 0xF000)]
    [InlineData(new[] { 1, 49152 }, 0xF000)]
    [InlineData(new[] { 0xF000 }, 0xF001)]
    [InlineData(new[] { 0xFFFF }, 0xFFFE)]
    [InlineData(new[] { 0xFFFE, 0xFFFF }, 0xFFFD)]
    public void They_are_put_behind_others_where_there_is_room(int[] taken, int expected) =>
        Assert.Equal(expected, FilterPlace.Next([.. taken.Select(p => new TrafficFilter(1, false, p, 1))], 1, false)?.Priority);

    [Fact]
    public void Where_all_places_are_taken_there_is_none() =>
        Assert.Null(FilterPlace.Next([.. Enumerable.Range(1, TrafficFilter.LastPriority).Select(p => new TrafficFilter(1, false, p, 1))], 1, false));

    [Fact]
    public void What_is_written_down_is_read_again_and_nothing_else_is()
    {
        var record = new FilterRecord { Network = 4026531840, Interface = 3, InterfaceName = "näh\"r", IsEgress = true, Program = 77, MadeDiscipline = true };

        Assert.Equal(record, FilterRecord.TryRead(record.Write()));
        Assert.All((string[])["", "{", "[]", "{}", "null", "{\"format\":2}", "{\"format\":1,\"network\":-1}", "{\"format\":\"1\"}"], text => Assert.Null(FilterRecord.TryRead(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>As another pm has it while it changes filters.</summary>
    static DirectoryHandle TakeGate()
    {
        using var pins = PinDirectory.OpenOrMake();
        return pins.Gate();
    }

    RunningObject Start(Func<RunOptions, RunOptions>? with = null)
    {
        var options = new RunOptions { Name = "packets", Interface = "lo", LacksTrafficControlLinks = true };
        return _network.Do(() => ObjectStart.Run(SampleObject.Bytes("packets"), SampleObject.Spec("packets"), with?.Invoke(options) ?? options, Kernel));
    }

    /// <summary>A filter of nobody's whom pm knows, which lets all go on.</summary>
    void AddAnothers() => _network.Tc("filter add dev lo ingress pref 7 handle 1 bpf bytecode", "1,6 0 0 0");

    /// <summary>What a pm leaves behind that was killed.</summary>
    void Leave(bool isWrittenDown)
    {
        using var running = Start();
        var record = FilterRecordOf();
        running.Detach();
        AssertNothing();
        _network.Do(() =>
        {
            using var loaded = Start(o => o with { Interface = "lo" });
            loaded.Detach();
            var program = loaded.Links.First(l => l.Program.Name == "came").Descriptor;
            using var control = TrafficControl.Open();
            control.AddDiscipline(record.Interface);
            control.Add(FilterPlace.Next([], record.Interface, false)! with { Name = FilterPlace.NameOf(int.MaxValue, "came") }, program);
            if (isWrittenDown)
            {
                using var pins = PinDirectory.OpenOrMake();
                var (directory, _) = pins.MakeAside();
                FilterPins.Write(directory, record with { Program = ProgramFacts.IdOf(program), MadeDiscipline = true });
                directory.Dispose();
            }

            return "";
        });
    }

    /// <summary>Of this network: other tests have others.</summary>
    List<FilterRecord> Records()
    {
        using var pins = PinDirectory.TryOpen();
        return [.. (pins?.Filters() ?? []).Where(r => r.Network == _network.Number)];
    }

    FilterRecord FilterRecordOf() => Records().First(r => !r.IsEgress);

    static IReadOnlyList<TrafficFilter> Filters(bool isEgress)
    {
        using var control = TrafficControl.Open();
        return control.Filters(NetworkInterface.IndexOf("lo")!.Value, isEgress);
    }

    void AssertNothing()
    {
        Assert.DoesNotContain("clsact", _network.Tc("qdisc show dev lo"), StringComparison.Ordinal);
        Assert.Empty(_network.Do(() => Filters(isEgress: false).Concat(Filters(isEgress: true)).ToList()));
    }

    void Send() => _network.Do(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo(new byte[100], new IPEndPoint(IPAddress.Loopback, 9));
        return "";
    });

    string Told(RunningObject running) => Told(running.Read, running.Poll);

    string Told(Action<Objects.MapSpec, IEventSink> read, Action<TimeSpan> poll)
    {
        var output = new MemoryStream();
        var printer = new EventPrinter(output, EventStyle.Json, isAlone: true);
        var events = SampleObject.Spec("packets").Events.Single();
        read(events.Map, printer.For(events.Map.Name, events.Type!.Value));
        for (var turn = 0; turn < MostTurns && !Encoding.UTF8.GetString(output.ToArray()).Contains("WAY_IN", StringComparison.Ordinal); turn++)
        {
            Send();
            poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}

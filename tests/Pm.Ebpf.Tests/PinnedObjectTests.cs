using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Parameters;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Probing;
using Pm.Linux;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What runs on its own, in this machine's bpffs and under names that no other process has.</summary>
[Collection(AloneInProcess.Name)]
public class PinnedObjectTests
{
    const int MostTurns = 200;
    const int KeptTurns = 50;
    const int MadeTurns = 2000;

    static readonly KernelProbe Kernel = new();

    static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Its_programs_stay_at_their_hooks_until_it_is_stopped()
    {
        RequireKernel();
        var name = Keep($"kept.{Environment.ProcessId}");
        try
        {
            Assert.Equal($"kept_{Environment.ProcessId}/1", $"{name}");
            using var kept = PinnedObject.TryOpen(name)!;
            using var other = PinnedObject.TryOpen(name)!;

            Assert.Equal((Noon, "/opens.o"), (kept.Record.Started, kept.Record.Path));
            Assert.Equal(["entered"], kept.Record.Programs);
            Assert.Equal(["events", "opens_by_pid"], kept.Record.Maps.Order());
            Assert.True(kept.TryTakeEvents());
            Assert.False(other.TryTakeEvents());
            Assert.Contains($"\"pid\":{Environment.ProcessId},", Events(kept), StringComparison.Ordinal);
            Assert.True(kept.Lives);
            Assert.True(PinnedObject.Stop(name));
            Assert.False(kept.Lives);
            Assert.False(PinnedObject.Stop(name));
            Assert.Null(PinnedObject.TryOpen(name));
            Assert.DoesNotContain(name, PinnedObject.Names());
        }
        finally
        {
            PinnedObject.Stop(name);
        }
    }

    /// <summary>Who finds it gone, though it was there when he looked, is told so: it is no failure.</summary>
    [Fact]
    public void Two_may_stop_the_same_at_once()
    {
        RequireKernel();
        for (var turn = 0; turn < KeptTurns; turn++)
        {
            // The kernel lets go of what is detached somewhat later, and has place for 64 programs at a tracepoint; at a raw one there is no end.
            using var running = ObjectStart.Run(SampleObject.Bytes("figures"), SampleObject.Spec("figures"), new RunOptions { Name = "figures" }, Kernel);
            var name = PinnedObject.Keep(running, SampleObject.Bytes("figures"), SampleObject.Spec("figures"), $"twice-{Environment.ProcessId}", "/figures.o", ImmutableDictionary<string, string>.Empty, Noon);
            using var start = new Barrier(2);
            var stopped = new bool[2];

            Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                stopped[i] = PinnedObject.Stop(name);
            });

            Assert.Single(stopped, s => s);
        }
    }

    [Fact]
    public void Several_of_one_name_have_numbers_and_a_number_that_is_free_is_taken_again()
    {
        RequireKernel();
        var name = $"several-{Environment.ProcessId}";
        List<PinnedName> all = [];
        try
        {
            all.AddRange([Keep(name), Keep(name), Keep(name)]);
            Assert.True(PinnedObject.Stop(all[1]));
            all.Add(Keep(name));

            Assert.Equal([1, 2, 3, 2], all.Select(n => n.Number));
            Assert.Equal([1, 2, 3], PinnedObject.Names().Where(n => n.Name == name).Select(n => n.Number));
            var kept = PinnedObject.All(unreadable => Assert.NotEqual(name, unreadable.Name));
            Assert.Equal(3, kept.Count(k => k.Name.Name == name));
            foreach (var one in kept)
            {
                one.Dispose();
            }
        }
        finally
        {
            all.Distinct().ToList().ForEach(n => PinnedObject.Stop(n));
        }
    }

    [Fact]
    public void What_a_killed_start_left_is_not_seen_and_the_next_start_takes_it_away()
    {
        RequireKernel();
        using var pins = PinDirectory.OpenOrMake();
        string place;
        using (var running = Start())
        {
            var (directory, made) = pins.MakeAside();
            place = $"{KernelProbe.BpffsPath}/pm/+aside/{made}";
            using (directory)
            {
                PinDirectory.Pin(directory, "0", running.Links.Single().Descriptor);
                pins.Sweep();
                Assert.True(Directory.Exists(place), "it was taken away while it was being made");
            }

            running.Leave();
        }

        var name = Keep($"next-{Environment.ProcessId}");

        Assert.False(Directory.Exists(place));
        Assert.True(PinnedObject.Stop(name));
    }

    /// <summary>Another start, or `pm stop --all`, tidies up at any moment.</summary>
    [Fact]
    public void Nobody_who_tidies_up_takes_what_is_being_kept()
    {
        RequireKernel();
        using var ended = new CancellationTokenSource();
        var sweeps = 0;
        var sweeper = new Thread(() =>
        {
            for (; !ended.IsCancellationRequested; sweeps++)
            {
                PinnedObject.StopLeft();
            }
        });
        sweeper.Start();
        try
        {
            for (var turn = 0; turn < KeptTurns; turn++)
            {
                var name = Keep($"swept-{Environment.ProcessId}");
                using var kept = PinnedObject.TryOpen(name);
                Assert.True(kept is { Lives: true } && Directory.EnumerateFiles($"{KernelProbe.BpffsPath}/pm/{name}/links").Count() == 1, $"{name} was taken apart, kept as number {turn}");
                Assert.True(PinnedObject.Stop(name));
            }
        }
        finally
        {
            ended.Cancel();
            sweeper.Join();
        }

        Assert.True(sweeps > 0);
    }

    /// <summary>One after the other, as a program does that starts and stops many: who tidies up has opened the last while the next is being made.</summary>
    [Fact]
    public void Nobody_who_tidies_up_takes_the_next_for_the_last()
    {
        RequireKernel();
        using var pins = PinDirectory.OpenOrMake();
        using var ended = new CancellationTokenSource();
        var sweeper = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                PinnedObject.StopLeft();
            }
        });
        sweeper.Start();
        try
        {
            for (var turn = 0; turn < MadeTurns; turn++)
            {
                var (directory, place) = pins.MakeAside();
                using (directory)
                {
                    using var maps = directory.OpenOrMakeBeneath("maps", 0x1c0);
                    using var links = directory.OpenOrMakeBeneath("links", 0x1c0);
                    pins.Show(place, $"next-{Environment.ProcessId}");
                }

                Assert.Single(PinnedObject.Names(), n => n.Name == $"next-{Environment.ProcessId}");
                Assert.True(pins.Remove(new PinnedName($"next-{Environment.ProcessId}", 1)));
            }
        }
        finally
        {
            ended.Cancel();
            sweeper.Join();
            PinnedObject.Names().Where(n => n.Name == $"next-{Environment.ProcessId}").ToList().ForEach(n => PinnedObject.Stop(n));
        }
    }

    [Fact]
    public void One_whose_record_cannot_be_read_is_named_and_can_be_stopped()
    {
        RequireKernel();
        var name = Keep($"broken-{Environment.ProcessId}");
        File.Delete($"{KernelProbe.BpffsPath}/pm/{name}/record");
        List<PinnedName> unreadable = [];

        foreach (var one in PinnedObject.All(unreadable.Add))
        {
            one.Dispose();
        }

        Assert.Contains(name, unreadable);
        Assert.Equal("PM8058", Assert.Throws<BpfException>(() => PinnedObject.TryOpen(name)).Error.Code);
        Assert.True(PinnedObject.Stop(name));
    }

    [Theory]
    [InlineData("opens", "opens")]
    [InlineData("a.b", "a_b")]
    [InlineData("+aside", "_aside")]
    [InlineData("../etc", "___etc")]
    [InlineData("-rf", "_rf")]
    [InlineData("\u001b[2J\n", "__2J_")]
    [InlineData("", "_")]
    public void A_name_leads_nowhere_and_is_no_option(string name, string plain) => Assert.Equal(plain, PinnedName.Plain(name));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((32 << 10) - 8)]
    [InlineData((32 << 10) - 7)]
    [InlineData(100_000)]
    public void Bytes_come_out_of_a_map_as_they_went_in(int count)
    {
        RequireKernel();
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);

        using var map = ByteMap.Make(bytes);

        Assert.Equal(bytes, ByteMap.TryRead(map, count));
        Assert.Equal(count > 0 ? null : bytes, ByteMap.TryRead(map, count - (count > 0 ? 1 : 0)));
    }

    [Theory]
    [InlineData(0x1ff, true)]
    [InlineData(0x1f8, true)]
    [InlineData(0x1c0, false)]
    public void A_directory_that_others_can_write_holds_nothing_of_ours(int mode, bool isRefused)
    {
        var path = Directory.CreateTempSubdirectory("pm-pins-").FullName;
        File.SetUnixFileMode(path, (UnixFileMode)mode);

        var e = Record.Exception(() => PinDirectory.Trusted(DirectoryHandle.Open(path)).Dispose());

        Assert.Equal(isRefused ? "PM8053" : null, (e as BpfException)?.Error.Code);
        Directory.Delete(path);
    }

    [Fact]
    public void A_record_is_read_as_it_was_written_and_nothing_else_is_one()
    {
        var record = new PinnedRecord
        {
            Path = "/a b/\"ö\".o",
            Started = Noon,
            Programs = ["a"],
            Maps = ["b", "c"],
            EventTypes = ImmutableSortedDictionary<string, string>.Empty.Add("b", "struct x"),
        };
        var bytes = record.Write().ToArray();

        var read = PinnedRecord.TryRead(bytes)!;

        Assert.Equal((record.Path, record.Started), (read.Path, read.Started));
        Assert.Equal(record.Programs, read.Programs);
        Assert.Equal(record.Maps, read.Maps);
        Assert.Equal(record.EventTypes, read.EventTypes);
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Null(PinnedRecord.TryRead(bytes.AsMemory(0, i)));
        }

        Assert.Null(PinnedRecord.TryRead(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal))));
        Assert.Null(PinnedRecord.TryRead("[]"u8.ToArray()));
        Assert.Null(PinnedRecord.TryRead("""{"format":1,"path":1,"started":"x","programs":{},"maps":[1],"events":[]}"""u8.ToArray()));
    }

    static void RequireKernel()
    {
        Assert.SkipUnless(Kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {Kernel.Capabilities})");
        Assert.SkipUnless(Kernel.TryMountTracefs() && KernelProbe.TryMountBpffs(), "tracefs or bpffs is not mounted");
    }

    static RunningObject Start()
    {
        var spec = SampleObject.Spec("opens");
        var values = ParameterSet.Of(spec).Read(["--pid", $"{Environment.ProcessId}"]);
        return ObjectStart.Run(SampleObject.Bytes("opens"), spec, new RunOptions { Name = "opens", Values = values }, Kernel);
    }

    static PinnedName Keep(string name)
    {
        using var running = Start();
        return PinnedObject.Keep(running, SampleObject.Bytes("opens"), SampleObject.Spec("opens"), name, "/opens.o", ImmutableDictionary<string, string>.Empty, Noon);
    }

    /// <summary>What it tells of files that this process opens.</summary>
    static string Events(PinnedObject kept)
    {
        var output = new MemoryStream();
        var printer = new EventPrinter(output, EventStyle.Json, isAlone: true);
        var events = kept.ReadSpec().Events.Single();
        kept.Read(events.Map, printer.For(events.Map.Name, events.Type!.Value));
        for (var turn = 0; turn < MostTurns && output.Length == 0; turn++)
        {
            _ = File.Exists("/proc/self/status") && File.ReadAllText("/proc/self/status").Length > 0;
            kept.Poll(TimeSpan.FromMilliseconds(50));
            printer.Flush();
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}

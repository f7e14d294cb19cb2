using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Eunomia;
using Pm.Ebpf.Events;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Symbols;
using Pm.Linux;

namespace Pm.Ebpf.Pinning;

/// <summary>
/// An object whose programs stay at their hooks when the process that started it has ended. What holds them, its maps, and all that is needed to read them are
/// pins in bpffs: no daemon, and no state anywhere else. Disposing it lets go of it; <see cref="Stop"/> ends it.
/// </summary>
public sealed class PinnedObject : IObjectMaps, IDisposable
{
    const string ObjectPin = "object";
    const string RecordPin = "record";
    const string MetaPin = "meta";
    const string LinksName = "links";
    const string MapsName = "maps";
    const int SpareFiles = 8;
    const int RecordSize = 1 << 20;
    const int OwnerOnly = 0x1c0; // 0700

    readonly DirectoryHandle _directory;
    readonly List<SafeFileHandle> _maps = [];
    readonly EventReaders _readers = new();
    readonly StackNames _names = new();

    PinnedObject(DirectoryHandle directory, PinnedName name, PinnedRecord record) => (_directory, Name, Record) = (directory, name, record);

    public PinnedName Name { get; }

    public PinnedRecord Record { get; }

    /// <summary>Keeps a running object: its programs stay at their hooks until <see cref="Stop"/>. Killed on the way, it leaves nothing that is seen, and the next start takes it away.</summary>
    /// <param name="running">What runs.</param>
    /// <param name="bytes">The object.</param>
    /// <param name="spec">What it says of itself.</param>
    /// <param name="name">What it is to be called.</param>
    /// <param name="path">Where it was.</param>
    /// <param name="eventTypes">Types of events that were said beside the object.</param>
    /// <param name="now">When it was started.</param>
    /// <param name="meta">What a package of eunomia's says of it; empty: it is of none.</param>
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be kept.</exception>
    public static PinnedName Keep(
        RunningObject running, ReadOnlySpan<byte> bytes, BpfSpec spec, string name, string path, IReadOnlyDictionary<string, string> eventTypes, DateTimeOffset now,
        ReadOnlySpan<byte> meta = default)
    {
        ArgumentNullException.ThrowIfNull(running);
        ArgumentNullException.ThrowIfNull(spec);
        var sections = LossCounters.Of(spec).Where(c => c.Map is null).Select(c => c.Place).Distinct();
        var maps = running.Maps.Where(m => spec.Maps.Any(s => s.Name == m.Name))
            .Concat(sections.Select(s => (Name: s, Descriptor: running.DescriptorOf(s))).Where(s => s.Descriptor is not null).Select(s => (s.Name, Descriptor: s.Descriptor!.Value)))
            .ToList();
        var record = new PinnedRecord
        {
            Path = path,
            Started = now,
            Programs = [.. running.Attached.Select(p => p.Name)],
            Maps = [.. maps.Select(m => m.Name)],
            EventTypes = eventTypes.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

        using var pins = PinDirectory.OpenOrMake();
        if (KernelProbe.HasMountedBpffs && !PinDirectory.IsForAll)
        {
            throw new BpfException(new BpfError("PM8057", "what would hold its programs at their hooks ends with this view of the file systems")
            {
                Hint = "`nsenter --net=/run/netns/NAME pm run -d …` in place of `ip netns exec NAME …`",
            });
        }

        pins.Sweep();
        var spare = Spare();
        try
        {
            // Its lock is held until it is seen, or gone: who sweeps takes what nobody holds.
            var (directory, place) = pins.MakeAside();
            using (directory)
            {
                try
                {
                    Fill(directory, running, maps, bytes, record, meta);
                    var kept = pins.Show(place, PinnedName.Plain(name));
                    running.Leave();
                    return kept;
                }
                catch
                {
                    // A link that is pinned already would keep its program at its hook.
                    spare.ForEach(s => s.Dispose());
                    pins.Discard(place, PinnedName.Plain(name));
                    throw;
                }
            }
        }
        finally
        {
            spare.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Files for taking away again what was pinned: where that is needed because no more can be opened, there are these.</summary>
    static List<SafeFileHandle> Spare()
    {
        var spare = new List<SafeFileHandle>();
        try
        {
            while (spare.Count < SpareFiles)
            {
                spare.Add(File.OpenHandle("/dev/null"));
            }

            return spare;
        }
        catch (IOException)
        {
            spare.ForEach(s => s.Dispose());
            throw new BpfException(new BpfError("PM8053", "it cannot be kept: that needs more open files than this process may have") { Hint = "`ulimit -n` shows how many it may have, and `ulimit -n 1024` raises it" });
        }
    }

    /// <summary>Pins all that is needed to read it, and last what holds its programs.</summary>
    static void Fill(DirectoryHandle directory, RunningObject running, List<(string Name, int Descriptor)> maps, ReadOnlySpan<byte> bytes, PinnedRecord record, ReadOnlySpan<byte> meta)
    {
        PinBytes(directory, ObjectPin, bytes);
        PinBytes(directory, RecordPin, record.Write().Span);
        if (!meta.IsEmpty)
        {
            PinBytes(directory, MetaPin, meta);
        }

        using var mapPins = directory.OpenOrMakeBeneath(MapsName, OwnerOnly);
        foreach (var (number, map) in maps.Index())
        {
            Pin(mapPins, $"{number}", map.Descriptor, $"map `{map.Name}`");
        }

        using var linkPins = directory.OpenOrMakeBeneath(LinksName, OwnerOnly);
        foreach (var (number, links) in running.Links.GroupBy(l => l.Program.Name).Index())
        {
            foreach (var (which, link) in links.Index())
            {
                Pin(linkPins, which == 0 ? $"{number}" : $"{number}-{which}", link.Descriptor, $"program `{link.Program.Name}` ({link.Program.Place})");
            }
        }

        foreach (var kind in running.Written.GroupBy(w => w.Several))
        {
            using var written = directory.OpenOrMakeBeneath(kind.Key, OwnerOnly);
            foreach (var (number, one) in kind.Index())
            {
                one.Move(written, $"{number}");
            }
        }
    }

    /// <summary>All that run on their own, by their names. One that cannot be read is left out, and named to <paramref name="unreadable"/>.</summary>
    /// <exception cref="BpfException">PM8030, PM8053: where they are may not be read.</exception>
    public static IReadOnlyList<PinnedObject> All(Action<PinnedName> unreadable)
    {
        ArgumentNullException.ThrowIfNull(unreadable);
        using var pins = PinDirectory.TryOpen();
        var all = new List<PinnedObject>();
        foreach (var name in pins?.All() ?? [])
        {
            if (pins!.TryOpen(name) is { } directory)
            {
                if (TryReadRecord(directory) is { } record)
                {
                    all.Add(new PinnedObject(directory, name, record));
                }
                else
                {
                    directory.Dispose();
                    unreadable(name);
                }
            }
        }

        return all;
    }

    /// <returns>Null: it is not there any more.</returns>
    /// <exception cref="BpfException">PM8030, PM8053: where it is may not be read; PM8058: what is kept of it cannot be.</exception>
    public static PinnedObject? TryOpen(PinnedName name)
    {
        using var pins = PinDirectory.TryOpen();
        if (pins?.TryOpen(name) is not { } directory)
        {
            return null;
        }

        if (TryReadRecord(directory) is { } record)
        {
            return new PinnedObject(directory, name, record);
        }

        directory.Dispose();
        throw new BpfException(new BpfError("PM8058", $"{name}: what is kept of it cannot be read") { Hint = $"`pm stop {name}` ends it" });
    }

    /// <summary>The names of all of them, those too that cannot be read.</summary>
    /// <exception cref="BpfException">PM8030, PM8053: where they are may not be read.</exception>
    public static IReadOnlyList<PinnedName> Names()
    {
        using var pins = PinDirectory.TryOpen();
        return pins?.All() ?? [];
    }

    /// <summary>Takes its programs from their hooks, and forgets its maps and all that is in them.</summary>
    /// <returns>False: it was not there any more.</returns>
    /// <exception cref="BpfException">PM8030, PM8053, PM8059: the kernel refused.</exception>
    /// <exception cref="LockBusyException">It has filters, and another who changes some did not end in time: nothing was done.</exception>
    public static bool Stop(PinnedName name, FilterPatience? patience = null)
    {
        using var pins = PinDirectory.TryOpen(patience);
        pins?.Sweep();
        return pins?.Remove(name) ?? false;
    }

    /// <summary>Ends what a start or an end that was killed left at its hooks, where nobody sees it.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfException">PM8030, PM8053, PM8059: the kernel refused.</exception>
    /// <exception cref="LockBusyException">Filters are among it, and another who changes some did not end in time.</exception>
    public static int StopLeft(FilterPatience? patience = null)
    {
        using var pins = PinDirectory.TryOpen(patience);
        Exception? failure = null;
        var count = pins?.Sweep(e => failure ??= e) ?? 0;
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return count;
    }

    /// <summary>How many <see cref="StopLeft"/> would end.</summary>
    /// <exception cref="BpfException">PM8030, PM8053: where they are may not be read.</exception>
    public static int CountLeft()
    {
        using var pins = PinDirectory.TryOpen();
        return pins?.CountLeft() ?? 0;
    }

    /// <summary>The object, read again from what is kept of it.</summary>
    /// <exception cref="BpfException">PM8058: it cannot be read.</exception>
    /// <exception cref="EbpfFormatException">PM8020 to PM8023: it is broken.</exception>
    public BpfSpec ReadSpec() => TryReadBytes(_directory, ObjectPin, ElfLimits.Size) is { } bytes
        ? BpfSpec.Parse(bytes, Record.Path, EventSpec.Stated(Record.EventTypes))
        : throw new BpfException(new BpfError("PM8058", $"{Name}: what is kept of the object cannot be read"));

    /// <summary>What a package of eunomia's says of it; null: it is of none.</summary>
    /// <exception cref="BpfException">PM8058: it cannot be read.</exception>
    /// <exception cref="EbpfFormatException">PM8062: it is broken.</exception>
    public EunomiaMeta? ReadMeta() => _directory.Status(MetaPin) is null ? null
        : TryReadBytes(_directory, MetaPin, EunomiaLimits.Package) is { } bytes ? EunomiaMeta.Parse(bytes, "meta", Record.Path)
        : throw new BpfException(new BpfError("PM8058", $"{Name}: what is kept of its package cannot be read"));

    /// <summary>Nobody else reads its events now, or from now on until this is disposed: each goes to one reader.</summary>
    /// <returns>False: another reads them.</returns>
    public bool TryTakeEvents() => _directory.TryLock();

    /// <inheritdoc/>
    public void Read(MapSpec map, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(map);
        _readers.Add(map, Open(map.Name), sink);
    }

    /// <inheritdoc/>
    public MapSampler Sample(MapSpec map, SampleNote note, EventDialect dialect = EventDialect.Own)
    {
        ArgumentNullException.ThrowIfNull(map);
        MapSampler.Check(map, note);
        return new MapSampler(new MapContent(Open(map.Name), map), map, note, dialect);
    }

    /// <inheritdoc/>
    public StackReader Stacks(StackLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new StackReader(layout, layout.Map is { } map ? new MapContent(Open(map.Name), map) : null, _names);
    }

    /// <inheritdoc cref="RunningObject.ReadText"/>
    /// <exception cref="BpfException">PM8058: it is not there any more.</exception>
    public void ReadText(string program, Func<ReadOnlySpan<byte>, bool> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        using var link = Link(program);
        IteratorText.Read(program, (int)link.DangerousGetHandle(), take);
    }

    /// <summary>What reads how many events ring buffers had no place for since it was started, as far as its programs count them; also when it was stopped meanwhile.</summary>
    /// <returns>Throws PM8040 where the kernel does not give it.</returns>
    /// <exception cref="BpfException">PM8058: where they count it is not there any more.</exception>
    public Func<ulong> Losses(BpfSpec spec)
    {
        var counters = LossCounters.Of(spec);
        var opened = counters.Select(c => c.Place).Distinct().Where(Record.Maps.Contains).ToDictionary(place => place, Open);
        return () => LossReader.Sum(counters, place => opened.TryGetValue(place, out var descriptor) ? descriptor : null);
    }

    /// <inheritdoc cref="RunningObject.Poll"/>
    public void Poll(TimeSpan time) => _readers.Poll(time);

    /// <inheritdoc cref="RunningObject.Drain"/>
    public void Drain() => _readers.Drain();

    /// <summary>Whether it is still there.</summary>
    public bool Lives => _directory.Status(RecordPin) is not null;

    public void Dispose()
    {
        _readers.Dispose();
        _maps.ForEach(m => m.Dispose());
        _directory.Dispose();
    }

    /// <summary>What holds a program at its hook.</summary>
    SafeFileHandle Link(string program)
    {
        try
        {
            using var pins = _directory.OpenBeneath(LinksName);
            return PinDirectory.Get(pins, $"{Record.Programs.IndexOf(program)}");
        }
        catch (Exception e) when (e is LibBpfException or SystemCallException)
        {
            throw new BpfException(new BpfError("PM8058", $"{Name}: program `{program}` is not there any more: {e.Message}"));
        }
    }

    /// <summary>A map, until this is disposed.</summary>
    int Open(string map)
    {
        try
        {
            using var pins = _directory.OpenBeneath(MapsName);
            _maps.Add(PinDirectory.Get(pins, $"{Record.Maps.IndexOf(map)}"));
        }
        catch (Exception e) when (e is LibBpfException or SystemCallException)
        {
            throw new BpfException(new BpfError("PM8058", $"{Name}: map `{map}` is not there any more: {e.Message}"));
        }

        return (int)_maps[^1].DangerousGetHandle();
    }

    static PinnedRecord? TryReadRecord(DirectoryHandle directory) => TryReadBytes(directory, RecordPin, RecordSize) is { } bytes ? PinnedRecord.TryRead(bytes) : null;

    static byte[]? TryReadBytes(DirectoryHandle directory, string name, int limit)
    {
        try
        {
            using var map = PinDirectory.Get(directory, name);
            return ByteMap.TryRead(map, limit);
        }
        catch (LibBpfException)
        {
            return null;
        }
    }

    static void PinBytes(DirectoryHandle directory, string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var map = ByteMap.Make(bytes);
            PinDirectory.Pin(directory, name, (int)map.DangerousGetHandle());
        }
        catch (LibBpfException e)
        {
            throw NotKept("what it is", e);
        }
    }

    static void Pin(DirectoryHandle directory, string name, int descriptor, string what)
    {
        try
        {
            PinDirectory.Pin(directory, name, descriptor);
        }
        catch (LibBpfException e)
        {
            throw NotKept(what, e);
        }
    }

    static BpfException NotKept(string what, LibBpfException e) => new(new BpfError("PM8057", $"{what} cannot be kept: {LibBpfText.Last(e)}")
    {
        Log = e.Log,
        Hint = "without `-d` it runs for as long as pm does",
    });
}

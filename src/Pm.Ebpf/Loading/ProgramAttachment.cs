using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Brings loaded programs to their hooks: as their sections say, and for all that these do not say, as their user does.</summary>
sealed class ProgramAttachment(RunOptions options, KernelProbe kernel, OperationsRegistration operations)
{
    const string NetworkPath = "/proc/self/ns/net";

    readonly NewerAttachment _newer = new(options, kernel);

    /// <returns>All that hold it at its hook; at least one.</returns>
    /// <exception cref="LibBpfException">The kernel or libbpf refused.</exception>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="BpfException">PM8039: its user does not say enough.</exception>
    public ImmutableArray<BpfLink> Attach(BpfObject loaded, BpfProgram program, ProgramSpec spec) => spec.Hook.Kind switch
    {
        HookKind.PerfEvent => AttachClocks(program, spec),
        HookKind.StructOperations => operations.Attach(loaded, spec),
        _ => [AttachOnce(loaded, program, spec)],
    };

    BpfLink AttachOnce(BpfObject loaded, BpfProgram program, ProgramSpec spec) => spec.Hook.Kind switch
    {
        HookKind.MapIterator => AttachToMap(loaded, spec, (map, _) => program.AttachMapIterator(map)),
        HookKind.SocketMap => AttachToMap(loaded, spec, (map, isOwn) => AttachSockets(program, spec, map, isOwn)),
        HookKind.Xdp => program.AttachXdp(InterfaceFor(spec)),
        HookKind.TrafficControl => AttachTrafficControl(program, spec),
        HookKind.SocketFilter => BpfLink.OfDescriptor(PacketSocket.Open(InterfaceFor(spec), program.Descriptor)),
        HookKind.Cgroup or HookKind.SocketOperations or HookKind.LsmCgroup => AttachCgroup(program, spec),
        HookKind.NetworkNamespace => AttachNetwork(program),
        HookKind.KprobeMulti => _newer.AttachFunctions(program, spec),
        HookKind.UprobeMulti => _newer.AttachFile(program, spec),
        HookKind.Netkit => program.AttachNetkit(InterfaceFor(spec), AttachType.Of(spec)!.Value),
        HookKind.Netfilter => NewerAttachment.AttachNetfilter(program, spec),
        HookKind.TypedTracepoint or HookKind.Fentry or HookKind.Fexit or HookKind.FmodRet => program.AttachTraced(),
        HookKind.Lsm => program.AttachDecision(),
        HookKind.Iterator => program.AttachIterator(),
        _ when Resolve(spec) is { } path => AttachToFile(program, spec, path),
        // libbpf takes what stands before the colon of a section for the function.
        _ when spec.IsPlaced || FunctionPlace.Of(spec.Hook) is { IsInModule: true } => AttachPlaced(program, spec),
        _ => program.Attach(),
    };

    /// <summary>Where its user says, or its section in words that libbpf does not know. What the kernel has types of was aimed before it was loaded.</summary>
    static BpfLink AttachPlaced(BpfProgram program, ProgramSpec spec)
    {
        var (kind, target) = (spec.Hook.Kind, spec.Hook.Target);
        var isReturn = spec.IsAtReturn;
        return kind switch
        {
            HookKind.Tracepoint when target.Split('/') is [var category, var name] => program.AttachTracepoint(category, name),
            HookKind.RawTracepoint => program.AttachRawTracepoint(target),
            HookKind.Kprobe or HookKind.Kretprobe when FunctionPlace.OfKernel(target) is { } place => program.AttachKprobe(place, isReturn),
            HookKind.Ksyscall or HookKind.Kretsyscall => program.AttachSystemCall(target, isReturn),
            HookKind.Uprobe or HookKind.Uretprobe when FunctionPlace.OfFile(target) is { } place => program.AttachUprobe(place, isReturn),
            HookKind.Usdt when HookTarget.MarkOf(target) is var (file, provider, name) => program.AttachMark(file, provider, name),
            _ => program.Attach(),
        };
    }

    /// <summary>The path of a file that is named without one: whatever lies in its way there, libbpf would open.</summary>
    string? Resolve(ProgramSpec spec)
    {
        try
        {
            return options.Files.Resolve(spec.Hook);
        }
        catch (FileNotFoundException e)
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, e.Message, $"`pm run --at {spec.Name}=FILE:… …`, with its path"));
        }
    }

    static BpfLink AttachToFile(BpfProgram program, ProgramSpec spec, string path) => HookTarget.MarkOf(spec.Hook.Target) is var (_, provider, name) && spec.Hook.Kind is HookKind.Usdt
        ? program.AttachMark(path, provider, name)
        : program.AttachUprobe(FunctionPlace.OfFile(spec.Hook.Target)! with { File = path }, spec.IsAtReturn);

    /// <summary>To a map of the object's, or one that is pinned.</summary>
    /// <param name="loaded">The object.</param>
    /// <param name="spec">The program.</param>
    /// <param name="attach">Given the map, and whether it goes with the object.</param>
    static BpfLink AttachToMap(BpfObject loaded, ProgramSpec spec, Func<int, bool, BpfLink> attach)
    {
        if (!NamedMap.IsPinned(spec))
        {
            var map = loaded.Maps.First(m => m.Name == spec.Hook.Target);
            return attach(map.Descriptor, !map.IsPinned);
        }

        using var pinned = PinnedFile.Open(spec.Hook.Target);
        if (!PinnedFile.IsMap(pinned))
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, $"`{spec.Hook.Target}` is no map", "`sudo find /sys/fs/bpf` lists what is pinned"));
        }

        return attach((int)pinned.DangerousGetHandle(), false);
    }

    /// <summary>By a link, which goes with who has it; without, where the kernel has no such links, to a map that goes with the object.</summary>
    BpfLink AttachSockets(BpfProgram program, ProgramSpec spec, int map, bool isOwn)
    {
        var place = AttachType.Of(spec)!.Value;
        if (!SocketMaps.IsOne(BpfMap.KindOf(map)))
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, NamedMap.Unfit(spec), "`sudo bpftool map` lists what maps there are"));
        }

        if (BpfMap.HasProgram(map, place))
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, $"map `{spec.Hook.Target}` has a program there already", "`sudo bpftool prog` lists programs"));
        }

        try
        {
            return program.AttachSockets(map, place);
        }
        catch (LibBpfException e) when (e.Errno is Errno.EINVAL && new KernelFacts(kernel.Types, KernelDescription.Unknown).HasSocketMapLinks is not true)
        {
            // It does not know what is asked.
            return isOwn
                ? program.AttachSocketsForGood(map, place)
                : throw new BpfException(BpfTranslation.Incomplete(
                    spec, $"map `{spec.Hook.Target}` would keep it when pm has ended: this kernel has no links of programs and maps of sockets (Linux 6.10)", "a map of the object itself, which is not pinned, goes with it"));
        }
    }

    /// <summary>To a clock of each processor that runs.</summary>
    ImmutableArray<BpfLink> AttachClocks(BpfProgram program, ProgramSpec spec)
    {
        var links = ImmutableArray.CreateBuilder<BpfLink>();
        try
        {
            var count = BpfObject.Check("libbpf_num_possible_cpus", LibBpf.libbpf_num_possible_cpus());
            for (var processor = 0; processor < count; processor++)
            {
                using var clock = OpenClock(processor, spec);
                if (clock is not null)
                {
                    links.Add(program.AttachClock(clock));
                }
            }
        }
        catch
        {
            foreach (var link in links)
            {
                link.Dispose();
            }

            throw;
        }

        return links.DrainToImmutable();
    }

    SafeFileHandle? OpenClock(int processor, ProgramSpec spec)
    {
        try
        {
            return SamplingClock.TryOpen(processor, options.Frequency);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL && SamplingClock.MostOfKernel is { } most && most < options.Frequency)
        {
            throw new BpfException(BpfTranslation.Incomplete(
                spec, $"{options.Frequency} times a second is more than this kernel samples (/proc/sys/kernel/perf_event_max_sample_rate: {most})", $"`pm run --frequency {most} …`"));
        }
    }

    /// <summary>By a link, which goes with who has it; by a filter where the kernel has no such links.</summary>
    BpfLink AttachTrafficControl(BpfProgram program, ProgramSpec spec)
    {
        var (interfaceIndex, isEgress) = (InterfaceFor(spec), spec.Section.Contains("egress", StringComparison.Ordinal));
        try
        {
            if (!options.LacksTrafficControlLinks)
            {
                return program.AttachTrafficControl(interfaceIndex, isEgress);
            }
        }
        catch (LibBpfException e) when (e.Errno is Errno.EINVAL && new KernelFacts(kernel.Types, KernelDescription.Unknown).HasTrafficControlLinks is not true)
        {
            // It does not know what is asked.
        }

        try
        {
            return BpfLink.OfWritten(AttachedFilter.Attach(interfaceIndex, isEgress, program.Name, program.Descriptor, options), program.Descriptor);
        }
        catch (BpfException e)
        {
            throw new BpfException(e.Error with { Program = spec.Name, Hook = spec.Place });
        }
    }

    BpfLink AttachCgroup(BpfProgram program, ProgramSpec spec)
    {
        if (options.Cgroup is null)
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, "no control group is given for it: `--cgroup DIR` does", $"`pm run --cgroup {ControlGroups.Root ?? "/sys/fs/cgroup"} …`"));
        }

        using var directory = DirectoryHandle.Open(options.Cgroup);
        return program.AttachCgroup(directory);
    }

    /// <summary>To the network that this process is in.</summary>
    static BpfLink AttachNetwork(BpfProgram program)
    {
        using var network = File.OpenHandle(NetworkPath);
        return program.AttachNetwork(network);
    }

    int InterfaceFor(ProgramSpec spec)
    {
        if (options.Interface is not { } name)
        {
            throw new BpfException(BpfTranslation.Incomplete(spec, "no network interface is given for it: `--interface NAME` does", "`pm run --interface lo …`"));
        }

        return NetworkInterface.IndexOf(name)
            ?? throw new BpfException(BpfTranslation.Incomplete(spec, $"there is no network interface `{name}`", "`ip link` lists them"));
    }
}

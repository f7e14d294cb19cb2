using Pm.Cli.Commands.Packages;
using Pm.Cli.Output;
using Pm.Ebpf;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Probing;

namespace Pm.Cli.Ebpf;

/// <summary>The kernel that objects are held against: this one, one that files describe, or one of another machine.</summary>
/// <param name="Name">For people.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="Why">Why not more is known; null where all is.</param>
sealed record TargetKernel(string Name, KernelFacts Facts, string? Why = null)
{
    /// <summary>The same, where it shows only when something is asked.</summary>
    Func<string?>? Lacking { get; init; }

    /// <summary>Why not more is known, now that all was asked; null where all is.</summary>
    public string? Remark => Why ?? Lacking?.Invoke();

    /// <param name="context">The run.</param>
    /// <param name="kernel">A file, or the name of a machine; null: this one.</param>
    /// <param name="typesPath">A file with its types; null: as the rest says.</param>
    /// <exception cref="CommandException">PM1002: nothing is named; PM0008, PM1002, PM8048: no such file or machine.</exception>
    /// <exception cref="EbpfFormatException">PM8021, PM8047: a file is none of a kernel.</exception>
    public static TargetKernel Of(PmContext context, string? kernel, string? typesPath)
    {
        // An empty name would be the directory that pm was called in.
        if (kernel is "" || typesPath is "")
        {
            throw CommandException.Usage("PM1002", $"`{(kernel is "" ? "--kernel" : "--btf")}`: expected {(kernel is "" ? "a file or a machine" : "a file")}, got nothing");
        }

        var types = typesPath is null ? null : GivenTypes.Read(context, typesPath);
        if (kernel is null)
        {
            return types is null ? Here(context) : OfTypes(typesPath!, types);
        }

        if (!Path.Exists(context.FullPath(kernel)))
        {
            return kernel.Contains('/', StringComparison.Ordinal) || kernel.EndsWith(".json", StringComparison.Ordinal)
                ? throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {Hostile.OneLine(kernel)}")
                : RemoteKernel.Ask(context, kernel, types);
        }

        if (Directory.Exists(context.FullPath(kernel)) || !IsDescription(context, kernel))
        {
            return OfTypes(kernel, GivenTypes.Read(context, kernel));
        }

        var description = KernelDescriptionText.Read(ReadLimited(context, kernel, KernelDescriptionText.Limit), kernel);
        RequireSame(kernel, description, types?.Digest, typesPath);
        var known = types?.Types ?? TypesHere(description);
        return new TargetKernel(
            description.Release is null ? kernel : $"{kernel} ({description.Release})", new KernelFacts(known, description) { Modules = types?.Modules },
            known is null && description.TypesDigest is not "" ? "its types are not known: `--btf FILE` says them (a copy of its /sys/kernel/btf/vmlinux)" : null);
    }

    static TargetKernel OfTypes(string name, GivenTypes types) => new(
        name, new KernelFacts(types.Types, KernelDescription.Unknown) { Modules = types.Modules }, "only its types are known: `pm doctor --ebpf --json` on that machine says the rest");

    static TargetKernel Here(PmContext context)
    {
        var probe = new KernelProbe();
        var description = KernelSurvey.Glance(probe);
        var facts = new KernelFacts(probe.Types, description)
        {
            HasSymbol = probe.HasSymbol,
            HasSymbolLike = probe.HasSymbolLike,
            FileFault = new ProgramFiles(context.Variable).WhyNot,
            Modules = probe.Modules,
            UnloadedModuleWith = probe.UnloadedModuleWith,
            MayLoad = probe.MayLoad,
            ConfigurationNow = () => probe.Configuration,
            VersionNow = () => KernelProbe.Version,
            TakesNow = probe.Takes,
            HelperFaultNow = probe.HelperFault,
            TakesFlavoursNow = KernelProbe.TakesFlavours,
            HasTracepointNow = probe.HasTracepoint,
            TracepointEndNow = probe.TracepointEnd,
            TracepointsNow = () => probe.AllTracepoints,
        };
        return new TargetKernel(
            $"this kernel ({description.Release})", facts,
            !probe.MayTrace ? "this user may load no programs, so none was tried: `sudo pm check …` knows more"
                : null)
        {
            Lacking = () => probe.LacksLibrary ? "no program was tried, for libbpf is missing: apt-get install libbpf1" : null,
        };
    }

    /// <summary>A description of the very kernel that runs here, or of one with the same types.</summary>
    static BtfFile? TypesHere(KernelDescription description)
    {
        var probe = new KernelProbe();
        return probe.HasTypes && description.TypesDigest == KernelSurvey.Describe(probe, TypesDigest.TryOf).TypesDigest ? probe.Types : null;
    }

    static void RequireSame(string kernel, KernelDescription description, string? digest, string? typesPath)
    {
        if (digest is not null && description.TypesDigest is { } said && said != digest)
        {
            throw new EbpfFormatException("PM8047", $"it describes a kernel with other types than {typesPath} has", kernel, "take both from the same machine: `pm doctor --ebpf --json`, /sys/kernel/btf/vmlinux");
        }
    }

    static bool IsDescription(PmContext context, string path)
    {
        using var file = InputFile.Open(context, path);
        for (var i = 0; i < 64; i++)
        {
            if (file.ReadByte() is var next && next is not (' ' or '\t' or '\r' or '\n'))
            {
                return next == '{';
            }
        }

        return false;
    }

    static byte[] ReadLimited(PmContext context, string path, int limit)
    {
        using var file = InputFile.Open(context, path);
        if (file.Length > limit)
        {
            throw new EbpfFormatException("PM8047", $"at most {limit} bytes, got {file.Length}", path);
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}

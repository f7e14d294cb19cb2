using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Brings programs to hooks by links that pm asks the kernel for itself: libbpf 1.1 knows no way to them, or takes functions for traceable that are not.</summary>
sealed class NewerAttachment(RunOptions options, KernelProbe kernel)
{
    /// <summary>To all functions of the kernel with names like that.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="BpfException">PM8034: there is none.</exception>
    public BpfLink AttachFunctions(BpfProgram program, ProgramSpec spec) => kernel.TraceableLike(spec.Hook.Target) switch
    {
        null => program.AttachKprobes(spec.Hook.Target, spec.IsAtReturn),
        [] => throw new BpfException(new BpfError("PM8034", $"this kernel has no function to trace that `{spec.Hook.Target}` stands for") { Program = spec.Name, Hook = spec.Place }),
        var addresses => BpfLink.OfDescriptor(ProgramLink.ToFunctions(program.Descriptor, AttachType.Of(spec)!.Value, addresses, spec.IsAtReturn)),
    };

    /// <summary>To all functions of a file with names like that.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="BpfException">PM8039: there is none.</exception>
    public BpfLink AttachFile(BpfProgram program, ProgramSpec spec) => options.Files.FunctionsOf(spec.Hook) is var (path, offsets)
        ? BpfLink.OfDescriptor(ProgramLink.ToFile(program.Descriptor, AttachType.Of(spec)!.Value, path, offsets.AsSpan(), spec.IsAtReturn))
        : throw new BpfException(new BpfError("PM8039", options.Files.WhyNot(spec.Hook) ?? "the functions of its file cannot be read") { Program = spec.Name, Hook = spec.Place });

    /// <summary>To a place of netfilter.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static BpfLink AttachNetfilter(BpfProgram program, ProgramSpec spec) => NetfilterPlace.Parse(spec.Hook.Target) is { } place
        ? BpfLink.OfDescriptor(ProgramLink.ToNetfilter(program.Descriptor, AttachType.Netfilter, place.Family, place.Place, place.Priority))
        : program.Attach();
}

using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>How much a program is given by its hook, in numbers of 8 bytes: what it reads beyond, the verifier refuses. Source: btf_ctx_access of Linux.</summary>
static class HookArguments
{
    const int Slot = 8;

    /// <summary>Null where the hook gives something else, or its types are not known.</summary>
    public static int? Of(ProgramHook hook, KernelFacts kernel) => hook.Kind switch
    {
        // The first is for the kernel alone.
        HookKind.TypedTracepoint => kernel.Find(BtfKind.Typedef, KernelFacts.TracepointType + hook.Target)?.Resolve() is { Kind: BtfKind.Pointer } pointer ? Slots(pointer.Target.Resolve(), 1) : null,
        HookKind.Fentry => Function(hook, kernel) is { } function ? Slots(function.Target.Resolve(), 0) : null,
        // What the function returned comes last.
        HookKind.Fexit => Function(hook, kernel) is { } function ? Slots(function.Target.Resolve(), 0) + 1 : null,
        _ => null,
    };

    static BtfType? Function(ProgramHook hook, KernelFacts kernel) => FunctionPlace.Of(hook) is { } place ? kernel.FindFunction(place) : null;

    static int? Slots(BtfType prototype, int first)
    {
        if (prototype.Kind is not BtfKind.FunctionPrototype)
        {
            return null;
        }

        var slots = 0;
        foreach (var parameter in prototype.Parameters.Skip(first))
        {
            if (BtfLayout.SizeOf(parameter.Type) is not { } size)
            {
                return null;
            }

            slots += Math.Max(1, (int)((size + Slot - 1L) / Slot));
        }

        return slots;
    }
}

namespace Pm.Ebpf.Fitting;

enum ReachedKind
{
    /// <summary>A call of a helper of the kernel.</summary>
    Helper,

    /// <summary>A call of a function of the kernel.</summary>
    KernelFunction,

    /// <summary>It reads of what it is given, at the byte of that number.</summary>
    Context,

    /// <summary>A function of the object.</summary>
    Function,

    /// <summary>An instruction that depends on what the kernel's types do not have.</summary>
    Lacking,
}

namespace Pm.Ebpf.Loading;

/// <summary>The kernel does not run an object; <see cref="Error"/> says why.</summary>
#pragma warning disable CA1032 // The general constructors would allow an exception without a code.
public sealed class BpfException(BpfError error) : Exception(error.ToString())
#pragma warning restore CA1032
{
    public BpfError Error { get; } = error;
}

namespace Pm.Ebpf.Loading;

/// <summary>libbpf said no; what that means is decided where more is known. Never leaves the room.</summary>
#pragma warning disable CA1032, CA1064 // The general constructors would allow an exception without a number.
sealed class LibBpfException(string call, int errno, string log) : Exception($"{call}: {errno}")
#pragma warning restore CA1032, CA1064
{
    public string Call { get; } = call;

    public int Errno { get; } = errno;

    public string Log { get; } = log;
}

namespace Pm.Ebpf.Loading;

/// <summary>Why the kernel does not run an object, or one program of it, in words that name the true cause.</summary>
/// <param name="Code">"PMnnnn", explained by <c>pm explain</c>.</param>
/// <param name="Cause">Lower case, no full stop.</param>
public sealed record BpfError(string Code, string Cause)
{
    /// <summary>The program that is refused; null where it is the whole object.</summary>
    public string? Program { get; init; }

    /// <summary>The section that says its hook.</summary>
    public string? Hook { get; init; }

    /// <summary>The exact command that helps.</summary>
    public string? Hint { get; init; }

    /// <summary>What libbpf and the kernel said, whole.</summary>
    public string Log { get; init; } = "";

    /// <summary>The program, its hook and the cause, on one line.</summary>
    public override string ToString() => Program is null ? Cause : $"program `{Program}` ({Hook}): {Cause}";
}

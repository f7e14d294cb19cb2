namespace Ebpm;

/// <summary>How a run ended.</summary>
/// <param name="Code">The exit code, or 128 and the signal.</param>
/// <param name="Lost">Events that were dropped, as far as the kernel tells.</param>
public sealed record RunEnd(int Code, ulong Lost);

namespace Pm.Ebpf.Fitting;

/// <summary>What speaks against a program on a kernel, or leaves it open.</summary>
/// <param name="Verdict">No, or unknown.</param>
/// <param name="Code">"PMnnnn": what running it would say, explained by <c>pm explain</c>.</param>
/// <param name="Cause">Lower case, no full stop.</param>
public sealed record FitFinding(FitVerdict Verdict, string Code, string Cause)
{
    internal static FitFinding No(string code, string cause) => new(FitVerdict.No, code, cause);

    internal static FitFinding Open(string code, string cause) => new(FitVerdict.Unknown, code, cause);
}

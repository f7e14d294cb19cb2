namespace Pm.Ebpf.Eunomia;

/// <summary>What a command line says of a package's variables.</summary>
/// <param name="Values">As they were typed, or as the package has them, by the names of the variables.</param>
/// <param name="IsVerbose">What libbpf says is shown.</param>
public sealed record EunomiaArguments(IReadOnlyDictionary<string, string> Values, bool IsVerbose);

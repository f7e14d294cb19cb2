using System.Text.RegularExpressions;
using Pm.Ebpf;
using Pm.Ebpf.Objects;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Cli.Ebpf;

/// <summary>The kernels that an object's author says it is for. Distributions bring new things to old kernels, so that another kernel may run it all the same.</summary>
static partial class MeantKernels
{
    public const string Code = "PM8044";

    /// <summary>What speaks against a kernel; null: nothing, or its version is not known.</summary>
    /// <param name="spec">The object.</param>
    /// <param name="release">As <c>uname -r</c> writes it; null: not known.</param>
    /// <exception cref="EbpfFormatException">PM8022: what the object says is no requirement.</exception>
    public static string? Fault(BpfSpec spec, string? release)
    {
        if (spec.Notes.Linux.Length == 0)
        {
            return null;
        }

        if (!VersionRequirement.TryParse(spec.Notes.Linux, out var meant, out var fault))
        {
            throw new EbpfFormatException("PM8022", $"notes (.pm.notes): `linux`: {fault.Message}", spec.Where);
        }

        return release is not null && Numbers().Match(release) is { Success: true } numbers && PackageVersion.TryParse(numbers.Value, out var version) && !meant.Contains(version)
            ? $"it is for Linux {meant}, not {numbers.Value}"
            : null;
    }

    /// <summary>What distributions put behind them says nothing of the kernel: 6.1.0-18-amd64 is none before 6.1.0.</summary>
    [GeneratedRegex(@"^\d{1,9}(\.\d{1,9}){1,2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Pm.Ebpf.Fitting;

/// <summary>A kernel's version as programs compare it: <c>KERNEL_VERSION(6, 1, 76)</c>.</summary>
/// <param name="Code">The number.</param>
/// <param name="IsPatchOpen">Its lowest byte is not known.</param>
public readonly partial record struct LinuxVersion(int Code, bool IsPatchOpen = false)
{
    /// <summary>Of a text that begins with three numbers; null where it does not.</summary>
    public static LinuxVersion? Read(string text) => Numbers().Match(text) is { Success: true } match
        ? new LinuxVersion((Number(match, 1) << 16) + (Number(match, 2) << 8) + Math.Min(Number(match, 3), 255))
        : null;

    /// <summary>Of what <c>uname -r</c> writes. Distributions that call theirs 6.1.0-18 keep the third number to themselves; the others say it.</summary>
    public static LinuxVersion? OfRelease(string release) => Read(release) is { } version && (version.Code & 255) == 0 && Numbers().Match(release).Length < release.Length
        ? version with { IsPatchOpen = true }
        : Read(release);

    static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,3})\.(\d{1,3})\.(\d{1,5})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}

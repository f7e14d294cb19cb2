using System.Text.RegularExpressions;
using Pm.Packages;

namespace Pm.Cli.Export;

/// <summary>How the versions of others are written. What cannot be said there is refused: another version would be meant.</summary>
static partial class ExportVersion
{
    /// <summary>SemVer, as npm has it; <c>2.10</c> is 2.10.0.</summary>
    public static string? Npm(PackageVersion version) => version.IsSemantic ? version.Text
        : Numbers().IsMatch(version.Text) && version.Text.Split('.') is { Length: <= 3 } parts ? string.Join('.', parts.Concat(["0", "0"]).Take(3))
        : null;

    /// <summary>PEP 440: <c>1.0.0-rc.1</c> is 1.0.0rc1.</summary>
    public static string? Python(PackageVersion version)
    {
        var match = PreRelease().Match(version.Text);
        return Numbers().IsMatch(version.Text) ? version.Text
            : !match.Success ? null
            : match.Groups["core"].Value + match.Groups["kind"].Value switch { "alpha" => "a", "beta" => "b", _ => "rc" } + match.Groups["number"].Value;
    }

    /// <summary>RubyGems: letters make a pre-release; <c>1.0.0-rc.1</c> is 1.0.0.rc.1.</summary>
    public static string? Ruby(PackageVersion version) => Numbers().IsMatch(version.Text) ? version.Text
        : PreRelease().IsMatch(version.Text) ? version.Text.Replace('-', '.')
        : null;

    [GeneratedRegex(@"\A(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\A(?<core>[0-9]+\.[0-9]+\.[0-9]+)-(?<kind>alpha|beta|rc)\.(?<number>0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PreRelease();
}

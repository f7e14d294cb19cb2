using System.Buffers;
using System.Globalization;

namespace Pm.Storage.Planning;

/// <summary>
/// The names that files have beside their place during a transaction: <c>.pm-&lt;generation&gt;-&lt;sequence&gt;</c>. In the same
/// directory, because only there a rename is sure to stay on one file system.
/// </summary>
static class TemporaryName
{
    const string Prefix = ".pm-";

    static readonly SearchValues<char> Characters = SearchValues.Create("0123456789-");

    public static string Of(int generation, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation}-{sequence}");

    /// <summary>For file systems that cannot exchange two names: where the old file waits.</summary>
    public static string OldOf(int generation, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{generation}-{sequence}-0");

    public static bool IsOne(ReadOnlySpan<char> name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && name.Length > Prefix.Length
        && name[Prefix.Length..].ContainsAnyExceptInRange('0', '9')
        && !name[Prefix.Length..].ContainsAnyExcept(Characters);
}

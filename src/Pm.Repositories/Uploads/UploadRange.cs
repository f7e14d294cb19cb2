using System.Globalization;

namespace Pm.Repositories.Uploads;

/// <summary>Which part of an upload a request brings: <c>Content-Range: bytes A-B/N</c>, or all of it.</summary>
/// <param name="Offset">A.</param>
/// <param name="Total">N, in bytes; null: what comes until the end.</param>
public readonly record struct UploadRange(long Offset, long? Total)
{
    const string Unit = "bytes ";

    /// <summary>Of a request without <c>Content-Range</c>.</summary>
    public static UploadRange Whole(long? length) => new(0, length);

    /// <summary>Reads the header; its part must be as long as the body says it is.</summary>
    /// <exception cref="RepositoryException">PM5039: it is no such range.</exception>
    public static UploadRange Parse(string text, long? length)
    {
        if (text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)
            && text.IndexOf('-', StringComparison.Ordinal) is var dash and > 0
            && text.IndexOf('/', dash) is var slash and > 0
            && Number(text.AsSpan(Unit.Length, Math.Max(0, dash - Unit.Length))) is { } first
            && Number(text.AsSpan(dash + 1, slash - dash - 1)) is { } last
            && Number(text.AsSpan(slash + 1)) is { } total
            && first <= last && last < total && (length is null || length == last - first + 1))
        {
            return new UploadRange(first, total);
        }

        throw new RepositoryException("PM5039", $"Content-Range: expected `bytes A-B/N` as long as the body, got `{Trust.ShownText.Of(text)}`");
    }

    static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

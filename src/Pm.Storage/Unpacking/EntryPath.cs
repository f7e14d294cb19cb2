using Pm.Packages;

namespace Pm.Storage.Unpacking;

/// <summary>Judges the names in an archive.</summary>
static class EntryPath
{
    const int MaximumSegmentBytes = Pm.Linux.FileName.MaximumBytes;

    /// <summary>The path below the destination, without <c>.</c> and empty segments; "" for the destination itself.</summary>
    /// <exception cref="PackageFormatException">PM2212: it leads outside. PM2203: it is too long or too deep.</exception>
    public static string Judge(string name, UnpackOptions options, string where)
    {
        if (name.StartsWith('/'))
        {
            throw UnpackFault.Outside(where, "an absolute name");
        }

        if (name.Contains('\0'))
        {
            throw UnpackFault.Outside(where, "a NUL in a name");
        }

        var depth = 0;
        var isPlain = true;
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment is "..")
            {
                throw UnpackFault.Outside(where, "`..` in a name");
            }

            isPlain &= segment is not ("" or ".");
            if (segment.Length > MaximumSegmentBytes / 4 && PathText.ByteCount(segment.ToString()) > MaximumSegmentBytes)
            {
                throw UnpackFault.BeyondLimit(where, "bytes of one part of a name", MaximumSegmentBytes);
            }

            depth++;
        }

        if (depth > options.MaximumDepth)
        {
            throw UnpackFault.BeyondLimit(where, "directories above an entry", options.MaximumDepth);
        }

        return isPlain ? name : string.Join('/', name.Split('/').Where(s => s is not ("" or ".")));
    }

    /// <summary>The directory above; "" for the destination.</summary>
    public static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}

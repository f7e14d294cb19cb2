using System.Text;

namespace Pm.Packages.Far;

/// <summary>The rules for names in a FAR. Source: docs/formats/far.md.</summary>
static class FarName
{
    /// <summary>Why <paramref name="name"/> is none; null when it is one.</summary>
    public static string? Fault(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > ushort.MaxValue)
        {
            return "a name has 1 to 65535 bytes";
        }

        if (name.Contains((byte)0))
        {
            return "it has a NUL";
        }

        foreach (var range in name.Split((byte)'/'))
        {
            var segment = name[range];
            if (segment.IsEmpty)
            {
                return "it has an empty segment, or a slash at its start or end";
            }

            if (segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8))
            {
                return $"it has a segment `{Encoding.ASCII.GetString(segment)}`";
            }
        }

        return null;
    }
}

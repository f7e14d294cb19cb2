using System.Text;
using Pm.Packages.Tar;

namespace Pm.Archives.Tests.Tar;

/// <summary>Shows what a reader finds, one line an entry.</summary>
static class TarText
{
    public static string[] Read(byte[] archive, TarLimits? limits = null) =>
        Read(new MemoryStream(archive), limits);

    public static string[] Read(Stream archive, TarLimits? limits = null)
    {
        var reader = new TarReader(archive, limits ?? TarLimits.Default, "test.tar");
        var lines = new List<string>();
        while (reader.Next() is { } entry)
        {
            var content = new MemoryStream();
            reader.Data.CopyTo(content);
            Assert.Equal(entry.Size, content.Length);
            var text = content.Length < 200 ? Encoding.UTF8.GetString(content.ToArray()) : $"({content.Length})";
            lines.Add($"{entry.Kind} {entry.Path}" + (entry.LinkTarget is { } t ? $" -> {t}" : "") +
                (text.Length > 0 ? $" [{text}]" : ""));
        }

        return [.. lines];
    }
}

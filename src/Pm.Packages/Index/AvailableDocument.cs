using System.Text.Json;

namespace Pm.Packages.Index;

/// <summary><c>available.json</c>: every version of every package of a remote. Source: docs/formats/available-json.md.</summary>
public sealed class AvailableDocument
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaximumSize = 256 * 1024 * 1024;

    readonly AvailablePackage[] _packages;

    AvailableDocument(AvailablePackage[] sorted) => _packages = sorted;

    public static AvailableDocument Empty { get; } = new([]);

    /// <summary>By name, then from the oldest version to the newest.</summary>
    public IReadOnlyList<AvailablePackage> Packages => _packages;

    /// <exception cref="PackageFormatException">PM2015: one version of a package stands there twice.</exception>
    public static AvailableDocument Of(IEnumerable<AvailablePackage> packages, string where = "available.json")
    {
        var sorted = packages.ToArray();
        if (FirstNotAscending(sorted) is null)
        {
            return new AvailableDocument(sorted);
        }

        Array.Sort(sorted, static (a, b) => a.Id.CompareTo(b.Id));
        return FirstNotAscending(sorted) is { } twice
            ? throw new PackageFormatException("PM2015", $"{twice.Id} stands there twice", where)
            : new AvailableDocument(sorted);
    }

    /// <exception cref="PackageFormatException">PM2015: not such a document, or a member of another type or value.</exception>
    public static AvailableDocument Parse(ReadOnlySpan<byte> json, string where = "available.json") =>
        Of(AvailableReader.Read(json, where), where);

    /// <exception cref="PackageFormatException">PM2015: not such a document, or longer than is read.</exception>
    public static AvailableDocument Read(Stream json, string where = "available.json") =>
        Parse(LimitedRead.ToEnd(json, MaximumSize, "PM2015", where).Span, where);

    /// <summary>Writes compact JSON in one order: the same packages give the same bytes.</summary>
    public void Write(Stream target) => AvailableWriter.Write(target, _packages);

    /// <summary>Writes the members of one version, into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, AvailablePackage package) => AvailableWriter.Members(json, package);

    /// <summary>Writes what an index has, a package at a time.</summary>
    public static void Write(Stream target, RepositoryIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        AvailableWriter.Write(target, index.StartingWith("").SelectMany(name => index.Versions(name).Reverse()).Select(indexed => indexed.Package));
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        Write(bytes);
        return bytes.ToArray();
    }

    /// <summary>What pm writes is sorted already, and sorting costs more than reading.</summary>
    static AvailablePackage? FirstNotAscending(AvailablePackage[] packages)
    {
        for (var i = 1; i < packages.Length; i++)
        {
            if (packages[i].Id.CompareTo(packages[i - 1].Id) <= 0)
            {
                return packages[i];
            }
        }

        return null;
    }
}

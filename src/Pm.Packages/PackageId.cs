namespace Pm.Packages;

/// <summary>One version of one package.</summary>
public sealed record PackageId(PackageName Name, PackageVersion Version) : IComparable<PackageId>
{
    /// <summary><c>name-version</c> with <c>owner--name</c>: the stem of file names, never parsed back.</summary>
    /// <remarks>Not unique: <c>a</c> 1-2 and <c>a-1</c> 2 share it, so who stores by it must compare the identity too.</remarks>
    public string FileText => $"{Name.FileText}-{Version.Text}";

    public static bool TryParse(string? text, out PackageId? id)
    {
        var at = text?.IndexOf('@') ?? -1;
        id = at > 0 && PackageName.TryParse(text![..at], out var name) && PackageVersion.TryParse(text[(at + 1)..], out var version)
            ? new PackageId(name, version)
            : null;
        return id is not null;
    }

    /// <summary>Reads <c>name@version</c>.</summary>
    /// <exception cref="PackageFormatException">PM2001, PM2002: the name or the version is not one.</exception>
    public static PackageId Parse(string text)
    {
        var at = text.IndexOf('@');
        return at >= 0
            ? new PackageId(PackageName.Parse(text[..at]), PackageVersion.Parse(text[(at + 1)..]))
            : throw new PackageFormatException("PM2001", $"package {Shown.Quote(text)}: expected name@version");
    }

    public int CompareTo(PackageId? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Name.CompareTo(other.Name);
        return order != 0 ? order : Version.CompareTo(other.Version);
    }

    public override string ToString() => $"{Name.Text}@{Version.Text}";

    public static bool operator <(PackageId left, PackageId right) => left.CompareTo(right) < 0;

    public static bool operator >(PackageId left, PackageId right) => left.CompareTo(right) > 0;

    public static bool operator <=(PackageId left, PackageId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PackageId left, PackageId right) => left.CompareTo(right) >= 0;
}

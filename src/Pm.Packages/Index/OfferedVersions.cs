namespace Pm.Packages.Index;

/// <summary>The versions of a name in an index, newest first, looked at one by one: what nobody asks about is not read.</summary>
public sealed class OfferedVersions
{
    readonly RepositoryIndex _index;
    readonly string? _remote;
    readonly int _number;
    readonly int _first;
    readonly PackageVersion?[] _versions;
    readonly VersionStanding?[] _standing;

    internal OfferedVersions(RepositoryIndex index, PackageName name, int number, string? remote)
    {
        (_index, Name, _number, _remote) = (index, name, number, remote);
        (_first, var end) = index.VersionsOf(number);
        _versions = new PackageVersion?[end - _first];
        _standing = new VersionStanding?[_versions.Length];
    }

    public PackageName Name { get; }

    public int Count => _versions.Length;

    /// <summary>All about a version.</summary>
    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public AvailablePackage this[int index] => Indexed(index).Package is var package && _remote is null ? package : package with { Remote = _remote };

    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public VersionStanding Standing(int index) => _standing[index] ??= _index.StandingOf(_number, Name, _first + index);

    /// <summary>What a version needs.</summary>
    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public OfferedNeeds Needs(int index) => _index.NeedsOf(_number, Name, _first + index);

    /// <exception cref="PackageFormatException">PM2018: it is damaged.</exception>
    public PackageVersion Version(int index) => _versions[index] ??= _index.VersionOf(_number, Name, _first + index);

    /// <summary>Where a version stands that is written so; −1: nowhere. Found by halving.</summary>
    /// <exception cref="PackageFormatException">PM2018: what is looked at is damaged.</exception>
    public int IndexOf(PackageVersion version)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Version(middle).CompareTo(version);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order > 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    internal IndexedPackage Indexed(int index) => _index.Read(_number, Name, _first + index);
}

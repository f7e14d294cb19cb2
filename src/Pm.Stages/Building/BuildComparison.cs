using System.Globalization;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Storage.Packing;

namespace Pm.Stages.Building;

/// <summary>Says in what two builds of one source differ.</summary>
public static class BuildComparison
{
    /// <summary>The first difference by path; null: they are the same package.</summary>
    public static string? FirstDifference(BuiltPackage first, BuiltPackage second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Package.Hash == second.Package.Hash)
        {
            return null;
        }

        var (ours, theirs) = (ByPath(first.Package), ByPath(second.Package));
        foreach (var path in ours.Keys.Union(theirs.Keys).Order(PathOrder.Bytes))
        {
            if (Difference(ours.GetValueOrDefault(path), theirs.GetValueOrDefault(path)) is { } difference)
            {
                return $"{PathText.Show(path)}: {difference}";
            }

            if (ours[path] is { Kind: EntryKind.File } file && file.Root != theirs[path].Root)
            {
                return $"{PathText.Show(path)}: {ContentDifference(first, file.Root, second, theirs[path].Root)}";
            }
        }

        var (said, saidToo) = (first.Package.MetaFiles, second.Package.MetaFiles);
        var name = said.Keys.Union(saidToo.Keys).Order(PathOrder.Bytes)
            .First(n => !said.TryGetValue(n, out var one) || !saidToo.TryGetValue(n, out var other) || !one.Span.SequenceEqual(other.Span));
        return $"{PathText.Show(name)}: what the package says differs";
    }

    static Dictionary<string, PackageEntry> ByPath(Package package) => package.Entries.ToDictionary(e => e.Path, StringComparer.Ordinal);

    static string? Difference(PackageEntry? ours, PackageEntry? theirs) => (ours, theirs) switch
    {
        (null, _) => "only the second build made it",
        (_, null) => "only the first build made it",
        _ when ours.Kind != theirs.Kind => $"{Kind(ours)}, then {Kind(theirs)}",
        _ when ours.Target != theirs.Target => $"a link to {PathText.Show(ours.Target!)}, then to {PathText.Show(theirs.Target!)}",
        _ when ours.Mode != theirs.Mode => $"mode {Octal(ours.Mode)}, then {Octal(theirs.Mode)}",
        _ => null,
    };

    static string Kind(PackageEntry entry) => entry.Kind switch { EntryKind.File => "a file", EntryKind.Directory => "a directory", _ => "a link" };

    static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    static string ContentDifference(BuiltPackage first, MerkleRoot ours, BuiltPackage second, MerkleRoot theirs)
    {
        using var one = new ScratchBlobs(Path.GetDirectoryName(first.File)!);
        using var other = new ScratchBlobs(Path.GetDirectoryName(second.File)!);
        Expand(first, one);
        Expand(second, other);
        using var left = new BufferedStream(one.Open(ours));
        using var right = new BufferedStream(other.Open(theirs));
        for (var offset = 0L; ; offset++)
        {
            var (a, b) = (left.ReadByte(), right.ReadByte());
            if (a != b)
            {
                return string.Create(CultureInfo.InvariantCulture, $"it differs at byte {offset}: {Byte(a)}, then {Byte(b)}");
            }
        }
    }

    static string Byte(int value) => value < 0 ? "the end" : string.Create(CultureInfo.InvariantCulture, $"0x{value:x2}");

    static void Expand(BuiltPackage built, ScratchBlobs blobs)
    {
        using var archive = PkgArchive.Open(File.OpenRead(built.File), built.File);
        _ = archive.Expand(blobs);
    }
}

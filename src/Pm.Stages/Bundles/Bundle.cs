using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Tar;
using Pm.Stages.Changes;

namespace Pm.Stages.Bundles;

/// <summary>
/// One file with packages and all that they need, for a machine without a network: a tar of <c>.pkg</c> files. Nothing in it is
/// believed because it is in it: each package is judged by its own signature.
/// </summary>
/// <remarks>Source: docs/formats/bundle.md.</remarks>
/// <param name="Asked">What was named when it was made.</param>
/// <param name="Needed">What that needs.</param>
public sealed record Bundle(ImmutableArray<LocalFile> Asked, ImmutableArray<LocalFile> Needed)
{
    internal const string AskedFolder = "asked/";
    internal const string NeededFolder = "needed/";
    const string Suffix = ".pkg";

    /// <summary>More packages than any root has.</summary>
    const int MaximumPackages = 100_000;

    public ImmutableArray<LocalFile> All => [.. Asked, .. Needed];

    /// <summary>Reads which packages there are. Nothing is unpacked.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">The file in messages.</param>
    /// <exception cref="PackageFormatException">PM2320: not a bundle; others: a package in it is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Bundle Read(string path, string name)
    {
        var limits = TarLimits.Default with { MaximumEntries = MaximumPackages, RefusesTrailingData = true };
        var (asked, needed) = (ImmutableArray.CreateBuilder<LocalFile>(), ImmutableArray.CreateBuilder<LocalFile>());
        using var source = File.OpenRead(path);
        var reader = new TarReader(source, limits, name);
        while (reader.Next() is { } entry)
        {
            var group = entry switch
            {
                { Kind: not TarEntryKind.File } or { IsSparse: true } => null,
                _ when IsIn(AskedFolder, entry.Path) => asked,
                _ when IsIn(NeededFolder, entry.Path) => needed,
                _ => null,
            };
            (group ?? throw Fault(name, $"expected asked/NAME.pkg and needed/NAME.pkg, got {PathText.Show(entry.Path)}"))
                .Add(LocalFile.Read(path, $"{name}: {PathText.Show(entry.Path)}", (reader.DataOffset, entry.Size)));
        }

        if (!reader.HasEndMark)
        {
            throw Fault(name, "it is cut off");
        }

        return asked.Count > 0 ? new Bundle(asked.ToImmutable(), needed.ToImmutable()) : throw Fault(name, "it holds no package");
    }

    static bool IsIn(string folder, string path) => path.StartsWith(folder, StringComparison.Ordinal)
        && path.EndsWith(Suffix, StringComparison.Ordinal) && path.IndexOf('/', folder.Length) < 0;

    static PackageFormatException Fault(string name, string what) => new(
        "PM2320", $"not a bundle: {what}", name, what.EndsWith($"got {Projects.Project.LockName}", StringComparison.Ordinal) ? "it is of a project: `pm fetch --bundle FILE` there" : null);
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pm.Blobs;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Packages.Locks;

/// <summary>Reads a lockfile. It is in version control, where people merge it: every fault names key and place.</summary>
sealed class LockfileReader
{
    const string MergeHint = "take one side whole, then `pm lock`";

    // Many packages are of the same remote, signed by the same key, and need the same of the same: each text is read once.
    readonly KnownTexts<string> _lines = new(static text => text);
    readonly KnownTexts<RemoteSource> _sources = new(static text => new RemoteSource(text));
    readonly KnownTexts<LockedNeed> _needs = new(static text => LockedNeed.TryParse(text, isPrivate: false));
    readonly KnownTexts<LockedNeed> _privateNeeds = new(static text => LockedNeed.TryParse(text, isPrivate: true));

    public static Lockfile Read(ReadOnlyMemory<byte> utf8, string file)
    {
        try
        {
            return new LockfileReader().Read(TomlDocument.Read(utf8, file, new TomlLimits { Size = Lockfile.MaximumSize }));
        }
        catch (PackageFormatException e) when (e.Code is "PM2110" or "PM2001" or "PM2002" or "PM2004")
        {
            var own = e.Where is { } where && e.Message.StartsWith($"{where}: ", StringComparison.Ordinal) ? e.Message[(where.Length + 2)..] : e.Message;
            throw new PackageFormatException("PM2112", own, e.Where, MergeHint);
        }
    }

    Lockfile Read(TomlDocument document)
    {
        var root = new ManifestTable(document, document.Root, "", isOurs: true);
        var format = root.Required("format");
        if (format.Value.Kind is not TomlKind.Integer)
        {
            throw root.Wrong(format, format.Value, "a number");
        }

        if (format.Value.Integer is var number and not Lockfile.Format)
        {
            throw document.Fault("PM2113", $"the lockfile has format {number}, this pm knows {Lockfile.Format}", format.Value.Span, "take a newer pm");
        }

        var remotes = root.Tables("remote").Select(Remote).ToList();
        var packages = new List<LockedPackage>(root.Ask("package") is { Value.Kind: TomlKind.Array } all ? all.Value.Array.Count : 0);
        HashSet<(string, PackageName)>? seen = null;
        foreach (var table in root.Tables("package"))
        {
            var package = Package(table);
            // As long as they are in order, as pm writes them, none is there twice.
            if (seen is not null || (packages.Count > 0 && Lockfile.Compare(packages[^1], package) >= 0))
            {
                seen ??= [.. packages.Select(p => (p.Tree, p.Id.Name))];
                if (!seen.Add((package.Tree, package.Id.Name)))
                {
                    throw table.Fault(table.Required("name"), $"{package.Id.Name} is there twice");
                }
            }

            packages.Add(package);
        }

        return new Lockfile(remotes, packages);
    }

    static LockedRemote Remote(ManifestTable table) =>
        new(table.RequiredLine("name"), table.RequiredLine("url"), table.Line("root"));

    LockedPackage Package(ManifestTable table) => new()
    {
        Id = new PackageId(table.Parsed(table.Required("name"), PackageName.Parse), table.Version(table.Required("version"))),
        Tree = Line(table, "for") ?? "",
        Source = Source(table),
        Hash = table.Ask("hash") is { } hash ? Hash(table, hash) : null,
        Size = table.Ask("size") is { } size
            ? size.Value.Kind is TomlKind.Integer && size.Value.Integer >= 0 ? size.Value.Integer : throw table.Wrong(size, size.Value, "a number of bytes")
            : null,
        Signer = Digits(table, "signer", 40),
        Commit = Digits(table, "commit", 40, 64),
        SourceTree = table.Line("tree"),
        Needs = Needs(table),
        Equivalents = Equivalents(table),
    };

    string? Line(ManifestTable table, string key) => table.Ask(key) is { } entry ? table.Known(entry, entry.Value, _lines) : null;

    /// <summary>Most packages are of a remote, and say nothing else of their source.</summary>
    PackageSource Source(ManifestTable table) =>
        table.Ask("remote") is { } remote && !(table.Has("git") || table.Has("url") || table.Has("path") || table.Has("source"))
            ? table.Known(remote, remote.Value, _sources)!
            : DependencySource.Read(table, table.Required("name"), isPatch: true);

    static MerkleRoot Hash(ManifestTable table, TomlEntry entry)
    {
        Span<char> buffer = stackalloc char[2 * MerkleRoot.Size];
        return MerkleRoot.TryParse(table.Characters(entry, buffer), null, out var hash)
            ? hash
            : throw table.Fault(entry, "expected a package hash: 64 hexadecimal digits");
    }

    ImmutableArray<LockedNeed> Needs(ManifestTable table)
    {
        var shared = table.Array("needs");
        var apart = table.Array("private");
        var needs = new LockedNeed[(shared?.Value.Array.Count ?? 0) + (apart?.Value.Array.Count ?? 0)];
        var rest = needs.AsSpan();
        Fill(ref rest, table, shared, _needs);
        Fill(ref rest, table, apart, _privateNeeds);
        return ImmutableCollectionsMarshal.AsImmutableArray(needs);
    }

    static void Fill(ref Span<LockedNeed> rest, ManifestTable table, TomlEntry? array, KnownTexts<LockedNeed> known)
    {
        if (array is not { } entry)
        {
            return;
        }

        foreach (var item in entry.Value.Array.Items)
        {
            rest[0] = table.Known(entry, item, known) ?? throw table.Fault(entry, $"{Shown.Quote(item.Text)} is no package with a requirement");
            rest = rest[1..];
        }
    }

    static ImmutableArray<PackageVersion> Equivalents(ManifestTable table)
    {
        if (table.Array("equals") is not { } entry)
        {
            return [];
        }

        var versions = ImmutableArray.CreateBuilder<PackageVersion>(entry.Value.Array.Count);
        foreach (var text in table.Lines(entry))
        {
            versions.Add(table.Parsed(text, entry.Value.Span, PackageVersion.Parse));
        }

        return versions.MoveToImmutable();
    }

    /// <summary>A hash of another program: it becomes an argument of git, so it is nothing but digits.</summary>
    string? Digits(ManifestTable table, string key, params ReadOnlySpan<int> lengths)
    {
        if (Line(table, key) is not { } text)
        {
            return null;
        }

        foreach (var length in lengths)
        {
            if (text.Length == length && text.All(char.IsAsciiHexDigit))
            {
                return text;
            }
        }

        throw table.Fault(table.Required(key), $"expected {string.Join(" or ", lengths.ToArray())} hexadecimal digits");
    }
}

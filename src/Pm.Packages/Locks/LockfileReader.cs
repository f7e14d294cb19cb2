using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Packages.Locks;

/// <summary>Reads a lockfile. It is in version control, where people merge it: every fault names key and place.</summary>
static class LockfileReader
{
    const string MergeHint = "take one side whole, then `pm lock`";

    public static Lockfile Read(ReadOnlyMemory<byte> utf8, string file)
    {
        try
        {
            return Read(TomlDocument.Read(utf8, file, new TomlLimits { Size = Lockfile.MaximumSize }));
        }
        catch (PackageFormatException e) when (e.Code is "PM2110" or "PM2001" or "PM2002" or "PM2004")
        {
            var own = e.Where is { } where && e.Message.StartsWith($"{where}: ", StringComparison.Ordinal) ? e.Message[(where.Length + 2)..] : e.Message;
            throw new PackageFormatException("PM2112", own, e.Where, MergeHint);
        }
    }

    static Lockfile Read(TomlDocument document)
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
        var packages = new List<LockedPackage>();
        var seen = new HashSet<(string, PackageName)>();
        var needs = new Dictionary<(string, bool), LockedNeed?>();
        foreach (var table in root.Tables("package"))
        {
            var package = Package(table, needs);
            packages.Add(seen.Add((package.Tree, package.Id.Name))
                ? package
                : throw table.Fault(table.Required("name"), $"{package.Id.Name} is there twice"));
        }

        return new Lockfile(remotes, packages);
    }

    static LockedRemote Remote(ManifestTable table) =>
        new(table.RequiredLine("name"), table.RequiredLine("url"), table.Line("root"));

    static LockedPackage Package(ManifestTable table, Dictionary<(string, bool), LockedNeed?> needs)
    {
        var name = table.Parsed(table.Required("name"), PackageName.Parse);
        return new LockedPackage
        {
            Id = new PackageId(name, table.Version(table.Required("version"))),
            Tree = table.Line("for") ?? "",
            Source = Source(table),
            Hash = table.Ask("hash") is { } hash
                ? MerkleRoot.TryParse(table.RequiredLine("hash"), null, out var root) ? root : throw table.Fault(hash, "expected a package hash: 64 hexadecimal digits")
                : null,
            Size = table.Ask("size") is { } size
                ? size.Value.Kind is TomlKind.Integer && size.Value.Integer >= 0 ? size.Value.Integer : throw table.Wrong(size, size.Value, "a number of bytes")
                : null,
            Signer = Digits(table, "signer", 40),
            Commit = Digits(table, "commit", 40, 64),
            SourceTree = table.Line("tree"),
            Needs = [.. Needs(table, "needs", isPrivate: false, needs), .. Needs(table, "private", isPrivate: true, needs)],
            Equivalents = [.. table.Lines("equals").Select(text => table.Parsed(text, table.Required("equals").Value.Span, PackageVersion.Parse))],
        };
    }

    /// <summary>Most packages are of a remote, and say nothing else of their source.</summary>
    static PackageSource Source(ManifestTable table) =>
        table.Line("remote") is { } remote && !(table.Has("git") || table.Has("url") || table.Has("path") || table.Has("source"))
            ? new RemoteSource(remote)
            : DependencySource.Read(table, table.Required("name"), isPatch: true);

    /// <summary>Many need the same of the same: each text is read once.</summary>
    static ImmutableArray<LockedNeed> Needs(ManifestTable table, string key, bool isPrivate, Dictionary<(string, bool), LockedNeed?> known)
    {
        var lines = table.Lines(key);
        var needs = ImmutableArray.CreateBuilder<LockedNeed>(lines.Length);
        foreach (var text in lines)
        {
            if (!known.TryGetValue((text, isPrivate), out var need))
            {
                known.Add((text, isPrivate), need = LockedNeed.TryParse(text, isPrivate));
            }

            needs.Add(need ?? throw table.Fault(table.Required(key), $"{Shown.Quote(text)} is no package with a requirement"));
        }

        return needs.MoveToImmutable();
    }

    /// <summary>A hash of another program: it becomes an argument of git, so it is nothing but digits.</summary>
    static string? Digits(ManifestTable table, string key, params ReadOnlySpan<int> lengths)
    {
        if (table.Line(key) is not { } text)
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
